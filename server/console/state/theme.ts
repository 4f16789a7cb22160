import { readonly, ref } from 'vue';

export type Theme = 'light' | 'dark';

const current = ref<Theme>(document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');

/** The theme in force; theme.js chose it before the first paint. */
export const theme = readonly(current);

/** Changes the theme and remembers it in this browser. */
export function setTheme(next: Theme): void {
  current.value = next;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem('kepu-theme', next);
  } catch {
    // Storage is switched off: the choice lasts until the page is closed.
  }
}

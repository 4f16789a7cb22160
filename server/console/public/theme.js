// Runs before the first paint, so that a dark console never flashes white. Its own file: the page allows no inline script.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('kepu-theme');
  } catch {
    // Storage is switched off in this browser: follow the system.
  }
  if (theme !== 'light' && theme !== 'dark')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();

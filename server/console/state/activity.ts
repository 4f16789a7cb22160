import { me } from './session.ts';

/**
 * When a person last touched the page. Pages that refresh themselves would otherwise keep a session
 * alive for ever beside an empty chair; they stop when the center would count the person as gone.
 */
let lastMs = Date.now();
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'focus'])
  window.addEventListener(
    event,
    () => {
      lastMs = Date.now();
    },
    { passive: true, capture: true },
  );

/** Whether somebody touched the page within the center's idle limit. */
export function isPersonThere(): boolean {
  return Date.now() - lastMs < (me.value?.idleMinutes ?? 30) * 60_000;
}

import type { Engine } from '../engine/engine.ts';

/** What a shell's process tells a parent that forked it. */
export type ShellMessage =
  | {
      readonly kind: 'started';
      readonly device: string;
      readonly stageUrl: string | null;
      readonly note: string;
    }
  /** A new code is on the glass. */
  | { readonly kind: 'pairing'; readonly device: string; readonly code: string }
  | { readonly kind: 'claimed'; readonly device: string; readonly screen: string };

const LOOK_MS = 250;

/**
 * Tells that a player started, and from then on each new pairing code and each claim.
 * @returns how to stop that.
 */
export function announce(engine: Engine, note: string, tell: (message: ShellMessage) => void): () => void {
  const { device, stageUrl } = engine;
  tell({ kind: 'started', device, stageUrl, note });
  let saidCode: string | null = null;
  let saidScreen: string | null = null;
  const look = () => {
    const { pairingCode, screen } = engine.status();
    if (pairingCode !== null && pairingCode !== saidCode)
      tell({ kind: 'pairing', device, code: pairingCode });
    if (screen !== null && screen !== saidScreen) tell({ kind: 'claimed', device, screen });
    saidCode = pairingCode;
    saidScreen = screen;
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  return () => clearInterval(timer);
}

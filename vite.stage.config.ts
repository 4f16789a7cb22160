import { defineConfig } from 'vite';

/**
 * The page on the glass. Served by the engine on loopback under a strict content policy, so
 * nothing is inlined; targets the Chromium that the shells bring or find.
 */
export default defineConfig({
  root: 'player/stage',
  base: './',
  clearScreen: false,
  build: {
    outDir: '../../dist/stage',
    emptyOutDir: true,
    target: 'chrome110',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
  },
});

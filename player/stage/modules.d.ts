/// <reference types="vite/client" />

/** The build without captions, encryption and alternate audio; hls.js ships its types with the full build only. */
declare module 'hls.js/light' {
  export { default as Hls } from 'hls.js';
}

// The plain `tsc` of the whole project does not look into .vue files; `vue-tsc` does and ignores this.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  // oxlint-disable-next-line import/no-default-export
  export default component;
}
declare module '*.css' {}

/** The build without captions, encryption and alternate audio; hls.js ships its types with the full build only. */
declare module 'hls.js/light' {
  export { default as Hls } from 'hls.js';
}

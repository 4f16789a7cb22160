// The plain `tsc` of the whole project does not look into .vue files; `vue-tsc` does and ignores this.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  // oxlint-disable-next-line import/no-default-export
  export default component;
}
declare module '*.css' {}

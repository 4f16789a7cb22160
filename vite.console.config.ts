import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Names the long-lived chunks, so that a change to a page leaves the libraries cached. */
function chunkOf(id: string): string | null {
  if (/node_modules\/(echarts|zrender|vue-echarts|resize-detector)\//.test(id)) return 'charts';
  if (
    /node_modules\/(element-plus|@element-plus|@floating-ui|@popperjs|dayjs|async-validator|lodash)/.test(id)
  )
    return 'element';
  if (/node_modules\/(@vue|vue|vue-router)\//.test(id)) return 'vue';
  if (/node_modules\/(zod|@noble)\//.test(id)) return 'rules';
  if (/node_modules\/(socket\.io|engine\.io)/.test(id)) return 'socket';
  return null;
}

/** Builds the web console to `dist/console`; the center serves it at `/`. */
export default defineConfig({
  root: 'server/console',
  plugins: [vue()],
  // Two hosts of one page: the dev server hands API and socket on to a center that runs beside it.
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/socket.io': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: (id) => chunkOf(id), debugName: 'libraries' }] } },
    },
  },
});

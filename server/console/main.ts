import './element.ts';
import './look.css';
import './console.css';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';

const app = createApp(App).use(router);
// Mounted once the first page is known, so that the frame never stands around nothing.
await router.isReady();
app.mount('#app');

import { ensureSystemParts } from './setup/system-parts.ts';

/** `npm run system-parts`: installs ffmpeg, Chromium and a Chinese font where it can, else says how. */
const missing = await ensureSystemParts((line) => console.log(line));
console.log(missing.length === 0 ? '系统部件齐了' : `还缺 ${missing.join('、')}`);

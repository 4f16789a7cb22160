import { buildPages } from './setup/build.ts';

/** `npm run build [-- --force | --quiet]`: builds the console and the stage into dist/. */
try {
  await buildPages((line) => console.log(line), { force: process.argv.includes('--force') });
  if (!process.argv.includes('--quiet')) console.log('dist/ 是新的');
} catch (error) {
  // Vite's message names the file and line; its stack is about Vite.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

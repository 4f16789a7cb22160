import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../shared/core/errors.ts';

const NOT_BUILT = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>科普大屏播控系统</title></head>
<body style="font-family:sans-serif;margin:10vh auto;max-width:40em;line-height:1.7">
<h1>控制台还没有构建</h1>
<p>播控中心在运行，接口可用。运行一次 <code>npm run build</code>，再重启播控中心。</p>
<p>The center is running, its API answers. Run <code>npm run build</code> once, then restart it.</p>
</body></html>`;

/**
 * The console's files at `/`; paths without a file ending are its pages and answer index.html. Vite
 * names what is under `assets/` by content, so browsers keep those for good.
 */
export async function serveConsole(http: FastifyInstance, folder: string): Promise<void> {
  // Built while the center runs, it is there after the next start.
  const built = existsSync(join(folder, 'index.html'));
  if (built) await http.register(staticFiles, { root: folder, serve: false, cacheControl: false });
  http.get('/*', { config: { access: { kind: 'public' } } }, async (request, reply) => {
    const path = decodeURI(request.url.split('?')[0] ?? '/');
    if (path === '/api' || path.startsWith('/api/')) throw new AppError('NOT_FOUND', { what: path });
    if (!built) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    if (extname(path) !== '') {
      const forGood = path.startsWith('/assets/');
      reply.header('cache-control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache');
      return reply.sendFile(path.slice(1));
    }
    reply.header('cache-control', 'no-cache');
    return reply.sendFile('index.html');
  });
}

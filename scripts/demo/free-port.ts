import { createServer } from 'node:net';

/** How many ports above the wanted one are tried before any free one is taken. */
const TRIES = 50;

/** The first port from `wanted` on that nobody listens on at 127.0.0.1; any free one where none of those is, or for 0. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port > 0 && port <= Math.min(65_535, wanted + TRIES); port += 1)
    if ((await tryPort(port)) !== null) return port;
  const any = await tryPort(0);
  if (any === null) throw new Error('127.0.0.1 上一个端口也开不了');
  return any;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}

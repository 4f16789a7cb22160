import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Asks for the port before anything is made that is shown only once (the first password).
 * @throws the system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL) where it cannot be listened on
 */
export async function demandFreePort(at: { readonly host: string; readonly port: number }): Promise<void> {
  const server = createServer();
  server.listen({ ...at, exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

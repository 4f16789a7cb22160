import { io } from 'socket.io-client';
import { PLAYER_NAMESPACE } from '../../../shared/screen/protocol.ts';
import type { CenterLink, LinkSocket } from '../ports.ts';

const MESSAGES = ['challenge', 'assignment', 'denials', 'dismissed'] as const;

/**
 * The real link: Socket.IO over WebSocket only, one connection per `open`. Reconnecting is the
 * session's business, which knows why the last one ended.
 */
export function socketLink(centerUrl: string): CenterLink {
  return {
    open(events): LinkSocket {
      const socket = io(`${centerUrl}${PLAYER_NAMESPACE}`, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        timeout: 15_000,
      });
      let closed = false;
      const close = (reason: string) => {
        if (closed) return;
        closed = true;
        socket.removeAllListeners();
        socket.disconnect();
        events.closed(reason);
      };
      for (const event of MESSAGES)
        socket.on(event, (payload: unknown, ack: unknown) => {
          const answer = (result: unknown) => {
            if (!closed && typeof ack === 'function') ack(result);
          };
          if (!closed) events.message(event, payload, answer);
        });
      socket.on('connect_error', (error) => close(error.message));
      socket.on('disconnect', (reason) => close(reason));
      return {
        request: (event, payload, timeoutMs) =>
          socket.timeout(timeoutMs).emitWithAck(event, ...payload) as Promise<unknown>,
        close: () => close('closed here'),
      };
    },
  };
}

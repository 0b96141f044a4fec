import type { Server, Socket } from 'node:net';

/**
 * Node makes an error with a stack trace for each unanswered request of a connection that closes, and nobody reads the trace. While thousands of clients
 * came and went, the traces took a fifth of the thread that takes commands (`npm run hostile`). So no trace is made while a connection closes.
 */
export function forgoTracesOfAborted(server: Server): void {
  server.on('connection', (socket: Socket) => {
    const { stackTraceLimit } = Error;
    socket.prependListener('close', () => {
      Error.stackTraceLimit = 0;
    });
    socket.on('close', () => {
      Error.stackTraceLimit = stackTraceLimit;
    });
  });
}

/** A client that sends bytes over a socket exactly as given, valid HTTP or not. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export type RawAnswer = { status: number; headers: Record<string, string>; body: string };

/** Listens on a free port of loopback, once. */
export async function portOf(application: NestFastifyApplication): Promise<number> {
  const server = application.getHttpServer();
  if (!server.listening) await application.listen(0, '127.0.0.1');
  return (server.address() as AddressInfo).port;
}

/** A connection on which a text was sent. Its errors are ignored: tests look at what was received until it closed. */
export function sendOn(port: number, text: string, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.write(text, 'latin1');
  return socket;
}

/** Everything that arrives until a condition holds, or the connection closes. */
export function received(socket: Socket, enough: (text: string) => boolean = () => false): Promise<string> {
  return new Promise((done) => {
    let text = '';
    socket.on('data', (some: Buffer) => {
      text += some.toString('latin1');
      if (enough(text)) done(text);
    });
    socket.on('close', () => {
      done(text);
    });
  });
}

/** The first answer in a text. */
export function answerIn(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => line.split(': ', 2)).map(([name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const body = text.slice(end + 4);
  return { status: Number(first.split(' ')[1]), headers, body: body.slice(0, Number(headers['content-length'] ?? body.length)) };
}
/** Whether a text holds a whole answer. */
export function isWhole(text: string): boolean {
  const { headers } = answerIn(text);
  return text.includes('\r\n\r\n') && text.length - text.indexOf('\r\n\r\n') - 4 >= Number(headers['content-length'] ?? Infinity);
}

/** Sends one request and resolves with its answer. */
export async function askRaw(port: number, text: string): Promise<RawAnswer> {
  const socket = sendOn(port, text);
  const answer = answerIn(await received(socket, isWhole));
  socket.destroy();
  return answer;
}

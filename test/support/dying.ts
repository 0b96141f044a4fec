/**
 * Loaded into a service before its own code (`--import`): after SIGUSR2 the process ends itself, as by `kill -9`, at the moment that `DIES` names. It
 * watches the bytes on its sockets, so the service is exactly the one that is built.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

/**
 * `before`: the request has not been sent; `sent`: it has been sent, with unknown outcome; `answered`: it is done, and the process does not know that
 * yet. Then the request: of a Kafka transaction `Produce` or `EndTxn`, of MongoDB the command with the collection's last name.
 */
const [when = '', ...what] = (process.env['DIES'] ?? '').split(' ');
const moment = what.join(' ');
const opMessage = 2013;
const ofKafka = new Map([
  [0, 'Produce'],
  [26, 'EndTxn'],
]);

let told = false;
// The main thread receives signals and sends all requests to servers.
if (isMainThread) {
  process.on('SIGUSR2', () => {
    told = true;
  });
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, ...written: unknown[]): boolean {
    const isMoment = told && written[0] instanceof Uint8Array && askedIn(Buffer.from(written[0])) === moment;
    if (isMoment && when === 'before') die();
    // A connection has one request at a time, so the next bytes are its answer.
    if (isMoment && when === 'answered') this.prependOnceListener('data', die);
    return Boolean(Reflect.apply(write, this, isMoment && when === 'sent' ? [...written, die] : written));
  };
}

function die(): void {
  writeSync(2, `ends now: ${when} ${moment}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** The request in a frame of Kafka's or MongoDB's protocol. */
function askedIn(frame: Buffer): string | undefined {
  if (frame.length > 16 && frame.readInt32BE(0) === frame.length - 4) return askedOfKafka(frame);
  if (frame.length > 32 && frame.readInt32LE(0) === frame.length && frame.readInt32LE(12) === opMessage) return askedOfMongo(frame);
  return undefined;
}

function askedOfKafka(frame: Buffer): string | undefined {
  const name = ofKafka.get(frame.readInt16BE(4));
  const afterClient = 14 + Math.max(0, frame.readInt16BE(12));
  // Produce requests outside transactions are commands for the inbox.
  return name === 'Produce' && frame.readInt16BE(afterClient) < 0 ? undefined : name;
}

/** The first field of the first section: the command, and the collection it is for. */
function askedOfMongo(frame: Buffer): string | undefined {
  const command = textAt(frame, 26);
  const collection = textAt(frame, 26 + command.length + 1 + 4);
  return `${command} ${collection.slice(collection.lastIndexOf('.') + 1)}`;
}
function textAt(frame: Buffer, at: number): string {
  return frame.toString('latin1', at, frame.indexOf(0, at));
}

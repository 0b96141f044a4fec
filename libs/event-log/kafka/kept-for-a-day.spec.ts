import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { KafkaConnection } from '../../kafka-client/connection.js';
import { KeptForADay, notKept } from './kept-for-a-day.js';

describe('an outcome that an owner keeps for a day at a broker that does not answer', () => {
  const sockets: Socket[] = [];
  let server: Server;
  let connection: KafkaConnection;
  let kept: KeptForADay;
  beforeEach(async () => {
    server = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    connection = new KafkaConnection({ brokers: [`127.0.0.1:${port}`], prefix: 'p', clientId: 'spec' });
    kept = new KeptForADay(connection, 50);
  });
  afterEach(async () => {
    connection.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('is not kept, and the next one is not even tried for a while', async () => {
    expect(await kept.keepInTime(0, Buffer.from('{}'))).toEqual(notKept);
    const tried = sockets.length;
    expect(await kept.keepInTime(0, Buffer.from('{}'))).toEqual(notKept);
    expect(sockets).toHaveLength(tried);
  });

  it('can’t be read, which takes no longer if the partition is given up', async () => {
    const giving = new AbortController();
    const read = kept.wholeInTime(0, Buffer.from('{"kept":[0]}'), giving.signal);
    giving.abort();
    expect(await read).toBeUndefined();
    expect(await kept.wholeInTime(0, Buffer.from('{"kept":[0]}'), new AbortController().signal)).toBeUndefined();
  });
});

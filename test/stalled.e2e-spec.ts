import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startLedger, temporaryFolder, type LedgerProcess } from './support/ledger-process.js';

describe('a ledger that is asked to end', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path, { SHUTDOWN_TIMEOUT: '3000' });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await ledger.kill();
    await folder.remove();
  });

  const sent = async (text: string) => {
    const socket = connect(Number(new URL(ledger.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    await new Promise((done) => socket.write(text, done));
    return socket;
  };

  it('ends cleanly though a client has sent half a request, and another takes none of its answers', async () => {
    await sent('POST /programmes/p/initiatives HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":');
    const silent = await sent('GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(200));
    await once(silent, 'readable');
    const { code, signal, stderr } = await ledger.stop();
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).toContain('disconnecting clients');
  });
});

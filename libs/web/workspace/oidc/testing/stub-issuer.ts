/** An issuer that answers as a test says, for answers that no real one gives on request. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type StubIssuer = {
  readonly issuer: string;
  /** Whether it answers; if not, with 500. */
  isUp: boolean;
  /** Changes to what it says of itself. */
  metadata: object;
  /** What it answers when a code is exchanged. */
  tokens: object;
  close(): Promise<void>;
};

export async function openStubIssuer(): Promise<StubIssuer> {
  const server = createServer(({ url }, response) => {
    const { issuer, isUp, metadata, tokens } = stub;
    const found = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, ...metadata };
    response.writeHead(isUp ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(url === '/token' ? tokens : found));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stub: StubIssuer = {
    issuer: `http://127.0.0.1:${port}`,
    isUp: true,
    metadata: {},
    tokens: {},
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return stub;
}

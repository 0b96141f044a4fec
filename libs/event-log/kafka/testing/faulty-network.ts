/** A network between a client and the brokers that can lose and hold messages. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** Kinds of requests and their API keys in Kafka's protocol. */
export const requests = { Produce: 0, InitProducerId: 22, AddPartitionsToTxn: 24, EndTxn: 26 } as const;
export type RequestName = keyof typeof requests;

type Fault = {
  request: RequestName;
  /** `answer`: the broker carries the request out, and its answer is lost with the connection. `hold`: the request reaches the broker when it is released. */
  kind: 'answer' | 'hold';
  happened: PromiseWithResolvers<undefined>;
};

export class FaultyNetwork {
  private readonly proxies = new Map<string, { server: Server; port: number }>();
  private readonly faults: Fault[] = [];
  private held: (() => Promise<void>)[] = [];
  private readonly clients = new Set<Socket>();

  /** The number of open connections. */
  get connections(): number {
    return this.clients.size;
  }

  /** Makes a client's sockets, so that all its traffic goes through here. */
  readonly socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host: '127.0.0.1', port: this.entryTo(host, port) }, onConnect);
    socket.setNoDelay(true);
    return socket;
  };

  /** Opens the way to each broker. Call it before a client connects to one. */
  async open(brokers: readonly string[]): Promise<void> {
    for (const broker of brokers) {
      const [host = '', port = ''] = broker.split(':');
      const server = createServer((client) => {
        this.pass(client, connect({ host, port: Number(port), noDelay: true }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
      this.proxies.set(broker, { server, port: address.port });
    }
  }

  /** Loses the answer to the next request of this kind, with the connection; the request reaches its broker. Resolves when it has happened. */
  loseAnswerTo(request: RequestName): Promise<undefined> {
    return this.next(request, 'answer');
  }

  /** Holds the next request of this kind, and ends its connection. Resolves when the request is held. */
  hold(request: RequestName): Promise<undefined> {
    return this.next(request, 'hold');
  }

  /** Sends the oldest held request to its broker, and waits for the answer. */
  async release(): Promise<void> {
    await this.held.shift()?.();
  }

  /** Drops all held requests. */
  forget(): void {
    this.held = [];
  }

  close(): void {
    for (const { server } of this.proxies.values()) server.close();
  }

  private next(request: RequestName, kind: Fault['kind']): Promise<undefined> {
    const happened = Promise.withResolvers<undefined>();
    this.faults.push({ request, kind, happened });
    return happened.promise;
  }

  private entryTo(host: string, port: number): number {
    const entry = this.proxies.get(`${host}:${port}`)?.port;
    if (entry === undefined) throw new Error(`no way to ${host}:${port} was opened`);
    return entry;
  }

  private pass(client: Socket, broker: Socket): void {
    this.clients.add(client);
    const end = () => {
      this.clients.delete(client);
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) socket.on('error', end).on('close', end);
    const lost = new Map<number, Fault>();
    inFrames(client, (frame) => {
      const [apiKey, correlation] = [frame.readInt16BE(4), frame.readInt32BE(8)];
      const at = this.faults.findIndex(({ request }) => requests[request] === apiKey);
      const fault = this.faults[at];
      if (!fault) {
        broker.write(frame);
        return;
      }
      this.faults.splice(at, 1);
      if (fault.kind === 'answer') {
        lost.set(correlation, fault);
        broker.write(frame);
        return;
      }
      const { remotePort = 0, remoteAddress = '' } = broker;
      this.held.push(async () => {
        const late = connect({ host: remoteAddress, port: remotePort });
        late.write(frame);
        await once(late, 'data');
        late.destroy();
      });
      end();
      fault.happened.resolve(undefined);
    });
    inFrames(broker, (frame) => {
      const fault = lost.get(frame.readInt32BE(4));
      if (!fault) {
        client.write(frame);
        return;
      }
      end();
      fault.happened.resolve(undefined);
    });
  }
}

/** Hands over each frame of Kafka's protocol, including its length. */
function inFrames(socket: Socket, take: (frame: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      const frame = rest.subarray(0, end);
      rest = rest.subarray(end);
      take(frame);
    }
  });
}

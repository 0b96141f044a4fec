import { BlockList, isIP, type Server, type Socket } from 'node:net';
import { answerOnSocket } from './parser-problems.js';
import { busy } from '../problem.js';

export type ConnectionLimits = {
  /** Connections at a time of all clients together. One client may have a quarter of them. */
  connections: number;
  /** Addresses or networks (CIDR) that connect for many clients; only the common limit applies to them. */
  trustedProxies: readonly string[];
};

/** Answers 503 on connections beyond the limits, and closes them. */
export function boundConnections(server: Server, { connections, trustedProxies }: ConnectionLimits): void {
  const ofOneClient = Math.ceil(connections / 4);
  const open = new Map<string, number>();
  let all = 0;
  const isProxy = within(trustedProxies);
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: client = '' } = socket;
    const ofClient = (open.get(client) ?? 0) + 1;
    all++;
    open.set(client, ofClient);
    socket.once('close', () => {
      all--;
      const left = (open.get(client) ?? 1) - 1;
      if (left === 0) open.delete(client);
      else open.set(client, left);
    });
    if (all > connections) refuse(socket, `all ${connections} connections of the ledger are in use`);
    else if (ofClient > ofOneClient && !isProxy(client)) refuse(socket, `one client has at most ${ofOneClient} connections`);
  });
}

function refuse(socket: Socket, detail: string): void {
  const { problem, headers } = busy(detail);
  answerOnSocket(socket, problem, headers);
}

/** A test for addresses that are listed, or belong to a listed network. */
function within(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

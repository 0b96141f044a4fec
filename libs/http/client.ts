/** A client of the ledger: what its share of reads and of a minute is counted by. */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** The sender of an accepted token, else the network that the request came from. */
export function clientOf({ sender, ip }: Pick<FastifyRequest, 'sender' | 'ip'>): string {
  return sender ? `${sender.organisation}/${sender.id}` : networkOf(ip);
}

/** An address of IPv4, also one mapped into IPv6 (RFC 4291, 2.5.5.2); of IPv6 the /64, which one client has to itself (RFC 6177). */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/64`).toString()}/64`;
}

/** The identity of a client, for its shares of reads, of record streams and of the rate limit. */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** The sender of an accepted token, else the network that the request came from. */
export function clientOf({ sender, ip }: Pick<FastifyRequest, 'sender' | 'ip'>): string {
  return sender ? `${sender.organisation}/${sender.id}` : networkOf(ip);
}

/** The address for IPv4, also for one mapped into IPv6 (RFC 4291, 2.5.5.2); the /64 network for IPv6, because one client has a whole /64 (RFC 6177). */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/64`).toString()}/64`;
}

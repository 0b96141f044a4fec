import { describe, expect, it } from '@jest/globals';
import { clientOf, networkOf } from './client.js';

describe('a client without a token', () => {
  it('is its address of IPv4, written plainly or mapped into IPv6', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::ffff:c000:207')).toBe('192.0.2.7');
    expect(networkOf('::ffff:192.0.2.8')).not.toBe(networkOf('::ffff:192.0.2.7'));
  });

  it('is its /64 of IPv6, however the address is written', () => {
    const network = networkOf('2001:db8::1');
    expect(network).toBe('2001:db8::/64');
    expect(networkOf('2001:DB8:0:0:ffff::2')).toBe(network);
    expect(networkOf('2001:db8:0:1::1')).not.toBe(network);
  });

  it('is the text of the connection if that is no address', () => {
    expect(networkOf('')).toBe('');
  });
});

describe('a client with an accepted token', () => {
  it('is its organisation and subject, wherever it asks from', () => {
    const sender = { organisation: 'min-digital', id: 'aibek', role: 'ministry' as const };
    expect(clientOf({ sender, ip: '192.0.2.7' })).toBe('min-digital/aibek');
    expect(clientOf({ sender: undefined, ip: '192.0.2.7' })).toBe('192.0.2.7');
  });
});

import { describe, expect, it } from '@jest/globals';
import { BytesInFlight } from './bytes-in-flight.js';

describe('bytes in flight', () => {
  it('are bounded for each holder and for all together, and can be taken again once given back', () => {
    const bytes = new BytesInFlight({ inAll: 100, each: 60 });
    const first = bytes.take('justice', 60);
    expect(first).toBeDefined();
    expect(bytes.take('justice', 1)).toBeUndefined();
    expect(bytes.take('health', 41)).toBeUndefined();
    expect(bytes.take('health', 40)).toBeDefined();
    expect(bytes.take('finance', 1)).toBeUndefined();
    first?.();
    expect(bytes.take('finance', 60)).toBeDefined();
    expect(bytes.take('justice', 0)).toBeDefined();
  });
});

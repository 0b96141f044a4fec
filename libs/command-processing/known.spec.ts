import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { Known, Overlay } from './known.js';
import { initiativeKey, programmeKey } from './known-values.js';

describe('what the processor knows', () => {
  it('of a key that was loaded is nothing, where there is nothing; of one that was not loaded it can’t say', () => {
    const known = new Known(new MemoryStateStore(), 10);
    known.load([programmeKey('p')]);
    expect(known.get(programmeKey('p'))).toBeUndefined();
    expect(new Overlay(known).get(programmeKey('p'))).toBeUndefined();
    expect(() => known.get(initiativeKey('p', 'i'))).toThrow(
      'the initiative under i/p/i was not loaded: whether there is one is not known',
    );
  });

  it('is what the last load brought, and nothing from before', () => {
    const known = new Known(new MemoryStateStore(), 10);
    known.load([programmeKey('p')]);
    known.load([programmeKey('q')]);
    expect(() => known.get(programmeKey('p'))).toThrow('was not loaded');
  });
});

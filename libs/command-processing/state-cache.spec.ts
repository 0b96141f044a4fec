import { describe, expect, it } from '@jest/globals';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { StateCache, Overlay } from './state-cache.js';
import { initiativeKey, programmeKey } from './states.js';

describe('what the processor knows', () => {
  it('of a key that was loaded is nothing, where there is nothing; of one that was not loaded it can’t say', () => {
    const states = new StateCache(new MemoryStateStore(), 10);
    states.load([programmeKey('p')]);
    expect(states.get(programmeKey('p'))).toBeUndefined();
    expect(new Overlay(states).get(programmeKey('p'))).toBeUndefined();
    expect(() => states.get(initiativeKey('p', 'i'))).toThrow(
      'the initiative under i/p/i was not loaded: whether there is one is not known',
    );
  });

  it('is what the last load brought, and nothing from before', () => {
    const states = new StateCache(new MemoryStateStore(), 10);
    states.load([programmeKey('p')]);
    states.load([programmeKey('q')]);
    expect(() => states.get(programmeKey('p'))).toThrow('was not loaded');
  });
});

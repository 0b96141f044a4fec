import type { Heads, Place, StateStore, StoredState } from '../ports.js';

/** The state store in memory: for specs and simulation. What it is given it keeps as given, which a store on disk does not. */
export class MemoryStateStore implements StateStore {
  private saved: { place: Place; heads: Heads } | undefined;
  private values = new Map<string, StoredState>();

  open(_partition: number): { place: Place; heads: Heads } | undefined {
    return this.saved;
  }

  read(keys: readonly string[]): unknown[] {
    return keys.map((key) => this.values.get(key)?.value);
  }

  save(place: Place, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    for (const state of changed) {
      if (state.value === undefined) this.values.delete(state.key);
      else this.values.set(state.key, structuredClone(state));
    }
    this.saved = { place, heads: new Map(heads) };
    return Promise.resolve();
  }

  clear(): void {
    this.values = new Map();
    this.saved = undefined;
  }

  close(): void {
    // Nothing is held open.
  }
}

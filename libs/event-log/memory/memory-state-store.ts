import type { Heads, Place, StateStore, StoredState } from '../ports.js';

/** The state store in memory: for specs and simulation. */
export class MemoryStateStore implements StateStore {
  private saved: { place: Place; heads: Heads } | undefined;
  private values = new Map<string, string>();

  open(_partition: number): { place: Place; heads: Heads } | undefined {
    return this.saved;
  }

  read(keys: readonly string[]): (string | undefined)[] {
    return keys.map((key) => this.values.get(key));
  }

  save(place: Place, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    for (const { key, value } of changed) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
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

import type { Heads, Offset, StateStore, StoredState } from '../ports.js';

/** The state store in memory, for specs and simulation. */
export class MemoryStateStore implements StateStore {
  private saved: { offset: Offset; heads: Heads } | undefined;
  private values = new Map<string, string>();

  open(_partition: number): { offset: Offset; heads: Heads } | undefined {
    return this.saved;
  }

  read(keys: readonly string[]): (string | undefined)[] {
    return keys.map((key) => this.values.get(key));
  }

  save(offset: Offset, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    for (const { key, value } of changed) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
    }
    this.saved = { offset, heads: new Map(heads) };
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

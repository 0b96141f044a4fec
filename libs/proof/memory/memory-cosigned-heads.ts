import type { CosignedHead, CosignedHeads } from '../ports.js';

/** Cosigned heads in memory, for tests. */
export class MemoryCosignedHeads implements CosignedHeads {
  private readonly heads = new Map<string, readonly CosignedHead[]>();

  of(programme: string): Promise<CosignedHead[]> {
    return Promise.resolve([...(this.heads.get(programme) ?? [])].sort((one, other) => other.size - one.size));
  }
  keep(programme: string, heads: readonly CosignedHead[]): Promise<void> {
    this.heads.set(programme, [...heads]);
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { start, type Offset } from '../../event-log/ports.js';
import type { GrownTrees, Trees } from '../ports.js';
import { hashLength } from '../tree/hashing.js';
import type { TileAddress } from '../tree/tiles.js';

/** Trees in memory, for tests. */
export class MemoryTrees implements Trees {
  private readonly offsets = new Map<number, Offset>();
  private readonly sizes = new Map<string, number>();
  private readonly tiles = new Map<string, Uint8Array>();

  offset(partition: number): Promise<Offset> {
    return Promise.resolve(this.offsets.get(partition) ?? start);
  }
  size(programme: string): Promise<number> {
    return Promise.resolve(this.sizes.get(programme) ?? 0);
  }
  programmes(): Promise<string[]> {
    return Promise.resolve([...this.sizes.keys()].sort());
  }
  tile(programme: string, { level, index, width }: TileAddress): Promise<Uint8Array | undefined> {
    const hashes = this.tiles.get(`${programme}/${level}/${index}`);
    const bytes = width * hashLength;
    return Promise.resolve(hashes && hashes.length >= bytes ? hashes.subarray(0, bytes) : undefined);
  }

  save({ partition, offset, trees }: GrownTrees): Promise<void> {
    for (const { programme, size, tiles } of trees) {
      for (const { level, index, hashes } of tiles) {
        const key = `${programme}/${level}/${index}`;
        if ((this.tiles.get(key)?.length ?? 0) < hashes.length) this.tiles.set(key, Uint8Array.from(hashes));
      }
      this.sizes.set(programme, Math.max(size, this.sizes.get(programme) ?? 0));
    }
    this.offsets.set(partition, Math.max(offset, this.offsets.get(partition) ?? start));
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The same trees as of now, apart from these: an older copy, once these have grown. */
  copy(): MemoryTrees {
    const copy = new MemoryTrees();
    for (const [partition, offset] of this.offsets) copy.offsets.set(partition, offset);
    for (const [programme, size] of this.sizes) copy.sizes.set(programme, size);
    for (const [key, hashes] of this.tiles) copy.tiles.set(key, hashes);
    return copy;
  }
}

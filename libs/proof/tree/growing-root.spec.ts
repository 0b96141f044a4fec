import { describe, expect, it } from '@jest/globals';
import { GrowingRoot } from './growing-root.js';
import { leafHash } from './hashing.js';
import { TilesInMemory } from './testing/tiles-in-memory.js';
import { TiledTree } from './tiled-tree.js';
import { grownTiles } from './tiles.js';

describe('the root of a tree that grows leaf by leaf', () => {
  it('is at each size that of the tree of those leaves', async () => {
    const leaves = Array.from({ length: 600 }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
    const tiles = new TilesInMemory();
    tiles.put(await grownTiles(0, leaves, tiles.read));
    const tree = new TiledTree(leaves.length, tiles.read);
    const growing = new GrowingRoot();
    expect(Buffer.from(growing.root())).toEqual(Buffer.from(await tree.root(0)));
    for (const [at, leaf] of leaves.entries()) {
      growing.append(leaf);
      expect(growing.size).toBe(at + 1);
      expect(Buffer.from(growing.root())).toEqual(Buffer.from(await tree.root(at + 1)));
    }
  });
});

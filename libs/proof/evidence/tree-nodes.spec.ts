import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameHash, leafHash, type Hash } from '../tree/hashing.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { grownTiles } from '../tree/tiles.js';
import { TilesInMemory } from '../tree/testing/tiles-in-memory.js';
import { nodeName, nodePlaces, nodesFor, rootFrom } from './tree-nodes.js';

const most = 900;
const hashes = Array.from({ length: most }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
/** The tree of the first `size` leaves. */
async function treeOf(size: number): Promise<TiledTree> {
  const tiles = new TilesInMemory();
  tiles.put(await grownTiles(0, hashes.slice(0, size), tiles.read));
  return new TiledTree(size, tiles.read);
}
const given = (indexes: readonly number[]) => new Map(indexes.map((index) => [index, hashes[index]!] as const));
/** A tree's size, and some of its leaves. */
const places = fc
  .integer({ min: 1, max: most })
  .chain((size) => fc.record({ size: fc.constant(size), leaves: fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 40 }) }));
const changed = (hash: Hash, bit: number) => hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

describe('nodes beside some leaves of a tree', () => {
  it('lead to its root with those leaves, and with no other ones', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(255), fc.nat(), async ({ size, leaves }, bit, which) => {
        const tree = await treeOf(size);
        const [nodes, root] = [await nodesFor(tree, leaves), await tree.root()];
        expect(rootFrom(size, given(leaves), nodes)).toEqual({ root });
        const one = leaves[which % leaves.length]!;
        const otherLeaf = rootFrom(size, given(leaves).set(one, changed(hashes[one]!, bit)), nodes);
        expect('root' in otherLeaf && isSameHash(otherLeaf.root, root)).toBe(false);
        const [name] = [...nodes.keys()].slice(which % Math.max(1, nodes.size));
        if (name === undefined) return;
        const otherNode = rootFrom(size, given(leaves), new Map(nodes).set(name, changed(nodes.get(name)!, bit)));
        expect('root' in otherNode && isSameHash(otherNode.root, root)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('are all needed, and no more than those are', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), async ({ size, leaves }, which) => {
        const nodes = await nodesFor(await treeOf(size), leaves);
        expect(rootFrom(size, given(leaves), new Map(nodes).set('60/7', hashes[0]!))).toEqual({ unused: '60/7' });
        const [name] = [...nodes.keys()].slice(which % Math.max(1, nodes.size));
        if (name === undefined) return;
        const fewer = new Map(nodes);
        fewer.delete(name);
        expect(rootFrom(size, given(leaves), fewer)).toEqual({ missing: name });
      }),
      { numRuns: 60 },
    );
  });

  it('are none where every leaf is given, and one a level beside a single leaf', async () => {
    expect(nodePlaces(3, [0, 1, 2])).toEqual([]);
    expect(nodePlaces(8, [5]).map(nodeName)).toEqual(['2/0', '0/4', '1/3']);
    expect(nodePlaces(7, [0]).map(nodeName)).toEqual(['0/1', '1/1', '1/2', '0/6']);
    expect(nodePlaces(1, [0])).toEqual([]);
    await expect(nodesFor(await treeOf(3), [3])).rejects.toThrow(RangeError);
  });

  it('and a statement’s path take at most 64 KB beside 60 records among 10,000,000, however far apart these are', () => {
    const [size, records] = [10_000_000, 60];
    const apart = Array.from({ length: records + 1 }, (_, at) => Math.floor(((at + 0.5) * size) / (records + 1)));
    const together = Array.from({ length: records + 1 }, (_, at) => 5_000_000 + at);
    const [hash] = [Buffer.alloc(32).toString('base64')];
    const bytesBeside = (indexes: readonly number[]) => {
      const nodes = Object.fromEntries(nodePlaces(size, indexes).map((place) => [nodeName(place), hash]));
      const frames = indexes.map((index) => ({ position: index + 1, text: '' }));
      // A million documents, and as many signatures as a note may have in earnest.
      const document = { index: 999_999, text: '', path: Array.from({ length: 20 }, () => hash) };
      const checkpoint = 'x'.repeat(10 * 140);
      return Buffer.byteLength(JSON.stringify({ records: frames, document, nodes, checkpoint }));
    };
    expect(bytesBeside(apart)).toBeLessThanOrEqual(64 * 1_024);
    expect(bytesBeside(together)).toBeLessThanOrEqual(8 * 1_024);
  });
});

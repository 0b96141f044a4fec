import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameHash, leafHash, type Hash } from '../tree/hashing.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { grownTiles } from '../tree/tiles.js';
import { TilesInMemory } from '../tree/testing/tiles-in-memory.js';
import { leafText } from '../statements/document.js';
import { writeEvidence } from './evidence.js';
import { evidenceOf, newSigners, writeLedger } from './testing/evidence.js';
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

  it('are all needed, and no others are', async () => {
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

  it('are none beside all leaves, and one a level beside a single leaf', async () => {
    expect(nodePlaces(3, [0, 1, 2])).toEqual([]);
    expect(nodePlaces(8, [5]).map(nodeName)).toEqual(['2/0', '0/4', '1/3']);
    expect(nodePlaces(7, [0]).map(nodeName)).toEqual(['0/1', '1/1', '1/2', '0/6']);
    expect(nodePlaces(1, [0])).toEqual([]);
    await expect(nodesFor(await treeOf(3), [3])).rejects.toThrow(RangeError);
  });

  it('and all else in evidence take at most 64 KB beside 60 records among 10,000,000, however far apart', async () => {
    const [size, records] = [10_000_000, 60];
    const signers = newSigners();
    const { keys, checkpoint } = await evidenceOf(await writeLedger(), signers);
    const hash = new Uint8Array(32).fill(255);
    const figures = { committed: 1_234_567_890n, funded: 12_345_678_900n, returned: 1_234_567_890n, spent: 12_345_678_900n };
    const document = {
      authority: 'ministry-of-digital-development',
      status: 'spending' as const,
      suspended: false,
      years: Object.fromEntries([2019, 2020, 2021, 2022, 2023, 2024].map((year) => [year, figures])),
    };
    const text = leafText('initiatives/e-notary', { versions: records, positions: 'f'.repeat(64), document });
    const bytesBeside = (indexes: readonly number[]) => {
      const texts = indexes.map((index) => ({ position: index + 1, text: '' }));
      const [statement] = texts.splice(-1);
      return writeEvidence({
        ...{ programme: 'digital', initiative: 'e-notary', keys, checkpoint, records: texts, statement: statement! },
        // A statement of a million documents.
        document: { index: 999_999, text, path: Array.from({ length: 20 }, () => hash) },
        nodes: new Map(nodePlaces(size, indexes).map((place) => [nodeName(place), hash])),
      }).length;
    };
    const apart = Array.from({ length: records + 1 }, (_, at) => Math.floor(((at + 0.5) * size) / (records + 1)));
    const together = Array.from({ length: records + 1 }, (_, at) => 5_000_000 + at);
    expect(nodePlaces(size, apart)).toHaveLength(1_057);
    expect(bytesBeside(apart)).toBeLessThanOrEqual(64 * 1_024);
    expect(bytesBeside(together)).toBeLessThanOrEqual(8 * 1_024);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyRoot, leafHash, nodeHash, type Hash } from './hashing.js';
import { splitOf, TiledTree } from './tiled-tree.js';
import { grownTiles, tileAt, tilePath, tileWidth, widthIn } from './tiles.js';
import { TilesInMemory } from './testing/tiles-in-memory.js';
import { isExtended, isIncluded } from './verify.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The tree as RFC 6962, section 2.1 defines it, without tiles. */
function rootOf(leaves: readonly Hash[]): Hash {
  const [first] = leaves;
  if (first === undefined) return emptyRoot;
  if (leaves.length === 1) return first;
  const middle = splitOf(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}
const leaves = (count: number) => Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

/** A tree grown in steps of the given numbers of leaves. */
async function grown(steps: readonly number[]): Promise<{ tree: TiledTree; all: Hash[] }> {
  const all = leaves(steps.reduce((sum, step) => sum + step, 0));
  const tiles = new TilesInMemory();
  let size = 0;
  for (const step of steps) {
    tiles.put(await grownTiles(size, all.slice(size, size + step), tiles.read));
    size += step;
  }
  return { tree: new TiledTree(size, tiles.read), all };
}

describe('the tree of RFC 6962', () => {
  // The leaves and roots that implementations of Certificate Transparency test themselves with.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it('has the published roots of zero to eight leaves', async () => {
    const hashes = inputs.map((input) => leafHash(Buffer.from(input, 'hex')));
    const tiles = new TilesInMemory();
    tiles.put(await grownTiles(0, hashes, tiles.read));
    const tree = new TiledTree(8, tiles.read);
    const found = await Promise.all(roots.map(async (_, size) => hex(await tree.root(size))));
    expect(found).toEqual(roots);
  });

  it('has the published proof that leaf 5 is among eight', async () => {
    const hashes = inputs.map((input) => leafHash(Buffer.from(input, 'hex')));
    const tiles = new TilesInMemory();
    tiles.put(await grownTiles(0, hashes, tiles.read));
    expect((await new TiledTree(8, tiles.read).inclusion(5)).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('is the same however many leaves are appended at a time', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (some) => {
        const { tree, all } = await grown(some);
        expect(hex(await tree.root())).toBe(hex(rootOf(all)));
        const half = Math.floor(all.length / 2);
        expect(hex(await tree.root(half))).toBe(hex(rootOf(all.slice(0, half))));
      }),
      { numRuns: 30 },
    );
  });

  it('has a third level of tiles from 65,536 leaves on, and the root that its definition gives', async () => {
    const { tree, all } = await grown([65_000, 1_000, 4_000]);
    expect(hex(await tree.root())).toBe(hex(rootOf(all)));
    const proof = await tree.inclusion(69_999);
    expect(isIncluded(all[69_999]!, 69_999, 70_000, rootOf(all), proof)).toBe(true);
  });
});

/** Three different sizes or places of a tree: a leaf, an older size, its size. */
const places = fc
  .integer({ min: 1, max: 1_500 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), older: fc.nat(size) }));
/** A copy with one bit changed. */
const changed = (hash: Hash, bit: number) => {
  const copy = Uint8Array.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe('a proof of inclusion', () => {
  it('of any leaf of a tree of any size verifies, and does not once any bit of anything is changed', async () => {
    const { tree, all } = await grown([1_500]);
    await fc.assert(
      fc.asyncProperty(places, fc.nat(255), fc.nat(), async ({ size, index }, bit, which) => {
        const [root, proof, leaf] = [await tree.root(size), await tree.inclusion(index, size), all[index]!];
        expect(isIncluded(leaf, index, size, root, proof)).toBe(true);
        expect(isIncluded(changed(leaf, bit), index, size, root, proof)).toBe(false);
        expect(isIncluded(leaf, index, size, changed(root, bit), proof)).toBe(false);
        expect(isIncluded(leaf, index, size, root, [...proof, leaf])).toBe(false);
        if (size > 1) expect(isIncluded(leaf, (index + 1) % size, size, root, proof)).toBe(false);
        if (proof.length === 0) return;
        const at = which % proof.length;
        expect(isIncluded(leaf, index, size, root, proof.with(at, changed(proof[at]!, bit)))).toBe(false);
        expect(isIncluded(leaf, index, size, root, proof.toSpliced(at, 1))).toBe(false);
      }),
    );
  });

  it('exists only for leaves that the tree has', async () => {
    const { tree } = await grown([3]);
    await expect(tree.inclusion(3)).rejects.toThrow('a tree of 3 leaves has no leaf 3');
    await expect(tree.inclusion(0, 4)).rejects.toThrow('the tree has 3 leaves, not 4');
  });
});

describe('a proof of consistency', () => {
  it('between any two sizes verifies, and does not once any bit of anything is changed', async () => {
    const { tree } = await grown([1_500]);
    await fc.assert(
      fc.asyncProperty(places, fc.nat(255), fc.nat(), async ({ size, older: from }, bit, which) => {
        const [older, newer] = [
          { size: from, root: await tree.root(from) },
          { size, root: await tree.root(size) },
        ];
        const proof = await tree.consistency(from, size);
        expect(isExtended(older, newer, proof)).toBe(true);
        expect(isExtended(older, newer, [...proof, older.root])).toBe(false);
        if (from === 0) return;
        expect(isExtended({ ...older, root: changed(older.root, bit) }, newer, proof)).toBe(false);
        expect(isExtended(older, { ...newer, root: changed(newer.root, bit) }, proof)).toBe(false);
        if (from < size) expect(isExtended(newer, older, proof)).toBe(false);
        if (proof.length === 0) return;
        const at = which % proof.length;
        expect(isExtended(older, newer, proof.with(at, changed(proof[at]!, bit)))).toBe(false);
        expect(isExtended(older, newer, proof.toSpliced(at, 1))).toBe(false);
      }),
    );
  });

  it('does not exist to a history with another record among the old ones', async () => {
    const { tree, all } = await grown([900]);
    const tiles = new TilesInMemory();
    tiles.put(await grownTiles(0, all.with(17, leafHash(Buffer.from('forged'))), tiles.read));
    const forged = new TiledTree(900, tiles.read);
    const older = { size: 500, root: await tree.root(500) };
    const newer = { size: 900, root: await forged.root() };
    expect(isExtended(older, newer, await forged.consistency(500))).toBe(false);
    expect(isExtended(older, newer, await tree.consistency(500))).toBe(false);
  });
});

describe('the address of a tile', () => {
  it('has three digits a segment, and an x before all but the last', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('0/x001/x234/067');
    expect(tilePath({ level: 2, index: 0, width: 1 })).toBe('2/000.p/1');
    expect(tilePath({ level: 63, index: 1_000, width: 255 })).toBe('63/x001/000.p/255');
  });

  it('is read back as what it was written from', () => {
    const place = fc.record({
      level: fc.integer({ min: 0, max: 63 }),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: tileWidth }),
    });
    fc.assert(
      fc.property(place, (tile) => {
        expect(tileAt(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    '00/000',
    '64/000',
    '0/0',
    '0/0000',
    '0/x000/001',
    '0/x001/x002',
    '0/001/002',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '0/000.p',
    '0/000/',
    'entries/000',
    '-1/000',
    '0/x999/x999/x999/x999/x999/x999/999',
    '',
  ])('%s is none', (text) => {
    expect(tileAt(text)).toBeUndefined();
  });

  it('gives a tree of 70,000 leaves the tiles that the specification counts', () => {
    const widths = (level: number, index: number) => widthIn(70_000, { level, index });
    expect([widths(0, 272), widths(0, 273), widths(0, 274)]).toEqual([256, 112, 0]);
    expect([widths(1, 0), widths(1, 1), widths(1, 2)]).toEqual([256, 17, 0]);
    expect([widths(2, 0), widths(2, 1), widths(3, 0)]).toEqual([1, 0, 0]);
    expect([widthIn(256, { level: 0, index: 0 }), widthIn(256, { level: 1, index: 0 })]).toEqual([256, 1]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { start } from '../event-log/ports.js';
import type { CosignedHeads, GrownTree, SignedHead, SignedHeads, Trees } from './ports.js';
import { hashLength, leafHash } from './tree/hashing.js';
import { grownTiles, hashesAt } from './tree/tiles.js';
import { TiledTree } from './tree/tiled-tree.js';

/** An open store, and how to remove its data. */
export type OpenedTrees = { trees: Trees; remove(): Promise<void> };
export type OpenedSignedHeads = { signed: SignedHeads; remove(): Promise<void> };
export type OpenedCosignedHeads = { cosigned: CosignedHeads; remove(): Promise<void> };

const leaves = (programme: string, count: number) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`${programme} ${at}`)));

/** A programme's tree grown from `from` leaves to `size`. */
async function grownTo(trees: Trees, programme: string, size: number, from?: number): Promise<GrownTree> {
  const before = from ?? (await trees.size(programme));
  const tiles = await grownTiles(before, leaves(programme, size).slice(before), async (address) => {
    const hashes = await trees.tile(programme, address);
    if (!hashes) throw new Error('the tree lacks a tile');
    return hashes;
  });
  return { programme, size, tiles };
}

/** The rules that every store of trees keeps. */
export function treesContract(name: string, open: () => Promise<OpenedTrees>): void {
  describe(`${name} as a store of trees`, () => {
    const using = async (use: (trees: Trees) => Promise<void>) => {
      const { trees, remove } = await open();
      try {
        await use(trees);
      } finally {
        await trees.close();
        await remove();
      }
    };
    const rootOf = async (trees: Trees, programme: string) =>
      new TiledTree(await trees.size(programme), async (address) => (await trees.tile(programme, address)) ?? new Uint8Array()).root();
    const rootOfLeaves = async (programme: string, size: number) => {
      const tiles = new Map(
        (await grownTiles(0, leaves(programme, size), () => Promise.reject(new Error()))).map((tile) => [
          `${tile.level}/${tile.index}`,
          tile.hashes,
        ]),
      );
      return new TiledTree(size, ({ level, index }) => Promise.resolve(tiles.get(`${level}/${index}`) ?? new Uint8Array())).root();
    };

    it('knows nothing at first', () =>
      using(async (trees) => {
        expect([await trees.offset(0), await trees.size('p'), await trees.programmes()]).toEqual([start, 0, []]);
        expect(await trees.tile('p', { level: 0, index: 0, width: 1 })).toBeUndefined();
      }));

    it('gives back the trees that were saved, each programme’s and partition’s its own', () =>
      using(async (trees) => {
        await trees.save({ partition: 0, offset: 7, trees: [await grownTo(trees, 'p', 3), await grownTo(trees, 'q', 300)] });
        await trees.save({ partition: 1, offset: 2, trees: [await grownTo(trees, 'r', 1)] });
        expect([await trees.offset(0), await trees.offset(1), await trees.offset(2)]).toEqual([7, 2, start]);
        expect(await trees.programmes()).toEqual(['p', 'q', 'r']);
        expect([await trees.size('p'), await trees.size('q'), await trees.size('r'), await trees.size('s')]).toEqual([3, 300, 1, 0]);
        for (const [programme, size] of [
          ['p', 3],
          ['q', 300],
          ['r', 1],
        ] as const)
          expect(Buffer.from(await rootOf(trees, programme))).toEqual(Buffer.from(await rootOfLeaves(programme, size)));
      }));

    it('gives any first part of a tile, up to its present size', () =>
      using(async (trees) => {
        await trees.save({ partition: 0, offset: 1, trees: [await grownTo(trees, 'p', 258)] });
        const expected = leaves('p', 258);
        for (const width of [1, 255, 256]) {
          const hashes = await trees.tile('p', { level: 0, index: 0, width });
          expect(Buffer.from(hashes ?? [])).toEqual(Buffer.concat(expected.slice(0, width)));
        }
        expect((await trees.tile('p', { level: 0, index: 1, width: 2 }))?.length).toBe(2 * hashLength);
        expect(await trees.tile('p', { level: 0, index: 1, width: 3 })).toBeUndefined();
        expect((await trees.tile('p', { level: 1, index: 0, width: 1 }))?.length).toBe(hashLength);
        expect(await trees.tile('p', { level: 1, index: 0, width: hashesAt(258, 1) + 1 })).toBeUndefined();
        expect(await trees.tile('p', { level: 2, index: 0, width: 1 })).toBeUndefined();
      }));

    it('grows a tree over many saves as in one', () =>
      using(async (trees) => {
        for (const [offset, size] of [1, 2, 250, 256, 257, 700].entries())
          await trees.save({ partition: 0, offset, trees: [await grownTo(trees, 'p', size)] });
        expect(await trees.offset(0)).toBe(5);
        expect(Buffer.from(await rootOf(trees, 'p'))).toEqual(Buffer.from(await rootOfLeaves('p', 700)));
      }));

    it('keeps the larger of two trees, and the later of two offsets, in whatever order they are saved', () =>
      using(async (trees) => {
        const earlier = await grownTo(trees, 'p', 200);
        const later = await grownTo(trees, 'p', 300, 0);
        await trees.save({ partition: 0, offset: 9, trees: [later] });
        await trees.save({ partition: 0, offset: 5, trees: [earlier] });
        expect([await trees.offset(0), await trees.size('p')]).toEqual([9, 300]);
        expect(Buffer.from(await rootOf(trees, 'p'))).toEqual(Buffer.from(await rootOfLeaves('p', 300)));
      }));
  });
}

/** The rules that every memory of signed heads keeps. */
export function signedHeadsContract(name: string, open: () => Promise<OpenedSignedHeads>): void {
  describe(`${name} as a memory of signed heads`, () => {
    const using = async (use: (signed: SignedHeads) => Promise<void>) => {
      const { signed, remove } = await open();
      try {
        await use(signed);
      } finally {
        await signed.close();
        await remove();
      }
    };
    const head = (size: number): SignedHead => ({
      size,
      root: leafHash(Buffer.from(`${size}`)),
      note: `ledger.example/p\n${size}\n\n— …\n`,
      signedAt: 1_700_000_000_000 + size,
    });
    const plain = (found: SignedHead | undefined) => found && { ...found, root: Buffer.from(found.root) };

    it('knows no key and no head at first', () =>
      using(async (signed) => {
        expect([await signed.knows('k'), await signed.last('k', 'p'), await signed.latest('p'), await signed.programmes()]).toEqual([
          false,
          undefined,
          undefined,
          [],
        ]);
      }));

    it('remembers the last head of each key and programme', () =>
      using(async (signed) => {
        await signed.begin('k');
        expect(await signed.knows('k')).toBe(true);
        expect(await signed.remember('k', 'p', head(1), undefined)).toBe(true);
        expect(await signed.remember('k', 'q', head(5), undefined)).toBe(true);
        expect(await signed.remember('k', 'p', head(2), head(1))).toBe(true);
        await signed.begin('k');
        expect(plain(await signed.last('k', 'p'))).toEqual(head(2));
        expect(plain(await signed.latest('q'))).toEqual(head(5));
        expect(await signed.programmes()).toEqual(['p', 'q']);
      }));

    it('changes nothing if it remembers another head than the one to be replaced', () =>
      using(async (signed) => {
        await signed.begin('k');
        await signed.remember('k', 'p', head(1), undefined);
        expect(await signed.remember('k', 'p', head(2), undefined)).toBe(false);
        expect(await signed.remember('k', 'p', head(3), head(2))).toBe(false);
        expect(plain(await signed.last('k', 'p'))).toEqual(head(1));
      }));

    it('lets exactly one of many replace the same head at once', () =>
      using(async (signed) => {
        await signed.begin('k');
        await signed.remember('k', 'p', head(1), undefined);
        const won = await Promise.all([2, 3, 4, 5].map((size) => signed.remember('k', 'p', head(size), head(1))));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(plain(await signed.last('k', 'p'))).toEqual(head([2, 3, 4, 5][won.indexOf(true)]!));
      }));

    it('gives the heads of the newest of several keys', () =>
      using(async (signed) => {
        await signed.begin('old');
        await signed.remember('old', 'p', head(9), undefined);
        // What tells keys apart may be a clock that counts milliseconds.
        const begun = Date.now();
        while (Date.now() === begun);
        await signed.begin('new');
        expect([await signed.latest('p'), await signed.programmes()]).toEqual([undefined, []]);
        await signed.remember('new', 'p', head(1), undefined);
        expect(plain(await signed.latest('p'))).toEqual(head(1));
        expect(plain(await signed.last('old', 'p'))).toEqual(head(9));
      }));
  });
}

/** The rules that every store of cosigned heads keeps. */
export function cosignedHeadsContract(name: string, open: () => Promise<OpenedCosignedHeads>): void {
  describe(`${name} as a store of cosigned heads`, () => {
    const using = async (use: (cosigned: CosignedHeads) => Promise<void>) => {
      const { cosigned, remove } = await open();
      try {
        await use(cosigned);
      } finally {
        await cosigned.close();
        await remove();
      }
    };
    const head = (size: number, enough = false) => ({ size, note: `ledger.example/p\n${size}\n\n— …\n— ‹`, enough });

    it('gives each programme its own heads, the largest first', () =>
      using(async (cosigned) => {
        expect(await cosigned.of('p')).toEqual([]);
        await cosigned.keep('p', [head(7, true), head(9)]);
        await cosigned.keep('q', [head(8)]);
        expect([await cosigned.of('p'), await cosigned.of('q')]).toEqual([[head(9), head(7, true)], [head(8)]]);
      }));

    it('keeps heads in place of those before, in whatever order they come', () =>
      using(async (cosigned) => {
        await cosigned.keep('p', [head(9), head(7, true)]);
        await cosigned.keep('p', [head(9, true)]);
        expect(await cosigned.of('p')).toEqual([head(9, true)]);
        await cosigned.keep('p', [head(3), head(12)]);
        expect(await cosigned.of('p')).toEqual([head(12), head(3)]);
        await cosigned.keep('p', []);
        expect(await cosigned.of('p')).toEqual([]);
      }));
  });
}

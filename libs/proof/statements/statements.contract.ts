import { describe, expect, it } from '@jest/globals';
import { leafHash } from '../tree/hashing.js';
import type { NewStatement, PublishedStatement, Statements } from './ports.js';

/** An open store, and how to remove its data. */
export type OpenedStatements = { statements: Statements; remove(): Promise<void> };

const hash = (text: string) => Buffer.from(leafHash(Buffer.from(text)));
const documentOf = (number: number, position: number) => ({
  key: `initiatives/i-${String(number).padStart(4, '0')}`,
  text: `{"number":${number},"position":${position}}`,
});
/** A statement of `size` documents, of which those of some numbers have changed. */
function statementOf(programme: string, position: number, size: number, changed: readonly number[]): NewStatement {
  const tiles = Array.from({ length: Math.ceil(size / 256) }, (_, tile) => ({
    firstKey: documentOf(tile * 256, position).key,
    root: hash(`${programme} ${position} ${tile}`),
  }));
  const pages = [changed.slice(0, 300), changed.slice(300)].filter((page) => page.length > 0);
  return {
    programme,
    position,
    size,
    root: hash(`${programme} ${position}`),
    tiles,
    changed: pages.map((page) => page.map((number) => documentOf(number, position))),
  };
}
const upTo = (size: number) => Array.from({ length: size }, (_, number) => number);
const plain = ({ programme, position, size, root }: NewStatement) => ({ programme, position, size, root });
/** The same once a record two positions later has published it. */
const published = (one: NewStatement): PublishedStatement => ({ ...plain(one), record: one.position + 2 });

/** The rules that every store of statements keeps. */
export function statementsContract(name: string, open: () => Promise<OpenedStatements>): void {
  describe(`${name} as a store of statements`, () => {
    const using = async (use: (statements: Statements) => Promise<void>) => {
      const { statements, remove } = await open();
      try {
        await use(statements);
      } finally {
        await statements.close();
        await remove();
      }
    };
    const first = statementOf('p', 10, 600, upTo(600));
    const second = statementOf('p', 25, 601, [3, 599, 600]);

    it('knows nothing at first', () =>
      using(async (statements) => {
        expect([await statements.at('p', 1), await statements.last('p'), await statements.list('p', 10)]).toEqual([
          undefined,
          undefined,
          [],
        ]);
        expect(await statements.documents(plain(first), '', 10)).toEqual([]);
        expect(await statements.tiles(plain(first), 0, 10)).toEqual([]);
      }));

    it('gives back each statement by its position, and lists those that were published from the latest, each programme its own', () =>
      using(async (statements) => {
        const third = statementOf('q', 12, 1, [0]);
        for (const one of [first, second, third]) await statements.add(one);
        expect([await statements.list('p', 10), await statements.list('q', 10)]).toEqual([[], []]);
        expect([await statements.at('p', 10), await statements.last('p')]).toEqual([plain(first), plain(second)]);
        for (const one of [first, second, third]) await statements.published(published(one));
        expect(await statements.at('p', 10)).toEqual(published(first));
        expect(await statements.at('p', 11)).toBeUndefined();
        expect([await statements.last('p'), await statements.last('p', 24), await statements.last('p', 9)]).toEqual([
          published(second),
          published(first),
          undefined,
        ]);
        expect(await statements.list('p', 10)).toEqual([published(second), published(first)]);
        expect((await statements.list('p', 10)).map(({ position }) => position)).toEqual([25, 10]);
        expect((await statements.list('p', 1)).map(({ position }) => position)).toEqual([25]);
        expect((await statements.list('p', 10, 25)).map(({ position }) => position)).toEqual([10]);
        expect((await statements.list('q', 10)).map(({ position }) => position)).toEqual([12]);
      }));

    it('does not call a statement published if it has none, or one with other content', () =>
      using(async (statements) => {
        for (const one of [first, second]) await statements.add(one);
        await statements.published({ ...published(first), root: hash('other') });
        await statements.published({ ...published(first), size: 601 });
        await statements.published({ ...published(first), position: 11 });
        await statements.published({ ...published(first), programme: 'q' });
        expect([await statements.list('p', 10), await statements.list('q', 10)]).toEqual([[], []]);
        await statements.published(published(first));
        await statements.published(published(first));
        expect(await statements.list('p', 10)).toEqual([published(first)]);
      }));

    it('gives every document of a statement as it was then, in the order of keys, from a key on', () =>
      using(async (statements) => {
        for (const one of [first, second]) await statements.add(one);
        const positions = (numbers: readonly number[], changed: readonly number[]) =>
          numbers.map((number) => documentOf(number, changed.includes(number) ? 25 : 10));
        expect(await statements.documents(plain(first), '', 1_000)).toEqual(positions(upTo(600), []));
        expect(await statements.documents(plain(second), '', 1_000)).toEqual(positions(upTo(601), [3, 599, 600]));
        expect(await statements.documents(plain(second), documentOf(2, 10).key, 3)).toEqual(positions([2, 3, 4], [3]));
        expect(await statements.documents(plain(second), documentOf(600, 10).key, 3)).toEqual(positions([600], [600]));
        expect(await statements.documents(plain(second), `${documentOf(600, 10).key}\0`, 3)).toEqual([]);
      }));

    it('gives each statement’s own tiles, and the tile of a key', () =>
      using(async (statements) => {
        for (const one of [first, second]) await statements.add(one);
        expect(await statements.tiles(plain(first), 0, 10)).toEqual(first.tiles);
        expect(await statements.tiles(plain(second), 1, 1)).toEqual(second.tiles.slice(1, 2));
        expect(await statements.tiles(plain(second), 0, 0)).toEqual([]);
        const tileOf = (number: number) => statements.tileOf(plain(second), documentOf(number, 10).key);
        expect([await tileOf(0), await tileOf(255), await tileOf(256), await tileOf(600)]).toEqual([0, 0, 1, 2]);
        expect(await statements.tileOf(plain(second), 'a')).toBe(0);
      }));

    it('leaves a statement as it is if it is added again', () =>
      using(async (statements) => {
        await statements.add(first);
        await statements.published(published(first));
        await statements.add({ ...first, root: hash('other'), changed: [[{ key: documentOf(1, 10).key, text: '{}' }]] });
        expect(await statements.at('p', 10)).toEqual(published(first));
        expect(await statements.documents(plain(first), documentOf(1, 10).key, 1)).toEqual([documentOf(1, 10)]);
      }));
  });
}

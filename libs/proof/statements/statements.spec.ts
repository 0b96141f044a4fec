import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { History } from '../../domain/testing/history.js';
import type { Sums } from '../../domain/vocabulary.js';
import { start, type Entry, type EventLog, type Offset } from '../../event-log/ports.js';
import { decodeRecord } from '../../event-log/record.js';
import { attempts, ledgerOf } from '../../projections/testing/random-history.js';
import { isIncluded } from '../tree/verify.js';
import { readInitiative, readProgramme } from './document.js';
import { FoldedDocuments } from '../sqlite/folded-documents.js';
import { catchUp, makeStatement, type StatementMaker } from './make-statement.js';
import { publishCommand } from './publish-command.js';
import { openSqliteStatements } from '../sqlite/sqlite-statements.js';
import { leafOfDocument, statedTree } from './stated-tree.js';

/** A log of given entries, read in batches of `size`. */
function logOf(entries: readonly Entry[], size = 7): Pick<EventLog, 'read'> {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- nothing here has to wait
    async *read(_partition: number, after: Offset) {
      const rest = entries.filter(({ offset }) => offset > after);
      for (let from = 0; from < rest.length; from += size) yield rest.slice(from, from + size);
    },
  };
}
function makerOf(entries: readonly Entry[]): StatementMaker {
  return {
    log: logOf(entries),
    partition: 0,
    documents: FoldedDocuments.open(':memory:'),
    statements: openSqliteStatements(':memory:', 'write'),
  };
}
const whole = ({ funded, spent, returned, committed = 0n }: Sums) => ({ funded, spent, returned, committed });

/** What the domain's own state says of every document after some records. */
function statedBy(entries: readonly Entry[]) {
  const history = new History();
  for (const { bytes } of entries) {
    const record = decodeRecord(bytes);
    if (record.type !== 'CommandRefused') history.happen(record);
  }
  const initiatives = [...history.initiatives.values()].map(({ code, version, terms, status, suspended, years }) => [
    `initiatives/${code}`,
    {
      versions: version,
      document: {
        authority: terms.authority,
        status,
        suspended,
        years: Object.fromEntries(Object.entries(years).map(([year, sums]) => [year, whole(sums)])),
      },
    },
  ]);
  const { currency = '', fiscalYears = {} } = history.programme ?? {};
  const closed = Object.entries(fiscalYears).flatMap(([year, state]) => (state.closed ? [Number(year)] : []));
  return { initiatives: Object.fromEntries(initiatives) as Record<string, object>, currency, closed, fiscalYears };
}

describe('statements', () => {
  it('state every document as its records fold to it, at each position, however often folding stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        attempts,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        async (tried, parts) => {
          const entries = (await (await ledgerOf(tried)).entries()).filter(({ kind }) => kind === 'record');
          const ends = parts.map((part) => 1 + Math.floor(part * (entries.length - 1))).sort((one, other) => one - other);
          const maker = makerOf([]);
          const made = [];
          for (const end of ends) made.push(await makeStatement({ ...maker, log: logOf(entries.slice(0, end)) }, 'p'));
          for (const [at, statement] of made.entries()) {
            if (!statement) throw new Error('there is a programme');
            const end = ends[at] ?? 0;
            expect(statement.position).toBe(end);
            const documents = await maker.statements.documents(statement, '', 1_000);
            expect(documents).toHaveLength(statement.size);
            const { initiatives, currency, closed, fiscalYears } = statedBy(entries.slice(0, end));
            const said = documents.filter(({ key }) => key !== 'programme').map(({ key, text }) => [key, readInitiative(text)] as const);
            for (const [, folded] of said) expect(folded.positions).toMatch(/^[0-9a-f]{64}$/);
            expect(Object.fromEntries(said.map(([key, { positions: _, ...folded }]) => [key, folded]))).toEqual(initiatives);
            const programme = readProgramme(documents.find(({ key }) => key === 'programme')?.text ?? '');
            expect([programme.document.currency, programme.document.closed]).toEqual([currency, closed]);
            for (const [year, { appropriated = 0n, funded, spent, returned, committed }] of Object.entries(programme.document.years)) {
              const state = fiscalYears[Number(year)];
              expect({ appropriated, funded, spent, returned, committed }).toEqual({
                appropriated: state?.appropriated ?? 0n,
                ...whole(state ?? { funded: 0n, spent: 0n, returned: 0n }),
                returned: (state?.returned ?? 0n) + (state?.returnedSinceClosing ?? 0n),
              });
            }
            // The same in one go, elsewhere.
            expect(await makeStatement(makerOf(entries.slice(0, end)), 'p')).toEqual(statement);
            const tree = statedTree(maker.statements, statement);
            for (const [index, { text }] of documents.entries())
              expect(isIncluded(leafOfDocument(text), index, statement.size, statement.root, await tree.inclusion(index))).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of more documents than a tile has are found by their keys', async () => {
    const maker = makerOf([]);
    const { statements, documents } = maker;
    const texts = Array.from({ length: 700 }, (_, at) => ({
      key: `initiatives/i-${String(at).padStart(4, '0')}`,
      text: `{"number":${at}}`,
    }));
    documents.save({
      partition: 0,
      offset: 1,
      hash: 'a hash',
      documents: texts.map((one) => ({ ...one, programme: 'p', position: 1 })),
      published: [],
      heads: new Map([['p', { position: 1, occasion: { asked: 0, changed: 1, stated: 0, since: '2024-01-01T00:00:00.000Z' } }]]),
    });
    const statement = await makeStatement(maker, 'p');
    if (!statement) throw new Error('there is a programme');
    expect(statement.size).toBe(700);
    const tree = statedTree(statements, statement);
    for (const index of [0, 255, 256, 511, 512, 699]) {
      const { key, text } = texts[index] ?? { key: '', text: '' };
      const tile = await statements.tileOf(statement, key);
      expect(tile).toBe(Math.floor(index / 256));
      const [{ firstKey } = { firstKey: '' }] = await statements.tiles(statement, tile, 1);
      const side = await statements.documents(statement, firstKey, 256);
      expect(side.findIndex((one) => one.key === key)).toBe(index % 256);
      expect(isIncluded(leafOfDocument(text), index, 700, statement.root, await tree.inclusion(index))).toBe(true);
    }
  });

  it('that were published are made again from the log alone', async () => {
    const ledger = await ledgerOf([]);
    const first = makerOf(await ledger.entries());
    const statement = await makeStatement(first, 'p');
    if (!statement) throw new Error('there is a programme');
    expect(await ledger.commands.submit(publishCommand(statement))).toMatchObject({ kind: 'accepted' });
    const again = makerOf(await ledger.entries());
    expect(again.documents.offset(0)).toBe(start);
    await catchUp(again);
    expect(await again.statements.list('p', 10)).toEqual([{ ...statement, record: statement.position + 1 }]);
    expect(await again.statements.documents(statement, '', 10)).toEqual(await first.statements.documents(statement, '', 10));
    await catchUp(again);
    expect(await again.statements.list('p', 10)).toHaveLength(1);
  });

  it('are made again if the store lost them, or if making them again was interrupted anywhere', async () => {
    const ledger = await ledgerOf([]);
    const first = makerOf(await ledger.entries());
    const made = [];
    for (let count = 0; count < 3; count++) {
      const statement = await makeStatement({ ...first, log: ledger.log }, 'p');
      if (!statement) throw new Error('there is a programme');
      made.unshift(statement);
      await ledger.commands.submit(publishCommand(statement));
    }
    const entries = await ledger.entries();
    await catchUp({ ...first, log: logOf(entries) });
    const lost = openSqliteStatements(':memory:', 'write');
    await catchUp({ ...first, log: logOf(entries), statements: lost });
    const published = made.map((statement) => ({ ...statement, record: statement.position + 1 }));
    expect(await lost.list('p', 10)).toEqual(published);
    for (let end = 1; end < entries.length; end++) {
      const again = makerOf([]);
      const interrupted = new AbortController();
      const failing = {
        // eslint-disable-next-line @typescript-eslint/require-await -- nothing here has to wait
        async *read(_partition: number, after: Offset) {
          const rest = entries.filter(({ offset }) => offset > after);
          for (const [index, entry] of rest.entries()) {
            if (index === end) interrupted.abort(new Error('killed'));
            yield [entry];
          }
        },
      };
      // The log is read once for the statements in it, and then to be folded.
      await catchUp({ ...again, log: failing }, interrupted.signal).catch(() => undefined);
      await catchUp({ ...again, log: logOf(entries) });
      expect(await again.statements.list('p', 10)).toEqual(published);
    }
  });

  it('are not listed if they were never published, or if a false one was published in their place', async () => {
    const ledger = await ledgerOf([]);
    const maker = { ...makerOf([]), log: ledger.log };
    const unpublished = await makeStatement(maker, 'p');
    if (!unpublished) throw new Error('there is a programme');
    await catchUp(maker);
    expect([await maker.statements.list('p', 10), await maker.statements.at('p', unpublished.position)]).toEqual([[], unpublished]);
    const lie = { ...unpublished, root: leafOfDocument('a lie') };
    expect(await ledger.commands.submit(publishCommand(lie))).toMatchObject({ kind: 'accepted' });
    await catchUp(maker);
    expect(await maker.statements.list('p', 10)).toEqual([]);
    const later = await makeStatement(maker, 'p');
    if (!later) throw new Error('there is a programme');
    expect(await ledger.commands.submit(publishCommand(later))).toMatchObject({ kind: 'accepted' });
    await catchUp(maker);
    expect(await maker.statements.list('p', 10)).toEqual([{ ...later, record: later.position + 1 }]);
  });

  it('of another history in the store do not count as the ledger’s own', async () => {
    const entries = await (await ledgerOf([])).entries();
    const first = makerOf(entries);
    await makeStatement(first, 'p');
    const changed = entries.map((entry) => ({
      ...entry,
      bytes: Buffer.from(Buffer.from(entry.bytes).toString().replace('"amount":"300"', '"amount":"299"')),
    }));
    await expect(makeStatement({ ...makerOf(changed), statements: first.statements }, 'p')).rejects.toThrow(
      /that of position \d+ of p was made from another history than the log holds/,
    );
  });
});

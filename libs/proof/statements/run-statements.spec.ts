import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { actor, command, establish, finance, grant, openTestLedger, type TestLedger } from '../../command-processing/testing/ledger.js';
import { FoldedDocuments } from '../sqlite/folded-documents.js';
import { isDue, type Occasion } from './occasion.js';
import type { Statement } from './ports.js';
import { publishCommand } from './publish-command.js';
import { runStatements } from './run-statements.js';
import { openSqliteStatements } from '../sqlite/sqlite-statements.js';

const auditor = actor('auditor', 'chamber-of-accounts');
const order = () => command('OrderStatement', auditor, {});
const day = 86_400_000;

/** A publisher of statements over a ledger, which looks again at once. */
function publishing(ledger: TestLedger, { documents = FoldedDocuments.open(':memory:') } = {}) {
  const statements = openSqliteStatements(':memory:', 'write');
  const published: Statement[] = [];
  const outcomes: string[] = [];
  const stop = new AbortController();
  const publish = async (statement: Statement) => {
    published.push(statement);
    outcomes.push((await ledger.commands.submit(publishCommand(statement))).kind);
  };
  const options = { log: ledger.log, partition: 0, documents, statements, now: () => ledger.clock.now, publish, every: 1 };
  const running = runStatements(options, stop.signal);
  return {
    statements,
    outcomes,
    positions: () => published.map(({ position }) => position),
    /** Waits until as many statements are published, or publishing has failed. */
    async until(count: number) {
      const waiting = async () => {
        while (outcomes.length < count) await turn();
      };
      await Promise.race([waiting(), running]);
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

describe('statements are published', () => {
  it('when one is ordered and when a year is closed, each as of the records before it', async () => {
    const ledger = await openTestLedger();
    for (const one of [establish(), grant(100n, 2023), order()]) await ledger.commands.submit(one);
    const publisher = publishing(ledger);
    await publisher.until(1);
    expect(publisher.positions()).toEqual([3]);
    await ledger.commands.submit(command('CloseFiscalYear', finance, { fiscalYear: 2023 }));
    await publisher.until(2);
    expect(publisher.positions()).toEqual([3, 5]);
    expect(publisher.outcomes).toEqual(['accepted', 'accepted']);
    const records = await ledger.records();
    expect(records.map(({ type }) => type).filter((type) => type === 'StatementPublished')).toHaveLength(2);
    expect(records.at(-1)).toMatchObject({ type: 'StatementPublished', position: 6, data: { position: 5, size: 1, definition: 'sums-1' } });
    for (let turns = 0; turns < 5_000 && (await publisher.statements.list('p', 10)).length < 2; turns++) await turn();
    expect((await publisher.statements.list('p', 10)).map(({ position, record }) => [position, record])).toEqual([
      [5, 6],
      [3, 4],
    ]);
    await publisher.stop();
  });

  it('once a day if something was recorded, and not again for the statement itself', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submit(establish());
    const publisher = publishing(ledger);
    ledger.clock.now += day;
    await publisher.until(1);
    expect(publisher.positions()).toEqual([1]);
    ledger.clock.now += day;
    await ledger.commands.submit(grant(100n));
    await publisher.until(2);
    // The second one is as of the grant; in between the first statement alone was recorded, of which there is none.
    expect(publisher.positions()).toEqual([1, 3]);
    await publisher.stop();
  });

  it('once, even if the order came while nobody published', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submit(establish());
    const documents = FoldedDocuments.open(':memory:');
    const first = publishing(ledger, { documents });
    await ledger.commands.submit(order());
    await first.until(1);
    await first.stop();
    await ledger.commands.submit(order());
    const second = publishing(ledger, { documents });
    await second.until(1);
    expect([first.positions(), second.positions()]).toEqual([[2], [4]]);
    await second.stop();
  });

  it('again after a minute if a statement was sent and not recorded', async () => {
    const ledger = await openTestLedger();
    for (const one of [establish(), order()]) await ledger.commands.submit(one);
    const sent: number[] = [];
    const stop = new AbortController();
    const documents = FoldedDocuments.open(':memory:');
    const statements = openSqliteStatements(':memory:', 'write');
    const publish = ({ position }: Statement) => Promise.resolve(void sent.push(position));
    const options = { log: ledger.log, partition: 0, documents, statements, now: () => ledger.clock.now, publish, every: 1 };
    const running = runStatements(options, stop.signal);
    while (sent.length === 0) await turn();
    ledger.clock.now += 59_999;
    for (let turns = 0; turns < 2_000; turns++) await turn();
    expect(sent).toEqual([2]);
    ledger.clock.now += 1;
    while (sent.length === 1) await turn();
    expect(sent).toEqual([2, 2]);
    // It is made and not recorded.
    expect([await statements.list('p', 10), await statements.at('p', 2)]).toEqual([[], expect.objectContaining({ position: 2 })]);
    stop.abort();
    await running;
  });

  it('no longer if the log lacks the records that the documents were folded from', async () => {
    const documents = FoldedDocuments.open(':memory:');
    const ledger = await openTestLedger();
    for (const one of [establish(), order()]) await ledger.commands.submit(one);
    const publisher = publishing(ledger, { documents });
    await publisher.until(1);
    await publisher.stop();
    const shorter = await openTestLedger();
    await shorter.commands.submit(establish());
    await expect(publishing(shorter, { documents }).until(1)).rejects.toThrow(
      /folded to offset 1 of the log, which does not hold an entry there/,
    );
    const other = await openTestLedger();
    for (const one of [establish(), grant(1n), order()]) await other.commands.submit(one);
    await expect(publishing(other, { documents }).until(1)).rejects.toThrow(
      /folded to offset 1 of the log, which holds another entry there/,
    );
  });

  it('once a position, even by two publishers at once', async () => {
    const ledger = await openTestLedger();
    for (const one of [establish(), order()]) await ledger.commands.submit(one);
    const [one, other] = [publishing(ledger), publishing(ledger)];
    await Promise.all([one.until(1), other.until(1)]);
    const said = (await ledger.records()).flatMap((record) => (record.type === 'StatementPublished' ? [record.data.position] : []));
    expect(new Set(said).size).toBe(said.length);
    expect(said[0]).toBe(2);
    await Promise.all([one.stop(), other.stop()]);
  });
});

describe('a statement is due', () => {
  const at = Date.parse('2024-06-02T00:00:00.000Z');
  const yesterday: Occasion = { asked: 0, changed: 5, stated: 4, since: '2024-06-01T23:59:59.999Z' };
  it.each<[string, Occasion, boolean]>([
    ['if something was recorded since the statement of an earlier day', yesterday, true],
    ['not if nothing was', { ...yesterday, stated: 5 }, false],
    ['not on the same day', { ...yesterday, since: '2024-06-02T00:00:00.000Z' }, false],
    ['on the same day if it was asked for', { ...yesterday, since: '2024-06-02T00:00:00.000Z', asked: 5 }, true],
    ['not if what was asked for is there', { asked: 4, changed: 4, stated: 4, since: '2024-06-01T00:00:00.000Z' }, false],
  ])('%s', (_what, occasion, due) => {
    expect(isDue(occasion, at)).toBe(due);
  });
});

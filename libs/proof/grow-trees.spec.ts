import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { LogDiverged, start, type NewEntry } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import { growToTheEnd, growTrees, treeOf } from './grow-trees.js';
import { MemoryTrees } from './memory/memory-trees.js';
import type { Trees } from './ports.js';
import { leafOfRecord } from './tree/hashing.js';

const bytesOf = (programme: string, position: number, what = 'record') => Buffer.from(`{"${what}":"${programme} ${position}"}`);
const record = (programme: string, position: number, what?: string): NewEntry => ({
  kind: 'record',
  programme,
  position,
  bytes: bytesOf(programme, position, what),
});
const outcome: NewEntry = { kind: 'outcome', bytes: Buffer.from('{}') };

async function logOf(entries: readonly NewEntry[]): Promise<MemoryEventLog> {
  const log = new MemoryEventLog();
  await (await log.acquire(0)).append(entries);
  return log;
}
/** The first `count` records of a few programmes in turn, with outcomes between them. */
function history(count: number): NewEntry[] {
  const positions = new Map<string, number>();
  return Array.from({ length: count }, (_, at) => {
    const programme = ['p', 'q', 'q', 'r'][at % 4]!;
    if (at % 5 === 4) return outcome;
    const position = (positions.get(programme) ?? 0) + 1;
    positions.set(programme, position);
    return record(programme, position);
  });
}
const shown = async (trees: Trees) => {
  const programmes = await trees.programmes();
  const roots = await Promise.all(
    programmes.map(async (name) => Buffer.from(await treeOf(trees, name, await trees.size(name)).root()).toString('hex')),
  );
  return programmes.map((name, at) => [name, roots[at]]);
};

describe('the trees of programmes', () => {
  it('have for leaf i the hash of a zero byte and the hash of the record at position i + 1, and of nothing else', async () => {
    const trees = new MemoryTrees();
    const log = await logOf([record('p', 1), outcome, record('q', 1), record('p', 2)]);
    await growToTheEnd({ log, partition: 0, trees });
    expect([await trees.programmes(), await trees.size('p'), await trees.size('q')]).toEqual([['p', 'q'], 2, 1]);
    const leaf = await treeOf(trees, 'p', 2).leaf(1);
    expect(Buffer.from(leaf)).toEqual(Buffer.from(leafOfRecord(hashOf(bytesOf('p', 2)))));
  });

  it('are the same however often and wherever their growth was interrupted', async () => {
    const whole = new MemoryTrees();
    await growToTheEnd({ log: await logOf(history(900)), partition: 0, trees: whole });
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 899 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, async (some) => {
        let trees = new MemoryTrees();
        for (const cut of [...some.sort((one, other) => one - other), 900]) {
          // What was saved after the copy was taken is lost.
          trees = trees.copy();
          await growToTheEnd({ log: await logOf(history(cut)), partition: 0, trees });
        }
        expect(await shown(trees)).toEqual(await shown(whole));
      }),
      { numRuns: 20 },
    );
  });

  it('take records again that were saved without the offset', async () => {
    const trees = new MemoryTrees();
    const save = trees.save.bind(trees);
    trees.save = (grown) => save({ ...grown, offset: start });
    const log = await logOf(history(20));
    await growToTheEnd({ log, partition: 0, trees });
    trees.save = save;
    await growToTheEnd({ log, partition: 0, trees });
    const whole = new MemoryTrees();
    await growToTheEnd({ log, partition: 0, trees: whole });
    expect([await shown(trees), await trees.offset(0)]).toEqual([await shown(whole), 19]);
  });

  it('grow as records are appended, and say which have grown', async () => {
    const log = new MemoryEventLog();
    const writer = await log.acquire(0);
    const trees = new MemoryTrees();
    const stop = new AbortController();
    const told: unknown[] = [];
    let onTold = () => {};
    const growing = growTrees(
      {
        log,
        partition: 0,
        trees,
        gather: 0,
        onGrown: (offset, programmes) => {
          told.push([offset, programmes]);
          onTold();
        },
      },
      stop.signal,
    );
    const next = () => new Promise<void>((resolve) => (onTold = resolve));
    await next();
    for (const entries of [[record('p', 1), record('q', 1)], [outcome], [record('p', 2)]]) {
      const grown = next();
      await writer.append(entries);
      await grown;
    }
    stop.abort();
    await growing;
    expect(told).toEqual([
      [start, []],
      [1, ['p', 'q']],
      [2, []],
      [3, ['p']],
    ]);
  });

  it.each([
    ['another record at its end', [record('p', 1), record('p', 2, 'forged')], 'position 2 of p is another record in them than in the log'],
    ['fewer records', [record('p', 1)], 'grown to offset 1 of the log, which does not hold an entry there'],
    ['another programme at its end', [record('p', 1), record('q', 1)], 'but position 1 of q there is not in them'],
  ])('are not grown from a log with %s than the one they were grown from', async (_, entries, message) => {
    const trees = new MemoryTrees();
    await growToTheEnd({ log: await logOf([record('p', 1), record('p', 2)]), partition: 0, trees });
    const growing = growToTheEnd({ log: await logOf(entries), partition: 0, trees });
    await expect(growing).rejects.toThrow(LogDiverged);
    await expect(growing).rejects.toThrow(message);
  });

  it('are not grown over a missing record', async () => {
    const growing = growToTheEnd({ log: await logOf([record('p', 1), record('p', 3)]), partition: 0, trees: new MemoryTrees() });
    await expect(growing).rejects.toThrow('position 2 of p is missing: position 3 follows');
  });
});

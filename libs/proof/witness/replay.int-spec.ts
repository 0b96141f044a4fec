import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../event-log/record.js';
import { GrowingRoot } from '../tree/growing-root.js';
import { leafOfRecord } from '../tree/hashing.js';
import type { TreeHead } from '../tree/verify.js';
import { RecordsCopy } from './records-copy.js';
import { Replay, type FoldHistory } from './replay.js';

/** Lines that stand for records; one with "wrong" in it breaks a rule, and "half" begins a command of which more must follow. */
const history = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `record ${from + at}`);
const headOf = (lines: readonly string[]): TreeHead => {
  const root = new GrowingRoot();
  for (const line of lines) root.append(leafOfRecord(hashOf(Buffer.from(line))));
  return { size: lines.length, root: root.root() };
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-replay-'));
  file = join(folder, 'p.records.ndjson');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A ledger that gives records, and a witness that folds them. */
async function replaying(lines: string[], vouched?: TreeHead) {
  const world = { lines, given: [] as number[], folded: [] as string[], failsAfter: Infinity, held: Promise.resolve() };
  const fold = (): FoldHistory => {
    world.folded = [];
    return async (records) => {
      let fault: { found: string; isLast: boolean } | undefined;
      for await (const record of records) {
        await world.held;
        const text = record.toString();
        if (fault) return { ...fault, isLast: false };
        world.folded.push(text);
        if (text.includes('wrong') || text.includes('half')) fault = { found: `${text} breaks a rule`, isLast: true };
      }
      return fault;
    };
  };
  async function* records(after: number): AsyncIterable<Buffer> {
    world.given.push(after);
    for (const [at, line] of world.lines.slice(after).entries()) {
      await Promise.resolve();
      if (after + at >= world.failsAfter) throw new Error('the connection was lost');
      yield Buffer.from(line);
    }
  }
  const options = { records, copy: await RecordsCopy.open(file), fold, vouched, patience: 60_000, signal: new AbortController().signal };
  return { world, replay: new Replay(options), options };
}
const copied = () => readFileSync(file, 'utf8').trimEnd().split('\n');

describe('a replay', () => {
  it('vouches for a head once it has folded all its records, each once', async () => {
    const all = history(900);
    const { world, replay } = await replaying(all.slice(0, 700));
    expect(await replay.vouch(headOf(all.slice(0, 400)))).toEqual({ as: 'yes' });
    expect(world.folded).toEqual(all.slice(0, 400));
    world.lines = all;
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect([world.folded, copied(), world.given]).toEqual([all, all, [0, 400]]);
  });

  it('folds its own copy again after a restart, and downloads only new records', async () => {
    const all = history(30);
    await (await replaying(all)).replay.vouch(headOf(all.slice(0, 20)));
    const { world, replay } = await replaying(all, headOf(all.slice(0, 20)));
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect([world.folded, world.given]).toEqual([all, [20]]);
  });

  it('continues after a lost connection, and after a last line that was cut off', async () => {
    const all = history(30);
    const first = await replaying(all);
    first.world.failsAfter = 12;
    expect(await first.replay.vouch(headOf(all))).toEqual({ as: 'later', why: 'the records can’t be read now: the connection was lost' });
    first.world.failsAfter = 20;
    await first.replay.vouch(headOf(all));
    expect(first.world.given).toEqual([0, 12]);
    appendFileSync(file, 'rec');
    const { world, replay } = await replaying(all);
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect([world.given, copied()]).toEqual([[20], all]);
  });

  it('asks to come later while the ledger has not given all records, and while they are folded', async () => {
    const all = history(30);
    const { world, replay, options } = await replaying(all.slice(0, 10));
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'later', why: 'the ledger has given 10 of 30 records so far' });
    world.lines = all;
    const held = Promise.withResolvers<undefined>();
    const slow = new Replay({ ...options, copy: await RecordsCopy.open(join(folder, 'other')), patience: 1 });
    world.held = held.promise.then(() => undefined);
    expect(await slow.vouch(headOf(all))).toMatchObject({
      as: 'later',
      why: expect.stringMatching(/^the records are being folded: \d+ of 30 so far$/),
    });
    expect(await slow.vouch(headOf(all))).toMatchObject({ as: 'later' });
    held.resolve(undefined);
    await slow.ended();
    expect(await new Replay({ ...options }).vouch(headOf(all))).toEqual({ as: 'yes' });
    expect(await slow.vouch(headOf(all.slice(0, 5)))).toEqual({
      as: 'later',
      why: '30 records are folded already, and the checkpoint is of 5',
    });
    expect(await slow.vouch(headOf(all))).toEqual({ as: 'yes' });
  });

  it('does not vouch for records that break a rule, until the ledger has its history right', async () => {
    const all = history(30);
    const { world, replay } = await replaying(all.with(21, 'wrong'));
    expect(await replay.vouch(headOf(all.slice(0, 20)))).toEqual({ as: 'yes' });
    expect(await replay.vouch(headOf(all.with(21, 'wrong')))).toEqual({ as: 'no', why: 'wrong breaks a rule' });
    expect(copied()).toEqual(all.slice(0, 20));
    world.lines = all;
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect([world.folded, copied()]).toEqual([all, all]);
  });

  it('does not vouch for records other than the checkpoint’s', async () => {
    const all = history(30);
    const { replay } = await replaying(all);
    expect(await replay.vouch(headOf(all.with(7, 'another')))).toEqual({
      as: 'no',
      why: 'the 30 records that the ledger gives are not those of its checkpoint: their tree has another root',
    });
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
  });

  it('waits for more if the last command has a fault: the rest of it may be missing', async () => {
    const all = [...history(20), 'half'];
    const { world, replay } = await replaying(all);
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'later', why: 'half breaks a rule' });
    world.lines = [...history(20), 'a whole one'];
    expect(await replay.vouch(headOf(world.lines))).toEqual({ as: 'yes' });
  });

  it('finds a history that was made anew, even if nothing in it breaks a rule and its own copy is gone', async () => {
    const all = history(30);
    const { replay } = await replaying(all.with(3, 'made anew'), headOf(all.slice(0, 20)));
    expect(await replay.vouch(headOf(all.with(3, 'made anew')))).toEqual({
      as: 'no',
      why: 'the first 20 records are not those that were vouched for',
    });
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('blames its own copy, and nobody else, if that was changed', async () => {
    const all = history(30);
    await (await replaying(all)).replay.vouch(headOf(all));
    const why = (what: string) => `${file} was changed: ${what}. Move it aside, and the records are downloaded again`;
    writeFileSync(file, `${all.with(3, 'changed').join('\n')}\n`);
    expect(await (await replaying(all, headOf(all))).replay.vouch(headOf(all))).toEqual({
      as: 'later',
      why: why('the first 30 records are not those that were vouched for'),
    });
    writeFileSync(file, `${all.with(3, 'wrong').join('\n')}\n`);
    expect(await (await replaying(all, headOf(all))).replay.vouch(headOf(all))).toEqual({ as: 'later', why: why('wrong breaks a rule') });
    rmSync(file);
    expect(await (await replaying(all, headOf(all))).replay.vouch(headOf(all))).toEqual({ as: 'yes' });
  });

  it('downloads records again that it never vouched for, before it reports anything about them', async () => {
    const all = history(30);
    await (await replaying(all)).replay.vouch(headOf(all.slice(0, 20)));
    appendFileSync(file, 'wrong\nand more\n');
    const { replay } = await replaying(all, headOf(all.slice(0, 20)));
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'later', why: 'wrong breaks a rule' });
    expect(await replay.vouch(headOf(all))).toEqual({ as: 'yes' });
    expect(copied()).toEqual(all);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend } from '../../libs/command-processing/testing/ledger.js';
import { hashOf } from '../../libs/event-log/record.js';
import { GrowingRoot } from '../../libs/proof/tree/growing-root.js';
import { leafOfRecord } from '../../libs/proof/tree/hashing.js';
import { RecordsCopy } from '../../libs/proof/witness/records-copy.js';
import { Replay } from '../../libs/proof/witness/replay.js';
import { foldHistoryOf } from './fold-history.js';

let folder: string;
let lines: string[];
let copies = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-fold-'));
  const ledger = await openTestLedger();
  for (const command of [...fundedInitiative(1_000n), spend(10n, 'T-1'), spend(9_999n, 'T-2'), spend(20n, 'T-3')])
    await ledger.commands.submit(command);
  lines = (await ledger.entries()).map(({ bytes }) => Buffer.from(bytes).toString());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a replay says of a history whose checkpoint is of exactly these records. */
async function replayed(history: readonly string[], programme = 'p') {
  const root = new GrowingRoot();
  for (const line of history) root.append(leafOfRecord(hashOf(Buffer.from(line))));
  async function* records(after: number): AsyncIterable<Buffer> {
    await Promise.resolve();
    for (const line of history.slice(after)) yield Buffer.from(line);
  }
  const copy = await RecordsCopy.open(join(folder, `${++copies}.ndjson`));
  const options = {
    records,
    copy,
    fold: () => foldHistoryOf(programme),
    vouched: undefined,
    patience: 60_000,
    signal: new AbortController().signal,
  };
  return new Replay(options).vouch({ size: root.size, root: root.root() });
}
/** The history from a record on as its operator would make it anew: every later hash fits. */
function madeAnew(from: number, change: (line: string) => string): string[] {
  const history = lines.slice(0, from);
  for (const line of lines.slice(from)) {
    const previous = history.at(-1);
    const changed = history.length === from ? change(line) : line;
    history.push(
      previous === undefined
        ? changed
        : changed.replace(/"previousHash":"[0-9a-f]{64}"/, `"previousHash":"${hashOf(Buffer.from(previous))}"`),
    );
  }
  return history;
}

describe('the fold of a witness that replays', () => {
  it('vouches for a history as the ledger wrote it, refusals included', async () => {
    expect(lines.length).toBe(7);
    expect(await replayed(lines)).toEqual({ as: 'yes' });
    expect(madeAnew(4, (line) => line)).toEqual(lines);
  });

  it('finds a changed record by the chain, though the tree is of the changed records', async () => {
    expect(await replayed(lines.with(4, lines[4]!.replace('"amount":"10"', '"amount":"11"')))).toEqual({
      as: 'no',
      why: 'the record at position 6: it does not name the hash of the record before: one of the two was changed',
    });
  });

  it('finds what breaks a rule, though all later hashes were made anew', async () => {
    const history = madeAnew(4, (line) => line.replace('"amount":"10"', '"amount":"5000"'));
    expect(await replayed(history)).toEqual({ as: 'no', why: expect.stringMatching(/^the record at position 5: ./) });
  });

  it('says later where the fault is in the last command, of which more may follow', async () => {
    const history = madeAnew(4, (line) => line.replace('"amount":"10"', '"amount":"5000"')).slice(0, 5);
    expect(await replayed(history)).toMatchObject({ as: 'later', why: expect.stringMatching(/^the record at position 5: /) });
  });

  it('takes no record of another programme', async () => {
    expect(await replayed(lines, 'q')).toEqual({ as: 'no', why: 'the record at position 1: it is not a record of q' });
  });
});

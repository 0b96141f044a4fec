import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend } from '../../libs/command-processing/testing/ledger.js';
import { hashOf } from '../../libs/event-log/record.js';
import { FoldedDocuments } from '../../libs/proof/sqlite/folded-documents.js';
import { openSqliteStatements } from '../../libs/proof/sqlite/sqlite-statements.js';
import { makeStatement } from '../../libs/proof/statements/make-statement.js';
import { publishCommand } from '../../libs/proof/statements/publish-command.js';
import { GrowingRoot } from '../../libs/proof/tree/growing-root.js';
import { leafOfRecord } from '../../libs/proof/tree/hashing.js';
import type { TreeHead } from '../../libs/proof/tree/verify.js';
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

/** The head of the tree over exactly these records. */
function headOf(history: readonly string[]): TreeHead {
  const root = new GrowingRoot();
  for (const line of history) root.append(leafOfRecord(hashOf(Buffer.from(line))));
  return { size: root.size, root: root.root() };
}
/** A replay of a history, with the copy in a file, after a head that was vouched for. */
async function replayOf(history: readonly string[], { programme = 'p', file = `${++copies}.ndjson`, vouched }: Replaying = {}) {
  const signal = new AbortController().signal;
  async function* records(after: number): AsyncIterable<Buffer> {
    await Promise.resolve();
    for (const line of history.slice(after)) yield Buffer.from(line);
  }
  const copy = await RecordsCopy.open(join(folder, file));
  const folded = { programme, copy, documents: FoldedDocuments.open(':memory:'), signal };
  return new Replay({ records, copy, fold: (checked) => foldHistoryOf(folded, checked), vouched, patience: 60_000, signal });
}
type Replaying = { programme?: string; file?: string; vouched?: TreeHead };

/** What a replay says of a history whose checkpoint is of exactly these records. */
async function replayed(history: readonly string[], replaying?: Replaying) {
  return (await replayOf(history, replaying)).vouch(headOf(history));
}
/** The history from a record on as its operator would make it anew: every later hash fits. */
function madeAnew(from: number, change: (line: string) => string, before: readonly string[] = lines): string[] {
  const history = before.slice(0, from);
  for (const line of before.slice(from)) {
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

  it('finds a changed record by the chain, even if the tree is of the changed records', async () => {
    expect(await replayed(lines.with(4, lines[4]!.replace('"amount":"10"', '"amount":"11"')))).toEqual({
      as: 'no',
      why: 'the record at position 6: it does not name the hash of the record before: one of the two was changed',
    });
  });

  it('finds a broken rule, even if all later hashes were made anew', async () => {
    const history = madeAnew(4, (line) => line.replace('"amount":"10"', '"amount":"5000"'));
    expect(await replayed(history)).toEqual({ as: 'no', why: expect.stringMatching(/^the record at position 5: ./) });
  });

  it('says later if the fault is in the last command, of which more may follow', async () => {
    const history = madeAnew(4, (line) => line.replace('"amount":"10"', '"amount":"5000"')).slice(0, 5);
    expect(await replayed(history)).toMatchObject({ as: 'later', why: expect.stringMatching(/^the record at position 5: /) });
  });

  it('refuses a record of another programme', async () => {
    expect(await replayed(lines, { programme: 'q' })).toEqual({ as: 'no', why: 'the record at position 1: it is not a record of q' });
  });
});

describe('the fold of a witness that replays a history with statements', () => {
  /** Statements of positions 4 and 8: their records, at positions 7 and 10, come after others. */
  let stated: string[];
  const ofFirst = 6;
  const ofSecond = 9;
  beforeAll(async () => {
    const ledger = await openTestLedger();
    const { log, commands } = ledger;
    const documents = FoldedDocuments.open(':memory:');
    const statements = openSqliteStatements(':memory:', 'write');
    const publish = async (...between: Parameters<typeof commands.submitAll>[0]) => {
      const statement = await makeStatement({ log, partition: 0, documents, statements }, 'p');
      if (!statement) throw new Error('there is a programme');
      for (const command of [...between, publishCommand(statement)])
        expect(await commands.submit(command)).toMatchObject({ kind: 'accepted' });
    };
    for (const command of fundedInitiative(1_000n)) await commands.submit(command);
    await publish(spend(10n, 'T-1'), spend(20n, 'T-2'));
    await commands.submit(spend(30n, 'T-3'));
    await publish(spend(40n, 'T-4'));
    await commands.submit(spend(50n, 'T-5'));
    stated = (await ledger.entries()).map(({ bytes }) => Buffer.from(bytes).toString());
    documents.close();
    await statements.close();
  });
  const lie = (line: string) => line.replace(/"root":"[0-9a-f]{64}"/, `"root":"${'ab'.repeat(32)}"`);
  const found = (position: number, of: number) =>
    new RegExp(
      `^the record at position ${position}: it says that the 2 documents as of position ${of} have the root (ab){32}, and the records fold to 2 with [0-9a-f]{64}$`,
    );

  it('vouches for true statements, even if other records lie between their position and their own record', async () => {
    expect(stated).toHaveLength(11);
    expect(stated[ofFirst]).toContain('"type":"StatementPublished","schema":1,"data":{"position":4,');
    expect(stated[ofSecond]).toContain('"type":"StatementPublished","schema":1,"data":{"position":8,');
    expect(await replayed(stated)).toEqual({ as: 'yes' });
  });

  it('vouches for no false statement, even if all later hashes were made anew', async () => {
    expect(await replayed(madeAnew(ofFirst, lie, stated))).toEqual({ as: 'no', why: expect.stringMatching(found(7, 4)) });
    expect(await replayed(madeAnew(ofSecond, lie, stated))).toEqual({ as: 'no', why: expect.stringMatching(found(10, 8)) });
  });

  it('says so at once if the false statement is the last record, because nothing that follows makes it true', async () => {
    const history = madeAnew(ofSecond, lie, stated).slice(0, ofSecond + 1);
    expect(await replayed(history)).toEqual({ as: 'no', why: expect.stringMatching(found(10, 8)) });
  });

  it('finds a true root of other documents, and a statement of an earlier or later position than it can be', async () => {
    const [size, of] = [
      (line: string) => line.replace('"size":2', '"size":3'),
      (line: string) => line.replace('"position":8,"size"', '"position":9,"size"'),
    ];
    expect(await replayed(madeAnew(ofSecond, size, stated))).toMatchObject({ as: 'no', why: expect.stringContaining('the 3 documents') });
    expect(await replayed(madeAnew(ofSecond, of, stated))).toMatchObject({ as: 'no', why: expect.stringContaining('as of position 9') });
    const early = (line: string) => line.replace('"position":8,"size"', '"position":4,"size"');
    expect(await replayed(madeAnew(ofSecond, early, stated))).toEqual({
      as: 'no',
      why: 'the record at position 10: it is of position 4, and must be of a later one than 4',
    });
    const late = (line: string) => line.replace('"position":8,"size"', '"position":10,"size"');
    expect(await replayed(madeAnew(ofSecond, late, stated))).toEqual({
      as: 'no',
      why: 'the record at position 10: it is of position 10, which is not before it',
    });
  });

  it('finds a false statement after a restart, from its own copy of the records before it', async () => {
    const before = stated.slice(0, ofSecond);
    const replaying = { file: 'restarted.ndjson' };
    expect(await replayed(before, replaying)).toEqual({ as: 'yes' });
    const restarted = { ...replaying, vouched: headOf(before) };
    expect(await replayed(madeAnew(ofSecond, lie, stated), restarted)).toEqual({ as: 'no', why: expect.stringMatching(found(10, 8)) });
    expect(await replayed(stated, restarted)).toEqual({ as: 'yes' });
  });

  it('goes on with the next records if it folded statements before', async () => {
    const history = [...stated];
    const replay = await replayOf(history);
    for (const size of [5, 7, 8, 9, 11]) expect(await replay.vouch(headOf(history.slice(0, size)))).toEqual({ as: 'yes' });
  });
});

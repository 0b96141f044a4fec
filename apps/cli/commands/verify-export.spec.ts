import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend } from '../../../libs/command-processing/testing/ledger.js';
import { hashOf, type LedgerRecord } from '../../../libs/event-log/record.js';
import type { KeptHead } from '../../../libs/projections/kept-heads.js';
import { statusOf } from './verdict-in-words.js';
import { verifyExport } from './verify.js';

let folder: string;
let lines: string[];
/** The heads of `p` and `q` at their ends. */
let kept: KeptHead[];

/** An export of two programmes, `p` with six records and `q` with four. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-export-'));
  const ledger = await openTestLedger();
  const ofP = [...fundedInitiative(1_000n), spend(10n, 'T-1'), spend(9_999n, 'T-2')];
  for (const command of ofP) await ledger.commands.submit(command);
  for (const command of fundedInitiative(5n)) await ledger.commands.submit({ ...command, programme: 'q' });
  lines = (await ledger.entries()).map(({ bytes }) => Buffer.from(bytes).toString());
  kept = [5, 9].map((index) => headOf(lines[index]!));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const headOf = (line: string): KeptHead => {
  const { programme, position } = JSON.parse(line) as LedgerRecord;
  return { programme, position, hash: hashOf(Buffer.from(line)) };
};
async function verified(exported: readonly string[], heads: readonly KeptHead[] = [], programme?: string) {
  const file = join(folder, 'export.ndjson');
  writeFileSync(file, exported.map((line) => `${line}\n`).join(''));
  const verdict = await verifyExport(file, { kept: heads, ...(programme !== undefined && { programme }), progress: () => undefined });
  return { ...verdict, status: statusOf(verdict) };
}
const without = (...positions: number[]) => lines.filter((_line, index) => !positions.includes(index + 1));

describe('an export, verified without a ledger,', () => {
  it('is sound as the ledger wrote it, and contains the heads that were kept, the latest and earlier ones', async () => {
    const verdict = await verified(lines, [...kept, headOf(lines[1]!)]);
    expect(verdict).toEqual({
      status: 0,
      sound: true,
      faults: [],
      unchecked: [],
      history: { records: 10, events: 9, refusals: 1, initiatives: 2 },
      heads: kept,
      statements: 0,
    });
  });

  it('is wrong if a record was changed or left out, each programme by itself, with the heads as they are there', async () => {
    const [changed, heads] = [lines.map((line) => line.replace('"amount":"10"', '"amount":"11"')), kept];
    expect(await verified(changed.filter((_line, index) => index !== 7))).toMatchObject({
      status: 1,
      sound: false,
      faults: [
        'the record at position 6 of p (line 6): it does not name the hash of the record before: one of the two was changed',
        'the record at position 3 of q (line 8): position 2 is missing',
      ],
      heads,
    });
  });

  it('is wrong if a line is no record, which hides nothing else', async () => {
    const [first = '', ...rest] = lines;
    const { faults, status } = await verified([first, 'no record', ...rest.map((line) => line.replace('"amount":"5"', '"amount":"6"'))]);
    expect(status).toBe(1);
    expect(faults).toEqual([
      'line 2: the bytes are not JSON in UTF-8',
      expect.stringMatching(/^the record at position 3 of q \(line 10\): it does not name/),
    ]);
  });

  it('is wrong if its end is missing, by the heads that were kept', async () => {
    expect(await verified(without(5, 6))).toMatchObject({ status: 0 });
    expect(await verified(without(5, 6), kept)).toMatchObject({
      status: 1,
      faults: ['the history of p ends at position 4, but a kept head says that it had 6 records: its end is missing'],
    });
  });

  it('is wrong if a programme was left out, by the heads that were kept', async () => {
    expect((await verified(without(7, 8, 9, 10), kept)).faults).toEqual([
      'the programme q is missing: a kept head says that it had 4 records',
    ]);
  });

  it('is wrong if it was written anew, hashes and all, by the heads that were kept', async () => {
    const last = lines[9]!.replace('"amount":"5"', '"amount":"4"');
    expect((await verified([...lines.slice(0, 9), last])).faults).toEqual([]);
    expect((await verified([...lines.slice(0, 9), last], kept)).faults).toEqual([
      `the record at position 4 of q has the hash ${headOf(last).hash}, but a kept head says ${kept[1]!.hash}: the two histories differ`,
    ]);
  });

  it('of one programme is held to the heads of that one', async () => {
    expect(await verified(lines.slice(6), kept, 'q')).toMatchObject({ status: 0, heads: [kept[1]] });
    expect(await verified(lines, kept, 'p')).toMatchObject({ status: 0, heads: [kept[0]] });
    await expect(verified(lines, [], 'z')).rejects.toThrow('there is no programme z in this ledger');
  });

  it('is sound with the line ends of Windows, and wrong if it was cut in the middle of a record', async () => {
    expect(
      await verified(
        lines.map((line) => `${line}\r`),
        kept,
      ),
    ).toMatchObject({ status: 0 });
    expect((await verified([...lines.slice(0, 9), lines[9]!.slice(0, 100)])).faults).toEqual(['line 10: the bytes are not JSON in UTF-8']);
  });
});

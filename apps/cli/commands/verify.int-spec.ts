import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quickFolder } from '../../../libs/sqlite/testing/quick-folder.js';
import { OtherFormat } from '../../../libs/sqlite/database.js';
import { fundedInitiative, openTestLedger, spend } from '../../../libs/command-processing/testing/ledger.js';
import { openSqliteEventLog, readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { build } from '../../../libs/projections/runner.js';
import { openSqliteReadModels } from '../../../libs/read-models/sqlite/sqlite-read-models.js';
import { readConfiguration } from '../../configuration.js';
import { generationOfCode } from '../../code-version.js';
import { exportRecords } from './export.js';
import { verify } from './verify.js';

let folder: string;
const file = (name: string) => join(folder, name);
const configuration = () => readConfiguration({ DATA_DIR: folder });
const noOptions = { kept: [], progress: () => undefined };

/** The export of the ledger in the folder; `undefined` if it fails. */
async function exported(): Promise<string | undefined> {
  let text = '';
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString('latin1');
      done();
    },
  });
  try {
    const log = readSqliteEventLog(file('ledger.sqlite'));
    try {
      await exportRecords(log, { after: 0 }, to);
    } finally {
      await log.close();
    }
    return text;
  } catch {
    return undefined;
  }
}

/** A closed ledger of six records, one of them a refusal, and its read models. */
beforeAll(async () => {
  folder = quickFolder('ledger-verify-');
  const log = openSqliteEventLog(file('ledger.sqlite'));
  const ledger = await openTestLedger({ log });
  for (const command of [...fundedInitiative(1_000n), spend(10n, 'T-1'), spend(9_999n, 'T-2')]) await ledger.commands.submit(command);
  await ledger.commands.close();
  const models = openSqliteReadModels(file('read-models.sqlite'));
  await build({ log, partition: 0, models, generation: generationOfCode() }, new AbortController().signal);
  await models.close();
  await log.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('ledger verify', () => {
  it('finds a ledger sound and says what it looked at', async () => {
    const verdict = await verify(configuration(), noOptions);
    expect(verdict).toMatchObject({
      sound: true,
      history: { records: 6, events: 5, refusals: 1, initiatives: 1 },
      heads: [{ programme: 'p', position: 6 }],
    });
    // Six records and their entries, an initiative, its authority, the programme, their sums of the month, and the sums of the one day in its short and its
    // long period.
    expect(verdict.documents).toBe(19);
  });

  it('finds any changed byte of the log, or the export is the same', async () => {
    const original = readFileSync(file('ledger.sqlite'));
    const before = await exported();
    expect(before?.split('\n')).toHaveLength(7);
    const unnoticed: number[] = [];
    let changed = 0;
    for (let at = 0; at < original.length; at++) {
      const copy = Buffer.from(original);
      copy[at] = (copy[at] ?? 0) ^ (1 + ((at * 89) % 255));
      writeFileSync(file('ledger.sqlite'), copy);
      if ((await exported()) === before) continue;
      changed++;
      // Another format number is neither right nor wrong: it is reported, and nothing is checked.
      const verdict = await verify(configuration(), noOptions).catch((error: unknown) => {
        if (error instanceof OtherFormat) return undefined;
        throw error;
      });
      if (verdict && (verdict.sound || verdict.faults.length === 0)) unnoticed.push(at);
    }
    writeFileSync(file('ledger.sqlite'), original);
    expect(unnoticed).toEqual([]);
    // Every byte of six records matters, and more.
    expect(changed).toBeGreaterThan(2_500);
  });

  it('names a document that differs from the log', async () => {
    await copyFile(file('read-models.sqlite'), file('kept.sqlite'));
    // In every copy: pages keep unused copies of moved rows.
    const text = readFileSync(file('read-models.sqlite'), 'latin1');
    expect(text).toContain('"spent":"10"');
    writeFileSync(file('read-models.sqlite'), text.replaceAll('"spent":"10"', '"spent":"11"'), 'latin1');
    const verdict = await verify(configuration(), noOptions);
    expect(verdict.sound).toBe(false);
    expect(verdict.faults).toEqual([expect.stringMatching(/^the document p/)]);
    await copyFile(file('kept.sqlite'), file('read-models.sqlite'));
  });
});

/** `ledger verify` compares everything that answers are read from, and finds any change of the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generationOfCode } from '../apps/code-version.js';
import { verify } from '../apps/cli/commands/verify.js';
import { readConfiguration } from '../apps/configuration.js';
import { fundedInitiative, openTestLedger } from '../libs/command-processing/testing/ledger.js';
import { openSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { initiatives } from '../libs/projections/initiatives/collection.js';
import { collections } from '../libs/projections/projections.js';
import { build } from '../libs/projections/runner.js';
import { openSqliteReadModels } from '../libs/read-models/sqlite/sqlite-read-models.js';

describe('read models that somebody has changed', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-verify-'));
    const log = openSqliteEventLog(file('ledger.sqlite'));
    const ledger = await openTestLedger({ log });
    for (const command of fundedInitiative(1_000n)) await ledger.commands.submit(command);
    await ledger.commands.close();
    const models = openSqliteReadModels(file('read-models.sqlite'));
    await build({ log, partition: 0, models, generation: generationOfCode() }, new AbortController().signal);
    await models.close();
    await log.close();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The column of a field of initiatives. */
  const funded = `f${Object.keys(initiatives.fields).indexOf('funded')}`;
  /** The table of initiatives, by its place among the collections. */
  const table = `g1_c${collections.findIndex(({ name }) => name === initiatives.name)}`;
  const remedy = 'read models are no part of the history: stop the ledger and run `ledger forget-caches`; the next start folds them again';
  it.each([
    [
      'the value that a list is sorted by',
      `UPDATE ${table} SET ${funded} = ‹0000000000000000000000007›`,
      /^the document p\/i of initiatives: .*queries compare it by funded "0000000000000000000000007", not "/,
    ],
    [
      'a row of the search index that is gone',
      `DELETE FROM ${table}_search`,
      /^the read models: the search index does not find the document p\/i of initiatives by its text; /,
    ],
    [
      'an index that is gone',
      `DROP INDEX ${table}_by_${funded}`,
      new RegExp(`^the read models: the index ${table}_by_${funded} of ${table} is not declared as it was made; `),
    ],
    [
      'a generation that serves and is none',
      'UPDATE serving SET generation = ‹x›',
      /^the read models: the serving generation, x, does not exist; /,
    ],
    [
      'an offset that the log does not have',
      'UPDATE generations SET checkpoint = ‹{"0":16}›',
      /^the read models: the checkpoint is offset 16 of partition 0, which the log does not have; /,
    ],
    ['a head that is another', 'UPDATE heads SET hash = ‹0›', /^the document p of heads: the head is not the one that the log has; /],
  ])('are found, and verify names the remedy: %s', async (_what, change, expected) => {
    const database = new DatabaseSync(file('read-models.sqlite'));
    database.exec(change.replace(/[‹›]/g, "'"));
    database.close();
    const { sound, faults, unchecked } = await verify(readConfiguration({ DATA_DIR: folder }), { kept: [], progress: () => undefined });
    expect({ sound, faults, unchecked }).toEqual({ sound: false, faults: [expect.stringMatching(expected)], unchecked: [] });
    expect(faults[0]).toContain(remedy);
  });
});

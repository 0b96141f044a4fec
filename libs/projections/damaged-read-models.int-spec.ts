import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend } from '../command-processing/testing/ledger.js';
import type { EventLog } from '../event-log/ports.js';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import type { ReadModels, ScannedDocument } from '../read-models/ports.js';
import { quickFolder } from '../sqlite/testing/quick-folder.js';
import { openSqliteReadModels } from '../read-models/sqlite/sqlite-read-models.js';
import { collections } from './projections.js';
import { build } from './runner.js';
import { verifyReadModels } from './verify-read-models.js';

const generation = 'g';
const pageSize = 4_096;

describe('a file of read models that somebody or something has changed', () => {
  let folder: string;
  let file: string;
  let log: EventLog;
  let original: Buffer;
  let questions: Question[];
  beforeAll(async () => {
    folder = quickFolder('ledger-damaged-');
    file = join(folder, 'read-models.sqlite');
    log = new MemoryEventLog();
    const ledger = await openTestLedger({ log });
    for (const command of [...fundedInitiative(1_000n), spend(10n, 'T-1'), spend(9_999n, 'T-2')]) await ledger.commands.submit(command);
    const models = openSqliteReadModels(file);
    await build({ log, partition: 0, models, generation }, new AbortController().signal);
    await models.close();
    await ledger.commands.close();
    original = readFileSync(file);
    questions = await questionsOf(original);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Opens the file with some of its bytes changed. @throws the error that a reader gets */
  async function withFile<T>(bytes: Buffer, use: (models: ReadModels) => Promise<T>): Promise<T> {
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    writeFileSync(file, bytes);
    const models = openSqliteReadModels(file, 'snapshot');
    try {
      return await use(models);
    } finally {
      await models.close();
    }
  }

  type Question = (models: ReadModels) => Promise<unknown>;
  /** All questions that readers can ask of the file. */
  async function questionsOf(bytes: Buffer): Promise<Question[]> {
    return withFile(bytes, async (models) => {
      const asked: Question[] = [
        (of) => of.serving(),
        (of) => of.generations(),
        (of) => of.checkpoint(generation),
        async (of) => [...(await of.heads(generation))],
        (of) => of.head(generation, 'p'),
      ];
      for (const { name, fields, scope, filters, sorts, lookups = [], search } of collections) {
        const documents: ScannedDocument[] = [];
        for await (const some of models.scan(generation, name)) documents.push(...some);
        const keys = documents.map(({ key }) => key);
        const valuesOf = (field: string) => {
          const at = Object.keys(fields).indexOf(field);
          return [...new Set(documents.map(({ comparedBy }) => comparedBy[at] ?? ''))];
        };
        asked.push((of) => of.getAllShown(generation, name, keys));
        asked.push((of) => of.get(generation, name, keys));
        const equals = filters.flatMap((field) =>
          valuesOf(field).map((value) => ({ equals: { [field]: fields[field] === 'flag' ? value === 1 : value } })),
        );
        const searches = search === undefined ? [] : ['i', 'init', 'itle', 'zzzz'].map((text) => ({ search: text }));
        for (const value of valuesOf(scope))
          for (const sort of sorts)
            for (const more of sort === sorts[0] ? [{}, { descending: true }, ...equals, ...searches] : [{ range: {} }])
              asked.push((of) => of.findShown(generation, name, { scope: value, sort, limit: 2, ...more }));
        for (const field of lookups)
          for (const value of valuesOf(field)) asked.push((of) => of.lookUp(generation, name, field, String(value)));
      }
      return asked;
    });
  }
  /** The answers as JSON text, or the error that a reader gets. */
  const answersOf = (bytes: Buffer) =>
    withFile(bytes, async (models) => {
      const answers: unknown[] = [];
      for (const question of questions) answers.push(await question(models));
      return JSON.stringify(answers);
    }).catch((error: unknown) => String(error));

  /** The faults that verification finds, or its error. `folded` is a fresh fold, as far as the file was folded before its change. */
  const found = (bytes: Buffer, folded: ReadModels) =>
    withFile(bytes, async (models) => {
      const isAsFar = isDeepStrictEqual(await models.checkpoint(generation), await folded.checkpoint(generation));
      const fresh = isAsFar ? folded : openSqliteReadModels(':memory:');
      const verdict = await verifyReadModels({ log, models, fresh, generation, isCompared: () => true });
      if (!isAsFar) await fresh.close();
      return verdict ? (verdict.storeFault ?? verdict.faults[0]?.found) : 'nothing was compared';
    }).catch((error: unknown) => String(error));

  it('is found out by verifying any changed byte, or readers get the same as before', async () => {
    const folded = openSqliteReadModels(':memory:');
    await build({ log, partition: 0, models: folded, generation }, new AbortController().signal);
    const whole = await answersOf(original);
    expect(JSON.parse(whole)).toHaveLength(questions.length);
    expect(await found(original, folded)).toBeUndefined();
    const unnoticed: number[] = [];
    let changed = 0;
    for (const at of bytesToChange(original)) {
      const copy = Buffer.from(original);
      copy[at] = (copy[at] ?? 0) ^ (1 + ((at * 89) % 255));
      if ((await answersOf(copy)) === whole) continue;
      changed++;
      if ((await found(copy, folded)) === undefined) unnoticed.push(at);
    }
    await folded.close();
    expect(unnoticed).toEqual([]);
    expect(changed).toBeGreaterThan(300);
  }, 600_000);
});

/**
 * The first bytes of each page, which say how to read it, every 37th of the other bytes, and every 997th zero byte. Changing every byte would take ten
 * minutes.
 */
function bytesToChange(file: Buffer): number[] {
  const used: number[] = [];
  const empty: number[] = [];
  for (const [at, byte] of file.entries()) (byte === 0 ? empty : used).push(at);
  const isSampled = (at: number, index: number) => index % 37 === 0 || at < 100 || at % pageSize < 8;
  return [...used.filter(isSampled), ...empty.filter((_at, index) => index % 997 === 0)];
}

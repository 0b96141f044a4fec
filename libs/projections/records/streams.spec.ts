/** A reading as of a past day reads no more of the history of a programme with many requests than of one with few. */
import { describe, expect, it } from '@jest/globals';
import {
  actor,
  admin,
  command,
  establish,
  finance,
  fund,
  fundedInitiative,
  openTestLedger,
} from '../../command-processing/testing/ledger.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { initiative } from '../initiatives/reads.js';
import { Source } from '../source.js';
import { project } from '../testing/random-history.js';
import { appropriations } from '../totals/appropriations.js';
import { fiscalYears, programme } from '../totals/reads.js';
import { requests } from '../requests/reads.js';
import { records, streamOfRecord } from './collection.js';

const second = actor('finance', 'ministry-of-finance', 'second');
const asOf = { knownBy: '2024-06-30T00:00:00.000Z' };
const readings = {
  programme: (source: Source) => programme(source, 'p', asOf),
  fiscalYears: (source: Source) => fiscalYears(source, 'p', asOf),
  appropriations: (source: Source) => appropriations(source, 'p', asOf, { limit: 100 }),
  initiative: (source: Source) => initiative(source, 'p', 'i', asOf),
} as const;

/** What each reading says, and how many records its searches found, in a programme with a number of requests. */
async function read(many: number) {
  const ledger = await openTestLedger();
  const [, ...rest] = fundedInitiative(1_000n);
  const approvals = [{ command: 'FundInitiative', above: 1_000n, role: 'finance' }] as const;
  const held = Array.from({ length: many }, (_, index) => fund(2_000n, `X-${index}`));
  const ends = held.flatMap((_, index) => [command('ReturnRequest', second, { requestId: `R-${index + 4}`, reason: 'why' })]);
  const outcomes = await ledger.commands.submitAll([
    establish({ approvals }),
    ...rest,
    command('AdjustAppropriation', finance, { fiscalYear: 2024, adjustmentId: 'B-1', change: 9_000n, legalBasis: 'law' }),
    ...held,
    ...ends,
    command('AmendProgramme', admin, { title: { ky: 'P' }, reason: 'why' }),
  ]);
  expect(outcomes.filter(({ kind }) => kind !== 'accepted')).toEqual([]);
  const models = new MemoryReadModels();
  await project(ledger, models);
  await models.serve('g');
  let found = 0;
  const counting = Object.assign(Object.create(models) as MemoryReadModels, {
    find: async (...[generation, collection, query]: Parameters<MemoryReadModels['find']>) => {
      const page = await models.find(generation, collection, query);
      if (collection === records.name) found += page.documents.length;
      return page;
    },
  });
  const source = new Source(counting);
  const answers: { [what: string]: { found: number; answer: unknown } } = {};
  for (const [what, reading] of Object.entries(readings)) {
    found = 0;
    const answer = await reading(source);
    answers[what] = { found, answer };
  }
  const listed = await requests(source, 'p', { filter: {}, paging: { limit: 1_000 } }, admin, ledger.clock.now);
  return { answers, requests: listed?.total };
}

describe('a programme with 300 requests', () => {
  it('is read as of a past day from as many records as one with three, and says the same but for its version', async () => {
    const [few, many] = [await read(3), await read(300)];
    expect([few.requests, many.requests]).toEqual([3, 300]);
    const foundIn = ({ answers }: typeof few) => Object.entries(answers).map(([what, { found }]) => [what, found]);
    expect(foundIn(many)).toEqual(foundIn(few));
    expect(foundIn(few)).toEqual([
      ['programme', 4],
      ['fiscalYears', 4],
      ['appropriations', 8],
      ['initiative', 6],
    ]);
    expect(many.answers['appropriations']?.answer).toMatchObject({ items: [{ amount: '1000' }, { change: '9000' }] });
    expect(many.answers['programme']?.answer).toMatchObject({ version: 604, title: { ky: 'P' }, appropriated: '10000', funded: '1000' });
    expect(many.answers['initiative']?.answer).toEqual(few.answers['initiative']?.answer);
  });
});

describe('the history that a record is read in', () => {
  it('is known by the type of its event, whatever the fields of other events are called', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll([...fundedInitiative(1_000n)]);
    const last = (await ledger.records()).at(-1);
    if (last?.type !== 'InitiativeFunded') throw new Error('the last record is not of a funding');
    const alike = { ...last, data: { ...last.data, requestId: 'R-1' } };
    expect(streamOfRecord(alike)).toBe('p/i');
  });
});

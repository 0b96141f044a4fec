import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fundedInitiative, openTestLedger, spend, command, justice, finance, actor } from '../command-processing/testing/ledger.js';
import type { Entry } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import { ledgerOf, manyAttempts, rules } from './testing/random-history.js';
import { HistoryCheck } from './verify-history.js';

type Json = { [key: string]: unknown };
type Forge = (records: Json[]) => Json[];

function check(entries: readonly Entry[]): string | undefined {
  const history = new HistoryCheck();
  for (const entry of entries) {
    const fault = history.add(entry);
    if (fault) return `${String(fault.position)}: ${fault.found}`;
  }
  return undefined;
}

/** A history forged by somebody with access to the file: every hash is valid again, so the chain alone shows no fault. */
async function forged(forge: Forge): Promise<Entry[]> {
  const ledger = await openTestLedger();
  const back = actor('finance', 'ministry-of-finance', 'other');
  const commands = [
    ...fundedInitiative(100n),
    spend(60n, 'T-1'),
    spend(999n, 'T-2'),
    command('ReverseSpending', justice, { reversalId: 'R-1', transactionId: 'T-1', amount: 10n, reason: 'error' }),
    command('ReturnFunds', justice, { returnId: 'U-1', fiscalYear: 2024, amount: 50n }),
    command('StartFinalizing', justice, {}),
    command('FinalizeInitiative', back, {}),
    command('CloseFiscalYear', finance, { fiscalYear: 2024 }),
  ];
  for (const one of commands) await ledger.commands.submit(one);
  const records = (await ledger.entries()).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Json);
  let previousHash = '0'.repeat(64);
  return forge(records).map((record, offset) => {
    const bytes = Buffer.from(JSON.stringify({ ...record, position: offset + 1, previousHash }));
    previousHash = hashOf(bytes);
    return { kind: 'record', bytes, programme: String(record['programme']), position: offset + 1, offset };
  });
}
const change =
  (position: number, more: Json, data: Json = {}, context: Json = {}): Forge =>
  (records) =>
    records.map((record, index) =>
      index === position - 1
        ? { ...record, ...more, data: { ...(record['data'] as Json), ...data }, context: { ...(record['context'] as Json), ...context } }
        : record,
    );
const withoutPosition =
  (position: number): Forge =>
  (records) =>
    records.filter((_record, index) => index !== position - 1);

describe('a history as the ledger wrote it', () => {
  it('is sound, whatever was tried', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, async (tried, established) => {
        expect(check(await (await ledgerOf(tried, established)).entries())).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
  it('is sound when nothing was changed', async () => {
    expect(check(await forged((records) => records))).toBeUndefined();
  });
});

describe('a history that somebody changed, hashes and all, is found out', () => {
  it.each<[string, Forge, RegExp]>([
    [
      'more funded than appropriated',
      change(4, {}, { amount: '101' }),
      /^4: 101 of 2024 is funded and not returned, above the appropriation of 100/,
    ],
    ['more spent than funded', change(5, {}, { amount: '101' }), /^5: i has -1 of 2024 available/],
    ['more reversed than spent', change(7, {}, { amount: '61' }), /^7: more of the transaction T-1 is taken back than there was/],
    ['less returned, so that an end leaves money', change(8, {}, { amount: '49' }), /^10: i has ended with 1 unspent/],
    ['a programme established twice', (records) => [records[0]!, ...records], /^2: the programme was established before/],
    ['a record before its programme', withoutPosition(1), /^1: its programme is not established/],
    ['an initiative nobody proposed', withoutPosition(3), /^3: its initiative was not proposed/],
    ['an initiative proposed twice', (records) => [...records.slice(0, 3), ...records.slice(2)], /^4: the initiative was proposed before/],
    ['an event left out', withoutPosition(4), /^4: version 2 is missing: it says version 3/],
    ['a version used twice', change(5, { version: 2 }), /^5: version 3 is missing: it says version 2/],
    ['a status it did not have', change(5, {}, {}, { statusBefore: 'proposed' }), /^5: it says the status was proposed, and it was funded/],
    [
      'a status it does not reach',
      change(5, {}, {}, { statusAfter: 'finalized' }),
      /^5: it says the status becomes finalized, and it becomes spending/,
    ],
    [
      'a transaction used twice',
      (records) =>
        records.flatMap((record, index) =>
          index === 4
            ? [record, { ...record, version: 4, context: { ...(record['context'] as Json), statusBefore: 'spending' } }]
            : [record],
        ),
      /^6: the transaction T-1 is recorded twice/,
    ],
    ['a reversal of nothing', change(7, {}, { transactionId: 'T-9' }), /^7: it refers to the transaction T-9, which is not recorded/],
    ['a date after it was recorded', change(5, { occurredOn: '2024-06-02' }), /^5: it is dated 2024-06-02, after the day it was recorded/],
    [
      'a date before its initiative',
      change(5, { occurredOn: '2024-05-31' }),
      /^5: it is dated 2024-05-31, before its initiative was proposed/,
    ],
    ['a moment that goes back', change(5, { recordedAt: '2024-05-31T00:00:00.000Z' }), /^5: it was recorded before the record before it/],
    ['a type nobody knows', change(5, { type: 'MoneyVanished' }), /^5: not a record of a known type/],
    ['a field more', change(5, { note: 'x' }), /^5: its bytes are not those/],
    [
      'another order of fields',
      (records) => records.map((record) => Object.fromEntries(Object.entries(record).reverse())),
      /^1: its bytes are not those/,
    ],
    ['an amount that is none', change(5, {}, { amount: 'many' }), /^5: /],
  ])('%s', async (_what, forge, says) => {
    expect(check(await forged(forge))).toMatch(says);
  });

  it('a refusal before its programme', async () => {
    expect(check(await forged((records) => [records[5]!]))).toMatch(/^1: a refusal comes before the establishment of its programme/);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  admin,
  fundedInitiative,
  openTestLedger,
  propose,
  spend,
  command,
  justice,
  finance,
  actor,
} from '../command-processing/testing/ledger.js';
import type { Command } from '../domain/commands.js';
import type { Entry } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import { ledgerOf, manyAttempts, rules } from './testing/random-history.js';
import { HistoryCheck } from './verify-history.js';

type Json = { [key: string]: unknown };
const wholeLife = () => [
  ...fundedInitiative(100n),
  spend(60n, 'T-1'),
  spend(999n, 'T-2'),
  reverse(),
  command('ReturnFunds', justice, { returnId: 'U-1', fiscalYear: 2024, amount: 50n }),
  command('StartFinalizing', justice, {}),
  command('FinalizeInitiative', actor('finance', 'ministry-of-finance', 'other'), {}),
  command('CloseFiscalYear', finance, { fiscalYear: 2024 }),
];
const reverse = () => command('ReverseSpending', justice, { reversalId: 'R-1', transactionId: 'T-1', amount: 10n, reason: 'error' });
const commit = (commitmentId: string) => command('MakeCommitment', justice, { commitmentId, supplier: 'S', amount: 40n });
/** Two commitments (records 5 and 6), a drawing from the first (7), its reversal (8), and a release (9). */
const contracts = () => [
  ...fundedInitiative(100n),
  commit('C-1'),
  commit('C-2'),
  command('RecordSpending', justice, { transactionId: 'T-1', amount: 30n, commitmentId: 'C-1' }),
  reverse(),
  command('ReleaseCommitment', justice, { commitmentId: 'C-2', reason: 'why' }),
];

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
async function forged(forge: Forge, commands: readonly Command[] = wholeLife(), now = '2024-06-01T06:00:00.000Z'): Promise<Entry[]> {
  const ledger = await openTestLedger({ clock: { now: Date.parse(now) } });
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

describe('verifying a history that somebody changed, hashes and all,', () => {
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

  it.each<[string, Forge, RegExp]>([
    ['more committed than is free', change(6, {}, { amount: '61' }), /^6: i has 101 of 2024 committed, and 100 unspent/],
    ['more drawn than committed', change(7, {}, { amount: '41' }), /^7: more of the commitment C-1 is taken back than there was/],
    ['a drawing from none', change(7, {}, { commitmentId: 'C-9' }), /^7: it refers to the commitment C-9, which is not recorded/],
    ['a drawing from another', change(7, {}, { commitmentId: 'C-2' }), /^7: it is drawn from C-1, and names C-2/],
    [
      'a drawing in another year',
      change(7, {}, {}, { commitment: { id: 'C-1', fiscalYear: 2023 } }),
      /^7: it says that the commitment C-1 is of 2023, and it is of 2024/,
    ],
    [
      'a reversal for another',
      change(8, {}, {}, { commitment: { id: 'C-2', fiscalYear: 2024 } }),
      /^8: it gives back to the commitment C-2, from which nothing was drawn/,
    ],
    ['less released than is open', change(9, {}, { amount: '39' }), /^9: it releases 39 of the commitment C-2, and 40 is open/],
    [
      'a commitment released twice',
      (records) => [...records, { ...records[8], version: 8, data: { commitmentId: 'C-2', amount: '0', reason: 'again' } }],
      /^10: it refers to the commitment C-2, which was released/,
    ],
  ])('%s', async (_what, forge, says) => {
    expect(check(await forged(forge, contracts()))).toMatch(says);
  });
  it('finds nothing if nothing was changed, with commitments', async () => {
    expect(check(await forged((records) => records, contracts()))).toBeUndefined();
  });

  it('finds a refusal before its programme', async () => {
    expect(check(await forged((records) => [records[5]!]))).toMatch(/^1: a refusal comes before the establishment of its programme/);
  });
});

describe('verifying a transfer that somebody changed, hashes and all,', () => {
  const transferred = async (forge: Forge): Promise<string | undefined> => {
    const ledger = await openTestLedger();
    const transfer = { transferId: 'X-1', to: 'j', fiscalYear: 2024, amount: 40n, legalBasis: 'decree' };
    await ledger.commands.submitAll([...fundedInitiative(100n), propose('j'), command('TransferFunding', finance, transfer)]);
    const written = await ledger.entries();
    const records = written.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Json);
    let previousHash = '0'.repeat(64);
    return check(
      forge(records).map((record, index): Entry => {
        const bytes = Buffer.from(JSON.stringify({ ...record, position: index + 1, previousHash }));
        previousHash = hashOf(bytes);
        const { command: ref } = written[index]!;
        return { kind: 'record', bytes, programme: 'p', position: index + 1, offset: index, ...(ref && { command: ref }) };
      }),
    );
  };
  const alone: Forge = (records) => {
    const given = records[5]!;
    return records.toSpliced(6, 1, { ...given, version: 4, data: { ...(given['data'] as Json), transferId: 'X-2' } });
  };

  it.each<[string, Forge, RegExp]>([
    [
      'more given than there was',
      (records) => change(6, {}, { amount: '101' })(change(7, {}, { amount: '101' })(records)),
      /^7: i has -1 of 2024/,
    ],
    ['more taken than given', change(7, {}, { amount: '41' }), /^7: the transfer that i gave has no taker/],
    ['taken by another', change(6, {}, { to: 'k' }), /^7: the transfer that i gave has no taker/],
    ['taken from another', change(7, {}, { from: 'k' }), /^7: the transfer that i gave has no taker/],
    ['taken of another year', change(7, {}, {}, { fiscalYear: 2023 }), /^7: the transfer that i gave has no taker/],
    ['given and taken by nobody', alone, /^7: the transfer that i gave has no taker/],
    ['taken and not given', change(6, {}, { to: undefined, from: 'j' }), /^6: nobody gave the transfer X-1/],
  ])('%s', async (_what, forge, says) => {
    expect(await transferred(forge)).toMatch(says);
  });

  it('finds nothing as the ledger wrote it', async () => {
    expect(await transferred((records) => records)).toBeUndefined();
  });
});

/** 2024 is closed (record 6). A carry-over from 2025 (9), another initiative (10), and a transfer to it of money of 2025 (11 and 12). */
const movedOn = () => [
  ...fundedInitiative(100n),
  command('ReturnFunds', justice, { returnId: 'U-1', fiscalYear: 2024, amount: 100n }),
  command('CloseFiscalYear', finance, { fiscalYear: 2024 }),
  command('GrantAppropriation', finance, { fiscalYear: 2025, amount: 500n, legalBasis: 'law' }),
  command('FundInitiative', finance, { fundingId: 'F-25', fiscalYear: 2025, amount: 100n }),
  command('CarryOver', finance, { carryOverId: 'O-1', fiscalYear: 2025, amount: 40n, legalBasis: 'law' }),
  propose('j'),
  command('TransferFunding', finance, { transferId: 'X-1', to: 'j', fiscalYear: 2025, amount: 10n, legalBasis: 'law' }),
];

describe('money that a history moves to another year or initiative', () => {
  it('is sound as the ledger wrote it', async () => {
    expect(check(await forged((records) => records.slice(0, 10), movedOn(), '2025-06-01T06:00:00.000Z'))).toBeUndefined();
  });
  it.each<[string, Forge, string]>([
    [
      'less of the appropriation than goes along',
      change(9, {}, {}, { appropriated: '30' }),
      '9: it says that 30 of the appropriation goes along, and 40 does',
    ],
    [
      'a carry-over from a closed year',
      change(9, {}, { fiscalYear: 2024 }, { fiscalYear: 2024 }),
      '9: it moves money of 2024, which is closed',
    ],
    [
      'a carry-over into a closed year',
      change(9, {}, { fiscalYear: 2023 }, { fiscalYear: 2023 }),
      '9: it moves money of 2024, which is closed',
    ],
    [
      'a carry-over of money for any year',
      change(1, {}, { years: 'multi-year' }),
      '9: it carries money over, and the money of p is spent in any year',
    ],
    [
      'a transfer of a closed year',
      change(11, {}, { fiscalYear: 2024 }, { fiscalYear: 2024 }),
      '11: it moves money of 2024, which is closed',
    ],
  ])('that somebody forged is found out: %s', async (_what, forge, says) => {
    expect(check(await forged(forge, movedOn(), '2025-06-01T06:00:00.000Z'))).toBe(says);
  });
});

/** A statement of position 1 (record 5), and one of position 5 (record 6). */
const statements = () =>
  [1, 5].map((position) => command('PublishStatement', admin, { position, size: 1, root: 'ab'.repeat(32), definition: 'sums-1' }));

describe('statements in a history', () => {
  const stated = () => [...fundedInitiative(100n), ...statements()];

  it('are sound if each is of a record before it, and of a later one than the last', async () => {
    expect(check(await forged((records) => records, stated()))).toBeUndefined();
  });
  it.each<[string, Forge, string]>([
    ['is of itself', change(6, {}, { position: 6 }), '6: it is of position 6, which is not before it'],
    ['is of no whole position', change(6, {}, { position: 4.5 }), '6: it is of position 4.5, which is not before it'],
    ['is of the same position again', change(6, {}, { position: 1 }), '6: it is of position 1, and must be of a later one than 1'],
    ['is of none', change(5, {}, { position: 0 }), '5: it is of position 0, and must be of a later one than 0'],
  ])('are found out if one %s', async (_what, forge, says) => {
    expect(check(await forged(forge, stated()))).toBe(says);
  });
});

import { describe, expect, it } from '@jest/globals';
import { admin, command, justice, openTestLedger, type TestLedger } from '../../../libs/command-processing/testing/ledger.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';
import { faultInWords } from './fault.js';
import type { ImportRequest } from './import.js';
import { isAccountedFor, type ImportReport } from './report.js';
import { ReleaseRefused } from './target.js';
import { importInto } from './testing/target.js';

const folder = (kind: string) => `test/data/registers/${kind}`;
const importKind = async (kind: string, more: Partial<ImportRequest> = {}): Promise<{ ledger: TestLedger; report: ImportReport }> => {
  const ledger = await openTestLedger();
  return { ledger, report: await importInto(ledger, folder(kind), more) };
};
const multiYear = { title: { en: 'Aid' }, currency: 'USD', timeZone: 'UTC', ceiling: 'none', years: 'multi-year' } as const;
/** The faults an import was refused for; nothing had been written. */
const refusalOf = async (kind: string, more: Partial<ImportRequest> = {}): Promise<ReleaseRefused> => {
  const ledger = await openTestLedger();
  const refused: unknown = await importInto(ledger, folder(kind), more).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ReleaseRefused);
  expect(await ledger.records()).toEqual([]);
  return refused as ReleaseRefused;
};
const ofType = <T extends LedgerRecord['type']>(records: LedgerRecord[], type: T) =>
  records.filter((record): record is Extract<LedgerRecord, { type: T }> => record.type === type);

describe('expenditure beside disbursements', () => {
  it('spends the disbursements, and expenditure only if there are none; the published total is compared with disbursements', async () => {
    const { ledger, report } = await importKind('expenditure');
    expect(report.disbursements).toEqual({
      published: 900_00n,
      accepted: { count: 3, sum: 900_00n },
      refused: { count: 0, sum: 0n },
      leftOut: { count: 0, sum: 0n },
    });
    expect(report.expenditures).toMatchObject({ published: 200_00n, accepted: { count: 2, sum: 200_00n } });
    expect(report.ledger.spent).toEqual({ published: 1100_00n, holds: 1100_00n, byOthers: 0n, kept: 0n });
    expect(isAccountedFor(report)).toBe(true);
    expect(ofType(await ledger.records(), 'SpendingRecorded').map(({ data }) => data.description)).toEqual([
      'published as a disbursement (D), transaction d1',
      'published as a disbursement (D), transaction d2',
      'published as expenditure (E), transaction e3',
      'published as expenditure (E), transaction e4',
      'published as a disbursement (D), transaction d3',
    ]);
  });

  it('names the expenditure that is not taken, row by row', async () => {
    const { report } = await importKind('expenditure');
    expect(report.rows.map(({ outcome, line, transaction, amount }) => [outcome, line, transaction, amount])).toEqual([
      ['not-taken', 5, 'e1', 390_00n],
      ['not-taken', 6, 'e2', 280_00n],
    ]);
  });
});

describe('a reversal in a later year than any spending', () => {
  it('is accepted, because the limit is what was spent over all years', async () => {
    const { report } = await importKind('later-reversal');
    expect(report.rows).toEqual([]);
    expect(report.disbursements).toMatchObject({ published: 60_00n, accepted: { count: 2, sum: 60_00n } });
  });
});

describe('a release with faults', () => {
  it('is refused with all its faults at once: file, line, column, what is wrong and what would be right', async () => {
    const { faults } = await refusalOf('faults');
    expect(faults.map(faultInWords)).toEqual([
      'transactions.csv, line 4, transaction_year: “0000” is not a fiscal year; right would be four digits, 1900 to 2024',
      'transactions.csv, line 5, transaction_value: “about 900” is no amount; right would be a decimal number such as 1234.56',
      'transactions.csv, line 6, transaction_id: “d1” is on line 3 already; right would be an id that no other row of the project has',
      'transactions.csv, line 7, transaction_currency: “EUR” is another currency, and nothing is converted; right would be USD',
      'transactions.csv, line 8, transaction_value_code: “Q” is no kind of movement; right would be C (commitment), D (disbursement) or E (expenditure)',
      'transactions.csv, line 9, transaction_value: a blank is no amount; right would be a decimal number such as 1234.56',
      'transactions.csv, line 14, transaction_year: “2999” is in the future on 2024-06-01; right would be a year up to 2024',
      'projects.csv, line 3, project_title: “Long Long Long Long Long Long Long Long Long Long Long Long …” (504 characters) is too long; right would be at most 500 characters',
      'projects.csv, line 4, start_actual_isodate: “2012-13-01” is no day a project began; right would be a day from 1900-01-01 that exists, written YYYY-MM-DD, or nothing',
      'projects.csv, line 5, project_id: “F-1” is on line 2 already; right would be an id that no other row has',
      'projects.csv, line 6: 5 cells; right would be 7, as many as the header has',
      'transactions.csv, line 12, project_id: projects.csv has no project “F-9”; right would be an id of projects.csv',
    ]);
  });

  it('is imported without these rows if that is accepted, and the published amount is the accepted, refused and left-out ones together', async () => {
    const { report } = await importKind('faults', { acceptFaults: true });
    expect(report.commitments).toEqual({
      published: 1131_00n,
      accepted: { count: 1, sum: 1000_00n },
      refused: { count: 0, sum: 0n },
      leftOut: { count: 3, sum: 131_00n },
    });
    // 1,800 − 600 of F-1, readable or not, and 20 of F-2.
    expect(report.disbursements).toEqual({
      published: 1820_00n,
      accepted: { count: 1, sum: 600_00n },
      refused: { count: 0, sum: 0n },
      leftOut: { count: 7, sum: 1220_00n },
    });
    expect(isAccountedFor(report)).toBe(true);
    expect(report.rows.map(({ outcome, file, line, project }) => [outcome, file, line, project])).toEqual([
      ['left-out', 'transactions.csv', 4, 'F-1'],
      ['left-out', 'transactions.csv', 5, 'F-1'],
      ['left-out', 'transactions.csv', 6, 'F-1'],
      ['left-out', 'transactions.csv', 7, 'F-1'],
      ['left-out', 'transactions.csv', 8, 'F-1'],
      ['left-out', 'transactions.csv', 9, 'F-1'],
      ['left-out', 'transactions.csv', 14, 'F-1'],
      ['left-out', 'projects.csv', 3, 'F-2'],
      ['left-out', 'transactions.csv', 10, 'F-2'],
      ['left-out', 'transactions.csv', 11, 'F-2'],
      ['left-out', 'projects.csv', 4, 'F-3'],
      ['left-out', 'transactions.csv', 13, 'F-3'],
      ['left-out', 'projects.csv', 5, 'F-1'],
      ['left-out', 'projects.csv', 6, 'F-4'],
      ['left-out', 'transactions.csv', 12, 'F-9'],
    ]);
  });

  it('in Latin-1 is refused, never imported with replacement characters; what can be read may be taken', async () => {
    const { faults } = await refusalOf('latin-1');
    expect(faults.map(faultInWords)).toEqual([
      'projects.csv, line 2, project_title: bytes that are not UTF-8 (as Latin-1 they would read “Santé publique”); right would be text in UTF-8; convert the whole file',
      'projects.csv, line 2, donors: bytes that are not UTF-8 (as Latin-1 they would read “Agence Française”); right would be text in UTF-8; convert the whole file',
    ]);
    const { ledger, report } = await importKind('latin-1', { acceptFaults: true });
    expect(report.commitments).toMatchObject({ published: 300_00n, accepted: { sum: 200_00n }, leftOut: { count: 1, sum: 100_00n } });
    expect(isAccountedFor(report)).toBe(true);
    expect(ofType(await ledger.records(), 'InitiativeProposed').map(({ initiative }) => initiative)).toEqual(['l-2']);
  });

  it('without one row in the currency is refused, faults accepted or not', async () => {
    for (const more of [{}, { acceptFaults: true }])
      expect((await refusalOf('no-row-in-the-currency', more)).faults[0]).toEqual({
        file: 'transactions.csv',
        column: 'transaction_currency',
        found: 'no row is in USD; they are in EUR, GBP',
        right: '--currency with the currency of the release',
      });
  });

  it('as of a day still to come is refused', async () => {
    expect((await refusalOf('expenditure', { asOf: '2024-06-02' })).message).toBe(
      '--as-of 2024-06-02 is in the future; it must be a day up to today, 2024-06-01',
    );
  });

  it('with a project that somebody else proposed is refused, because its money does not belong to the import', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll([
      command('EstablishProgramme', admin, multiYear, { programme: 'aid', occurredOn: '2010-01-01' }),
      command(
        'ProposeInitiative',
        justice,
        { title: { en: 'Mine' }, authority: justice.organisation },
        { programme: 'aid', initiative: 'r-1' },
      ),
    ]);
    await expect(importInto(ledger, folder('later-reversal'))).rejects.toThrow(
      'projects.csv, line 2, project_id: somebody else proposed the initiative r-1 of aid; right would be an import into a programme of its own',
    );
    expect(await ledger.records()).toHaveLength(2);
  });

  it('into a programme of another currency, or with ceilings, is refused', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submit(command('EstablishProgramme', admin, { ...multiYear, currency: 'EUR' }, { programme: 'aid' }));
    await expect(importInto(ledger, folder('expenditure'))).rejects.toThrow('aid keeps its accounts in EUR, not USD');
    await expect(importInto(ledger, folder('expenditure'), { currency: 'EUR' })).rejects.toThrow('no row is in EUR; they are in USD');
  });
});

describe('status words', () => {
  it('that the ledger does not know are kept as the reason of an amendment, once', async () => {
    const { ledger, report } = await importKind('status-words');
    const amended = async () => ofType(await ledger.records(), 'InitiativeAmended').map(({ initiative, data }) => [initiative, data]);
    expect(await amended()).toEqual([['s-1', { reason: 'published status: Closed for audit' }]]);
    expect(report.notes).toEqual([
      { kind: 'unknown-status', project: 'S-1', detail: 'Closed for audit' },
      { kind: 'unknown-status', project: 'S-2', detail: 'blank' },
    ]);
    await importInto(ledger, folder('status-words'));
    expect(await amended()).toHaveLength(1);
    expect(ofType(await ledger.records(), 'InitiativeSuspended').map(({ initiative }) => initiative)).toEqual(['s-4']);
  });
});

describe('amounts', () => {
  it('with decimals, exponents and blanks around them are read exactly, rounded half to even, and rounding explains what it costs', async () => {
    const { ledger, report } = await importKind('decimals-and-blanks');
    expect(report.commitments).toMatchObject({ published: 1021_00n, accepted: { count: 2, sum: 1021_00n } });
    expect(report.disbursements).toMatchObject({ published: 370_75n, accepted: { count: 4, sum: 370_75n } });
    expect(report.mismatches).toEqual([]);
    const proposed = ofType(await ledger.records(), 'InitiativeProposed');
    expect(proposed.map(({ data }) => [data.title, data.authorityName])).toEqual([
      [{ en: 'Школа №1' }, 'Всемирный банк'],
      [{ en: 'Santé, éducation' }, 'Agence Française'],
      [{ en: 'B-3' }, 'Unknown donor'],
    ]);
  });

  it('of a currency without minor units are whole, and of one with three digits are thousandths', async () => {
    const yen = (await importKind('no-minor-units', { currency: 'JPY', digits: 0 })).report;
    expect([yen.commitments.accepted.sum, yen.disbursements.accepted.sum, yen.mismatches]).toEqual([150_000n, 100_000n, []]);
    const dinar = (await importKind('three-digits', { currency: 'KWD', digits: 3 })).report;
    expect([dinar.commitments.accepted.sum, dinar.disbursements.accepted.sum, dinar.mismatches]).toEqual([1_500_125n, 500n, []]);
  });
});

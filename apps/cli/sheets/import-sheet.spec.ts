import { describe, expect, it } from '@jest/globals';
import { establish, grant, openTestLedger, type TestLedger } from '../../../libs/command-processing/testing/ledger.js';
import { checkSheet } from '../../../libs/spreadsheets/check-sheet.js';
import { checkOptions } from '../../../libs/spreadsheets/testing/files.js';
import { embeddedTarget } from '../import-targets/embedded-target.js';
import { factsIn } from './facts.js';
import { importSheet, type SheetRequest } from './import-sheet.js';
import { sheetInWords } from './in-words.js';

const header = 'command,initiative,date,amount,id,title,authority,fiscalYear\n';
const proposal = 'propose,e-tax,2024-06-01,,,E-tax,ministry-of-justice,\n';
const funding = 'fund,e-tax,2024-06-01,100,F-1,,,2024\n';
const spending = (amount: string, id: string) => `spend,e-tax,2024-06-01,${amount},${id},,,\n`;

async function openLedger(): Promise<TestLedger> {
  const ledger = await openTestLedger();
  await ledger.commands.submitAll([establish(), grant(1_000_000n)]);
  return ledger;
}
async function importInto(ledger: TestLedger, rows: string, more: Partial<SheetRequest> = {}) {
  const target = embeddedTarget(ledger.commands, ledger.log);
  const facts = await factsIn(target, 'p');
  const options = checkOptions({
    programme: 'p',
    sender: {
      importer: { id: 'ledger.import', organisation: 'ledger-import' },
      finance: 'ministry-of-finance',
      authorityOf: (initiative) => facts?.authorities.get(initiative),
    },
  });
  const sheet = await checkSheet(Buffer.from(header + rows), options);
  const { sheet: _, ...done } = await importSheet(
    sheet,
    { dryRun: false, acceptRefusals: false, progress: () => undefined, ...more },
    target,
  );
  return { ...done, records: (await ledger.records()).length };
}

describe('the import of a sheet', () => {
  it('knows a programme’s currency and authorities from its records', async () => {
    const ledger = await openLedger();
    await importInto(ledger, proposal);
    expect(await factsIn(embeddedTarget(ledger.commands, ledger.log), 'p')).toEqual({
      currency: 'KGS',
      authorities: new Map([['e-tax', 'ministry-of-justice']]),
    });
    expect(await factsIn(embeddedTarget(ledger.commands, ledger.log), 'q')).toBeUndefined();
  });
  it('tries nothing while a row has a fault', async () => {
    const ledger = await openLedger();
    expect(await importInto(ledger, proposal + spending('x', 'T-1'))).toMatchObject({ outcome: 'faults', refused: [], records: 2 });
  });
  it('sends nothing while the ledger would refuse a row, and says which and why, each row after those before it', async () => {
    const ledger = await openLedger();
    const done = await importInto(ledger, proposal + funding + spending('60', 'T-1') + spending('60', 'T-2') + spending('40', 'T-3'));
    expect(done).toMatchObject({
      outcome: 'refused',
      accepted: 4,
      recordedBefore: 0,
      refused: [{ row: 5, code: 'funding-exceeded', available: '4000', requested: '6000' }],
      records: 2,
    });
  });
  it('sends the other rows if that is asked for, and a second time adds nothing', async () => {
    const ledger = await openLedger();
    const rows = proposal + funding + spending('60', 'T-1') + spending('60', 'T-2') + spending('40', 'T-3');
    expect(await importInto(ledger, rows, { acceptRefusals: true })).toMatchObject({ outcome: 'sent', accepted: 4, records: 6 });
    expect(await importInto(ledger, rows, { acceptRefusals: true })).toMatchObject({ accepted: 0, recordedBefore: 4, records: 6 });
  });
  it('sends nothing in a dry run', async () => {
    const ledger = await openLedger();
    expect(await importInto(ledger, proposal + funding, { dryRun: true })).toMatchObject({ outcome: 'checked', accepted: 2, records: 2 });
  });
  it('tells how far it is', async () => {
    const ledger = await openLedger();
    const told: [number, number][] = [];
    const rows = proposal + funding + Array.from({ length: 248 }, (_, index) => spending('0.01', `T-${index}`)).join('');
    await importInto(ledger, rows, { progress: (done, total) => told.push([done, total]) });
    expect(told).toEqual([
      [200, 250],
      [250, 250],
    ]);
  });
  it('sends a row that was refused before under another id, once the ledger would accept it', async () => {
    const ledger = await openLedger();
    await importInto(ledger, proposal + funding);
    const row = spending('150', 'T-9');
    const sheet = await checkSheet(
      Buffer.from(header + row),
      checkOptions({ programme: 'p', sender: { actor: { id: 'j', organisation: 'ministry-of-justice', role: 'ministry' } } }),
    );
    const target = embeddedTarget(ledger.commands, ledger.log);
    const request = { dryRun: false, acceptRefusals: false, progress: () => undefined };
    // Others wrote between the dry run and the sending, so that the refusal was recorded.
    expect(await target.submitAll(sheet.commands.map(({ command }) => command))).toMatchObject([
      { accepted: false, code: 'funding-exceeded' },
    ]);
    expect(await importSheet(sheet, request, target)).toMatchObject({ outcome: 'refused', refused: [{ code: 'funding-exceeded' }] });
    await importInto(ledger, 'fund,e-tax,2024-06-01,100,F-2,,,2024\n');
    expect(await importSheet(sheet, request, target)).toMatchObject({ outcome: 'sent', accepted: 1, refused: [] });
    expect(await importSheet(sheet, request, target)).toMatchObject({ outcome: 'sent', accepted: 0, recordedBefore: 1 });
  });
});

describe('the report of an import', () => {
  it('names refused rows with their figures and sentences', async () => {
    const ledger = await openLedger();
    const target = embeddedTarget(ledger.commands, ledger.log);
    const sheet = await checkSheet(Buffer.from(header + proposal + funding + spending('160', 'T-1')), checkOptions({ programme: 'p' }));
    const said = sheetInWords(
      await importSheet(sheet, { dryRun: false, acceptRefusals: false, progress: () => undefined }, target),
      'a.csv',
      2,
    );
    expect(said).toMatch(/^a\.csv: 3 rows of CSV with commas, in utf-8 \(as its bytes look\)\n/);
    expect(said).toMatch(/\n4 +RecordSpending +e-tax +funding-exceeded +160\.00 +100\.00 +\S/);
    expect(said).toMatch(
      /\nNothing was sent\. The ledger would refuse 1 row and accept 2\. Correct the file, or leave these rows out with --accept-refusals\.$/,
    );
  });
});

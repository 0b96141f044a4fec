import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLedger, temporaryFolder, type LedgerProcess } from './support/ledger-process.js';

const run = promisify(execFile);

/** The commands of the README's tour, block by block, as a reader would paste them. */
function blocksOfTour(): string[] {
  const [, tour] = /<!-- tour -->([\s\S]*)<!-- end of tour -->/.exec(readFileSync('README.md', 'utf8')) ?? [];
  return [...(tour ?? '').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
}

describe('the README’s tour', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let said: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path);
    const script = blocksOfTour()
      .join('\necho; echo @@@\n')
      .replaceAll('http://127.0.0.1:3000', ledger.url)
      .replaceAll(/(heads\.json|export\.ndjson)/g, `${folder.path}/$1`);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', DATA_DIR: folder.path },
    });
    said = stdout.split('@@@').map((part) => part.trim());
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('establishes a programme and grants an appropriation', () => {
    expect(said[1]).toMatch(/"events":\["ProgrammeEstablished"\].*"events":\["AppropriationGranted"\]/s);
  });
  it('proposes, funds and spends', () => {
    expect(said[2]).toMatch(/InitiativeProposed.*InitiativeFunded.*"commandId":"spend-1".*SpendingRecorded/s);
  });
  it('refuses more than is left, with the figures', () => {
    expect(JSON.parse(said[3]!)).toMatchObject({ status: 409, code: 'funding-exceeded', available: '30000', requested: '50000' });
  });
  it('reads totals, an initiative, a list as CSV, and the past', () => {
    expect(said[4]).toMatch(/"funded":"80000","spent":"50000"/);
    expect(said[4]).toMatch(/"status":"spending"/);
    expect(said[4]).toMatch(/programme,initiative,version/);
    expect(said[4]).toMatch(/"establishedOn":"\d{4}-01-01"[^\n]*$/);
    expect(said[4]).not.toMatch(/"code":"unknown-programme"/);
  });
  it('shows an auditor every record, the refusal included, and proves them', () => {
    const [records = '', verdict = ''] = said[5]!.split(/\n(?=\d+ records checked)/);
    expect(
      records
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual([
      'ProgrammeEstablished',
      'AppropriationGranted',
      'InitiativeProposed',
      'InitiativeFunded',
      'SpendingRecorded',
      'CommandRefused',
    ]);
    expect(verdict).toContain('6 records checked: 5 events and 1 refusals of 1 initiatives');
    expect(verdict).toContain('Everything is as it should be.');
  });
  it('proves an export against heads that were kept, and one record by hand', () => {
    const [, records = '0', head = ''] = /^(\d+) records checked[^]*\ndigital +6 +([0-9a-f]{64})/.exec(said[6]!) ?? [];
    expect(said[6]).toContain('kept heads looked for in the history: 1');
    expect(said[6]).toContain('Everything is as it should be.');
    expect([records, said[7]]).toEqual(['6', `${head}  -`]);
  });
});

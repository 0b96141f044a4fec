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

  it('establishes a programme, grants an appropriation, proposes, funds and spends', () => {
    const events = [...said[1]!.matchAll(/"events":\["(\w+)"\]/g)].map(([, event]) => event);
    expect(events).toEqual(['ProgrammeEstablished', 'AppropriationGranted', 'InitiativeProposed', 'InitiativeFunded', 'SpendingRecorded']);
    expect(said[1]).toContain('"commandId":"spend-1"');
  });
  it('refuses more than is left, with the figures', () => {
    const refused: unknown = JSON.parse(said[1]!.slice(said[1]!.lastIndexOf('{')));
    expect(refused).toMatchObject({ status: 409, code: 'funding-exceeded', available: '30000', requested: '50000' });
  });
  it('reads totals, an initiative, a list as CSV, and the past', () => {
    expect(said[2]).toMatch(/"funded":"80000","spent":"50000"/);
    expect(said[2]).toMatch(/"status":"spending"/);
    expect(said[2]).toMatch(/programme,initiative,version/);
    expect(said[2]).toMatch(/"establishedOn":"\d{4}-01-01"[^\n]*$/);
    expect(said[2]).not.toMatch(/"code":"unknown-programme"/);
  });
  it('shows an auditor every record, the refusal included, and proves them', () => {
    const [records = '', verdict = ''] = said[3]!.split(/\n(?=\d+ records checked)/);
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
  it('proves an export against kept heads, and one record by hand', () => {
    const ofExport = said[3]!.split(/\n(?=\d+ records checked)/)[2] ?? '';
    const [, records = '0', head = ''] = /^(\d+) records checked[^]*\ndigital +6 +([0-9a-f]{64})/.exec(ofExport) ?? [];
    expect(ofExport).toContain('kept heads looked for in the history: 1');
    expect(ofExport).toContain('Everything is as it should be.');
    expect([records, ofExport.split('\n').at(-1)]).toEqual(['6', `${head}  -`]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLedger, startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';
import { auditMinistryYear, tellMinistryYear, type Storytellers } from './support/ministry-year.js';
import { clientsFor } from './support/programme.js';

describe('a ministry’s year', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let people: Storytellers;

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path);
    const clients = await clientsFor(ledger.url, folder.path);
    const controller = clients.anyone.as(await tokenFor(folder.path, 'finance', 'ministry-of-finance', 'controller'));
    people = { ...clients, controller };
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('runs from the proposal to a result a year later, and an auditor reads it all', async () => {
    const position = await tellMinistryYear(people);
    await auditMinistryYear(people, position);
  });
  it('passes verify', async () => {
    expect(await runLedger(['verify', '--json'], { DATA_DIR: folder.path })).toMatchObject({ code: 0 });
  });
});

import autocannon from 'autocannon';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLedger, startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';
import { clientsFor, fundInitiative, type Clients } from './support/programme.js';

const commands = 100_000;
const connections = 64;

describe(`${commands} commands by ${connections} connections`, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let clients: Clients;

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path);
    clients = await clientsFor(ledger.url, folder.path);
    await fundInitiative(clients, '999999999');
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('are all acknowledged, in the log and in the read models', async () => {
    const token = await tokenFor(folder.path, 'ministry', 'ministry-of-justice');
    let sent = 0;
    const result = await autocannon({
      url: ledger.url,
      connections,
      amount: commands,
      timeout: 60,
      requests: [
        {
          method: 'POST',
          path: '/programmes/p/initiatives/i/spending',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          setupRequest: (request) => ({ ...request, body: `{"transactionId":"T-${sent++}","amount":"1"}` }),
        },
      ],
    });
    expect({ accepted: result['2xx'], others: result.non2xx, errors: result.errors, timeouts: result.timeouts }).toEqual({
      accepted: commands,
      others: 0,
      errors: 0,
      timeouts: 0,
    });
    const last = commands + 4;
    const { body } = await clients.anyone.getAt('/programmes/p/initiatives/i', last);
    expect(body).toMatchObject({ version: commands + 2, spent: String(commands), lateness: { entries: commands + 2 } });
    const { stdout } = await runLedger(['verify', '--json'], { DATA_DIR: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({
      sound: true,
      history: { records: last, events: last, refusals: 0 },
      heads: [{ programme: 'p', position: last }],
    });
  });
});

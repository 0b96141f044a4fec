import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, type Ended, type LedgerProcess } from './support/ledger-process.js';

const run = promisify(execFile);
const som = (millions: number) => (BigInt(millions) * 100_000_000n).toString();

describe('ledger demo', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let printed: Ended;

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path, {}, ['demo', '--data', folder.path]);
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('serves exactly the figures of the press report', async () => {
    const client = new Client(ledger.url);
    const { body } = await client.getAt('/programmes/digital-kyrgyzstan', 2565);
    expect(body).toMatchObject({ appropriated: som(3_100), initiatives: { finalized: 197, finalizing: 19, cancelled: 1 } });
    const years = (await client.get('/programmes/digital-kyrgyzstan/fiscal-years')).body['items'] as {
      fiscalYear: number;
      appropriated: string;
      returned: string;
    }[];
    expect(years.map(({ fiscalYear, appropriated }) => [fiscalYear, appropriated])).toEqual([
      ...[2019, 2020, 2021, 2022, 2023].map((year) => [year, som(500)]),
      [2024, som(600)],
    ]);
    expect(years.find(({ fiscalYear }) => fiscalYear === 2023)?.returned).toBe(som(200));
    const count = async (filter: string) => {
      let [found, path] = [0, `/programmes/digital-kyrgyzstan/initiatives?limit=100&${filter}`];
      for (;;) {
        const { body: page } = await client.get(path);
        found += (page['items'] as object[]).length;
        if (page['cursor'] === undefined) return found;
        path = `/programmes/digital-kyrgyzstan/initiatives?limit=100&${filter}&cursor=${JSON.stringify(page['cursor']).slice(1, -1)}`;
      }
    };
    expect([await count('status=finalized'), await count('status=finalizing'), await count('suspended=true')]).toEqual([197, 19, 1]);
  });

  it('has the same head as the history in the specs', async () => {
    const { body } = await new Client(ledger.url).get('/heads');
    expect(body['items']).toMatchObject([{ position: 2565, hash: '1f4fc2e8ca68a56e183a8f02928c4846343202fcf88e420e8f14bc7f65e3765d' }]);
  });

  it('shows the knowledge of a past day', async () => {
    const { body } = await new Client(ledger.url).get(
      '/programmes/digital-kyrgyzstan/fiscal-years?occurredBy=2023-12-31&knownBy=2024-01-31T00:00:00Z',
    );
    const year = (body['items'] as { fiscalYear: number; returned: string }[]).find(({ fiscalYear }) => fiscalYear === 2023);
    expect(BigInt(year!.returned)).toBeLessThan(BigInt(som(200)));
  });

  it('passes verify, and ends when asked; again it is served as it is', async () => {
    expect(await runLedger(['verify', '--json'], { DATA_DIR: folder.path })).toMatchObject({ code: 0 });
    printed = await ledger.stop();
    expect(printed.code).toBe(0);
    ledger = await startLedger(folder.path, {}, ['demo', '--data', folder.path]);
    expect((await new Client(ledger.url).get('/heads')).body['items']).toMatchObject([{ position: 2565 }]);
  });

  it('prints the address of the pages first, and only addresses that exist', async () => {
    const addresses = [...printed.stdout.matchAll(/http:\/\/127\.0\.0\.1:\d+(\/[^\s']*)?/g)].map(([, path = '/']) => path);
    expect(printed.stdout.split('\n')[0]).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+ in a browser\./);
    expect(addresses.length).toBeGreaterThan(8);
    const statuses = await Promise.all(
      addresses.filter((path) => !path.includes('/records')).map(async (path) => [path, (await new Client(ledger.url).get(path)).status]),
    );
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
  });

  it('prints a curl line that works', async () => {
    const line = /^ {2}(curl .*)$/m.exec(printed.stdout)?.[1] ?? '';
    const { stdout } = await run('bash', ['-c', line.replace(/http:\/\/127\.0\.0\.1:\d+/, ledger.url)]);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(JSON.parse(stdout.trim().split('\n')[2]!)).toMatchObject({ position: 2565, type: 'StatementPublished' });
  });
});

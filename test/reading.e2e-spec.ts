/** Reads stop nobody: many clients send the most expensive reads at once, while the ledger must answer health and take commands. */
import { get } from 'node:http';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../libs/domain/vocabulary.js';
import { Client } from './support/client.js';
import { startLedger, temporaryFolder, tokenFor, until, type LedgerProcess } from './support/ledger-process.js';

const events = 8_000;
const initiatives = 5_000;
const clients = 64;
const year = 2024;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ledger: LedgerProcess;
let [anybody, admin, finance, justice, auditor]: Client[] = [];
const client = (one: Client | undefined): Client => {
  if (!one) throw new Error('the ledger is started');
  return one;
};

/** Sends commands of one programme in batches. */
async function send(programme: string, lines: readonly object[], by: Client): Promise<void> {
  for (let from = 0; from < lines.length; from += 10_000) {
    const answers = await by.batch(programme, lines.slice(from, from + 10_000));
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
  }
}

async function start(): Promise<void> {
  ledger = await startLedger(folder.path, { RATE_LIMIT: '100000000' });
  const as = async (role: Role, organisation: string) => new Client(ledger.url, await tokenFor(folder.path, role, organisation));
  anybody = new Client(ledger.url);
  [admin, finance, justice, auditor] = [
    await as('admin', 'cabinet'),
    await as('finance', 'ministry-of-finance'),
    await as('ministry', 'ministry-of-justice'),
    await as('auditor', 'chamber-of-accounts'),
  ];
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await start();
  const programme = {
    title: { en: 'P' },
    currency: 'KGS',
    timeZone: 'Asia/Bishkek',
    ceiling: 'none',
    years: 'multi-year',
    occurredOn: `${year}-01-01`,
  };
  for (const code of ['p', 'small']) expect((await client(admin).put(`/programmes/${code}`, programme)).status).toBe(201);
  const day = `${year}-03-07`;
  await send(
    'p',
    Array.from({ length: initiatives }, (_, index) => ({
      commandId: `propose-${index}`,
      type: 'ProposeInitiative',
      initiative: `i-${index}`,
      occurredOn: day,
      data: { title: { en: `Initiative ${index}` }, authority: 'ministry-of-justice', requestedAmount: '1000000' },
    })),
    client(justice),
  );
  await send(
    'p',
    [
      {
        commandId: 'fund',
        type: 'FundInitiative',
        initiative: 'i-0',
        occurredOn: day,
        data: { fundingId: 'F-1', fiscalYear: year, amount: '1000000000' },
      },
    ],
    client(finance),
  );
  await send(
    'p',
    Array.from({ length: events }, (_, index) => ({
      commandId: `spend-${index}`,
      type: 'RecordSpending',
      initiative: 'i-0',
      occurredOn: day,
      data: { transactionId: `T-${index}`, amount: '1' },
    })),
    client(justice),
  );
  await until('everything is folded', async () => {
    const { body } = await client(anybody).get('/programmes/p/initiatives/i-0');
    return body['version'] === events + 2;
  });
  // The memory that sending the commands took must not count for the reads.
  await ledger.stop();
  await start();
}, 300_000);
afterAll(async () => {
  await ledger.stop();
  await folder.remove();
});

/** The duration of something in milliseconds. */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await ask();
  return performance.now() - begun;
}

const residentMegabytes = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${ledger.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Repeats a request over many connections until told to stop; returns the statuses it got. */
function attack(path: string, headers: Record<string, string>) {
  let stopped = false;
  const statuses = new Set<number>();
  const one = async () => {
    while (!stopped) {
      const response = await fetch(ledger.url + path, { headers });
      statuses.add(response.status);
      await response.arrayBuffer();
    }
  };
  const all = Array.from({ length: clients }, one);
  return {
    async stop() {
      stopped = true;
      await Promise.all(all);
      return [...statuses].sort();
    },
  };
}

let sent = 0;
const spend = () =>
  client(justice).post('/programmes/p/initiatives/i-0/spending', {
    transactionId: `X-${sent++}`,
    amount: '1',
    occurredOn: `${year}-03-07`,
  });

/** The median times of health and commands in milliseconds, and the memory in MB, while many clients repeat a request. */
async function whileAsked(path: string, headers: Record<string, string>) {
  const attackers = attack(path, headers);
  const [alive, commands]: [number[], number[]] = [[], []];
  for (let round = 0; round < 20; round++) {
    alive.push(await timed(() => client(anybody).get('/health/live')));
    commands.push(
      await timed(async () => {
        expect((await spend()).status).toBe(201);
      }),
    );
  }
  const memory = await residentMegabytes();
  expect((await attackers.stop()).filter((status) => ![200, 404, 503].includes(status))).toEqual([]);
  const middle = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  return { alive: middle(alive), commands: middle(commands), memory };
}

describe('a reader holds up nobody,', () => {
  it.each([
    ['a page of a history as of a day before all of it', '/programmes/p/initiatives/i-0/history?limit=1&occurredBy=1990-01-01'],
    ['an initiative as of a past day', '/programmes/p/initiatives/i-0?knownBy=2999-01-01T00:00:00Z'],
    ['a text of two letters that is nowhere', '/programmes/p/initiatives?q=zz'],
    ['a long list', '/programmes/p/initiatives?limit=1000'],
    ['a long list as CSV', '/programmes/p/initiatives?limit=1000', { accept: 'text/csv' }],
    ['totals as of a past day', '/programmes/p?occurredBy=2024-12-31'],
    ['a position that does not come', '/programmes/p/initiatives/i-0', { 'ledger-position': '999999999' }],
  ])('even one that asks for %s', async (_what, path, headers: Record<string, string> = {}) => {
    const cheap = await whileAsked('/health/live', {});
    const { alive, commands, memory } = await whileAsked(path, headers);
    // The same number of clients with trivial requests shows how much time the clients and other work of the machine take.
    expect(alive).toBeLessThan(100 + cheap.alive);
    expect(commands).toBeLessThan(250 + cheap.commands);
    expect(memory).toBeLessThan(1_000);
  });

  it('and finds the records of a small programme among those of others', async () => {
    const before = await client(auditor).get('/programmes/p/records?after=100');
    expect(before.text.trimEnd().split('\n')).toHaveLength(initiatives + events + 2 + sent - 100);
    const { text, status } = await client(auditor).get('/programmes/small/records');
    expect([
      status,
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ]).toEqual([200, ['ProgrammeEstablished']]);
  });

  it('and at most four that take no records may wait, with little memory', async () => {
    const before = await residentMegabytes();
    const token = client(auditor).token ?? '';
    const answers = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<{ status: number; leave: () => void }>((answered, failed) => {
            const asked = get(`${ledger.url}/programmes/p/records`, { headers: { authorization: `Bearer ${token}` } }, (response) => {
              answered({ status: response.statusCode ?? 0, leave: () => response.destroy() });
            });
            asked.on('error', failed);
          }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(196);
    expect((await residentMegabytes()) - before).toBeLessThan(100);
    for (const { leave } of answers) leave();
    await until('there is room again', async () => (await client(auditor).get('/programmes/small/records')).status === 200);
  });
});

/** Large and hostile bodies from senders with a token: their cost, their answers, and their records. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let [admin, justice, auditor] = ['', '', ''];
const p = '/programmes/p';
const ndjson = { 'content-type': 'application/x-ndjson' };
beforeAll(async () => {
  app = await openTestApplication();
  [admin, justice, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  await app.send('PUT', p, {
    token: admin,
    body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' },
  });
  await app.send('POST', `${p}/initiatives`, {
    token: justice,
    body: { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' },
  });
});
afterAll(() => app.close());

/** An object with the given number of bytes in unknown fields. */
function junk(bytes: number): string {
  const fields: string[] = [];
  for (let size = 2; size < bytes; size += 100) fields.push(`"${String(size).padStart(92, 'j')}":1`);
  return `{${fields.join(',')}}`;
}
async function inMilliseconds<T>(work: () => Promise<T>): Promise<{ took: number; answer: T }> {
  const began = performance.now();
  const answer = await work();
  return { took: performance.now() - began, answer };
}
const sendBatch = (body: string, token = justice) => app.send('POST', `${p}/commands`, { token, body, headers: ndjson });
const recorded = async () => (await app.ledger.records()).length;

describe('a body of junk', () => {
  it('on one line of a batch is refused before it is parsed, by the id at its beginning', async () => {
    const line = `{"commandId":"junk-1","type":"AmendInitiative","initiative":"i","data":${junk(15_000_000)}}\n`;
    const { took, answer } = await inMilliseconds(() => sendBatch(line));
    expect(JSON.parse(answer.text)).toEqual({
      commandId: 'junk-1',
      status: 413,
      code: 'command-too-large',
      detail: 'a command has at most 65536 bytes',
    });
    expect(took).toBeLessThan(2_000);
  });

  it('sent as a batch to a route for one command is not read', async () => {
    const before = app.logged.length;
    const { status, json } = await app.send('POST', `${p}/initiatives/i/amendments`, {
      token: justice,
      body: junk(2_000_000),
      headers: ndjson,
    });
    expect([status, json['code']]).toEqual([415, 'unsupported-media-type']);
    expect(app.logged.slice(before).join('').length).toBeLessThan(1_000);
  });

  it('of one command is answered with 20 faults and the beginning of their names, and logged in brief', async () => {
    const before = app.logged.length;
    const { status, json, text } = await app.send('POST', `${p}/initiatives/i/amendments`, { token: justice, body: junk(60_000) });
    expect([status, json['code']]).toEqual([400, 'malformed']);
    const faults = json['faults'] as { field: string }[];
    expect(faults).toHaveLength(20);
    expect(faults.filter(({ field }) => field.length > 65)).toEqual([]);
    expect(text.length).toBeLessThan(20_000);
    expect(app.logged.slice(before).join('').length).toBeLessThan(1_000);
  });

  it('on many lines is answered with at most 1,000 characters for each', async () => {
    const lines = Array.from(
      { length: 200 },
      (_, index) => `{"commandId":"j-${index}","type":"AmendInitiative","initiative":"i","data":${junk(40_000)}}`,
    );
    const { took, answer } = await inMilliseconds(() => sendBatch(lines.join('\n')));
    expect(answer.status).toBe(200);
    expect(answer.text.length).toBeLessThan(200 * 1_200);
    expect(took).toBeLessThan(5_000);
  });

  it('of line ends alone is too long a batch, and is not cut into millions of lines', async () => {
    const { took, answer } = await inMilliseconds(() => sendBatch('\n'.repeat(16_000_000)));
    expect([answer.status, answer.json['code']]).toEqual([413, 'batch-too-long']);
    expect(took).toBeLessThan(2_000);
  });

  it('lets others be served between its lines', async () => {
    const lines = Array.from(
      { length: 250 },
      (_, index) => `{"commandId":"k-${index}","type":"AmendInitiative","initiative":"i","data":${junk(60_000)}}`,
    );
    const work = sendBatch(lines.join('\n'));
    const served = new AbortController();
    void work.finally(() => {
      served.abort();
    });
    const waits: number[] = [];
    while (!served.signal.aborted) {
      waits.push((await inMilliseconds(() => app.send('GET', '/health/live'))).took);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(waits.length).toBeGreaterThan(5);
    expect((await work).status).toBe(200);
  });
});

describe('a sender who may not send a command', () => {
  const forbidden = Array.from({ length: 100 }, (_, index) =>
    JSON.stringify({
      commandId: `f-${index}`,
      type: 'RecordSpending',
      initiative: 'i',
      data: { transactionId: `F-${index}`, amount: '1', description: 'x'.repeat(900) },
    }),
  ).join('\n');

  it('is refused at the door: nothing is recorded, one line is logged', async () => {
    const [before, logged] = [await recorded(), app.logged.length];
    const { text } = await sendBatch(forbidden, auditor);
    const answers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers[7]).toEqual({
      commandId: 'f-7',
      status: 403,
      code: 'forbidden',
      detail: 'RecordSpending is for ministry, not for auditor',
    });
    expect(answers.filter(({ status }) => status !== 403)).toEqual([]);
    const single = await app.send('POST', `${p}/initiatives/i/spending`, { token: auditor, body: { transactionId: 'F', amount: '1' } });
    expect([single.status, single.json['code'], single.json['position']]).toEqual([403, 'forbidden', undefined]);
    expect(await recorded()).toBe(before);
    expect(app.logged.slice(logged).map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        msg: 'refused',
        code: 'forbidden',
        commands: 100,
        organisation: 'chamber-of-accounts',
        subject: 'chamber-of-accounts.auditor',
      }),
      expect.objectContaining({ msg: 'refused', code: 'forbidden', organisation: 'chamber-of-accounts' }),
    ]);
  });

  it('is counted, and so are the bytes', async () => {
    const counted = async (name: string) => {
      const { text } = await app.send('GET', '/metrics');
      return Number(new RegExp(`^${name}\\{organisation="chamber-of-accounts"\\} (\\d+)`, 'm').exec(text)?.[1]);
    };
    const before = [await counted('ledger_organisation_commands_total'), await counted('ledger_organisation_bytes_total')];
    await sendBatch(forbidden, auditor);
    const after = [await counted('ledger_organisation_commands_total'), await counted('ledger_organisation_bytes_total')];
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([100, forbidden.length]);
  });
});

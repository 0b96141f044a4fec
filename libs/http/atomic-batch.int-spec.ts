/** A batch that is recorded all or none, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let [admin, finance, justice] = ['', '', ''];
const p = '/programmes/p';

beforeAll(async () => {
  app = await openTestApplication();
  [admin, finance, justice] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
  ]);
  const sent = [
    await app.send('PUT', p, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'multi-year' },
    }),
    await app.send('POST', `${p}/initiatives`, {
      token: justice,
      body: { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' },
    }),
    await app.send('POST', `${p}/initiatives/i/funding`, { token: finance, body: { fundingId: 'F-1', fiscalYear: 2024, amount: '1000' } }),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201]);
});
afterAll(() => app.close());

const spend = (id: string, amount: string) => ({
  commandId: `c-${id}`,
  type: 'RecordSpending',
  initiative: 'i',
  data: { transactionId: `T-${id}`, amount },
});
const post = (lines: readonly (object | string)[], query = '?atomic=true') =>
  app.send('POST', `${p}/commands${query}`, {
    token: justice,
    body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    headers: { 'content-type': 'application/x-ndjson' },
  });
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const recorded = async () => (await app.ledger.records()).length;

describe('an atomic batch', () => {
  it('answers with a receipt for every line, and the same receipts again', async () => {
    const batch = [spend('1', '10'), spend('2', '20')];
    const [first, again] = [await post(batch), await post(batch)];
    expect(first.status).toBe(200);
    expect(linesOf(first.text).map(({ commandId, status, position }) => [commandId, status, position])).toEqual([
      ['c-1', 201, 4],
      ['c-2', 201, 5],
    ]);
    expect(linesOf(again.text)).toEqual(linesOf(first.text).map((line) => ({ ...line, replayed: true })));
  });
  it('that a rule stops gets the answer of the refused line, with its number, and nothing else of it is recorded', async () => {
    const before = await recorded();
    const { status, json, headers } = await post([spend('3', '10'), spend('4', '9999'), spend('5', '1')]);
    expect(status).toBe(409);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({ code: 'funding-exceeded', line: 2, commandId: 'c-4', position: before + 1, requested: '9999' });
    expect(json['detail']).toMatch(/^line 2 stopped the batch: in an atomic batch, of which nothing else is recorded: /);
    expect(await recorded()).toBe(before + 1);
    const alone = await app.send('GET', `${p}/commands/c-4`, { token: justice });
    expect(alone.json).toMatchObject({ status: 409, code: 'funding-exceeded' });
    expect((await app.send('GET', `${p}/commands/c-3`, { token: justice })).status).toBe(404);
  });
  it('with a malformed line is sent nowhere', async () => {
    const before = await recorded();
    const { status, json } = await post([spend('6', '10'), spend('7', '-1')]);
    expect([status, json['code'], json['line'], json['commandId']]).toEqual([400, 'malformed', 2, 'c-7']);
    const broken = await post([spend('6', '10'), '{']);
    expect([broken.status, broken.json['line'], broken.json]).toEqual([
      400,
      2,
      expect.not.objectContaining({ commandId: expect.anything() }),
    ]);
    expect(await recorded()).toBe(before);
  });
  it('that is larger than an append gets 413 with the limit', async () => {
    const before = await recorded();
    const { status, json } = await post(Array.from({ length: 1_001 }, (_, n) => spend(`many-${n}`, '1')));
    expect([status, json['code'], json['detail']]).toEqual([413, 'batch-too-large', expect.stringContaining('1000 commands and 512 KiB')]);
    const large = Array.from({ length: 300 }, (_, n) => {
      const line = spend(`large-${n}`, '1');
      return { ...line, data: { ...line.data, description: 'x'.repeat(1_990) } };
    });
    expect((await post(large)).status).toBe(413);
    expect(await recorded()).toBe(before);
  });
  it('has a dry run of all its lines', async () => {
    const before = await recorded();
    const fits = await post([spend('8', '10'), spend('9', '20')], '?atomic=true&dryRun=true');
    expect(linesOf(fits.text).map(({ status }) => status)).toEqual([200, 200]);
    const { status, json } = await post([spend('8', '10'), spend('9', '9999')], '?atomic=true&dryRun=true');
    expect([status, json['line'], json['position']]).toEqual([409, 2, undefined]);
    expect(await recorded()).toBe(before);
  });
  it('is requested by true or false, and nothing else', async () => {
    expect((await post([spend('10', '1')], '?atomic=yes')).status).toBe(400);
    expect((await post([spend('10', '99999'), spend('11', '1')], '?atomic=false')).status).toBe(200);
  });
});

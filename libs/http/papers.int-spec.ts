/** The papers that commands name: kept in the record, found among the entries, and part of what makes a command the same again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openTestApplication, type TestApplication } from './testing/application.js';

const p = '/programmes/p';
const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const invoice = {
  type: 'invoice',
  id: '№ 45/2024',
  title: 'Servers',
  url: 'https://example.org/45.pdf',
  sha256: digest,
  size: 5,
  mediaType: 'application/pdf',
};
const contract = { type: 'contractSigned', id: '7' };

let app: TestApplication;
let [finance, justice, auditor] = ['', '', ''];
beforeAll(async () => {
  app = await openTestApplication();
  const admin = await app.token('admin', 'cabinet');
  [finance, justice, auditor] = await Promise.all([
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual', occurredOn: '2023-01-01' };
  await app.send('PUT', p, { token: admin, body: programme });
  await post('/initiatives', justice, { initiative: 'a', title: { en: 'A' }, authority: 'ministry-of-justice', occurredOn: '2023-01-01' });
  await post('/initiatives/a/funding', finance, { fundingId: 'F-1', fiscalYear: 2023, amount: '100', occurredOn: '2023-01-01' });
});
afterAll(() => app.close());

const post = (path: string, token: string, body: object) => app.send('POST', p + path, { token, body });
const spend = (transactionId: string, references: unknown, amount = '1') =>
  post('/initiatives/a/spending', justice, { transactionId, amount, occurredOn: '2023-02-01', references });
const entriesWith = async (reference: string, position: unknown, token = auditor) => {
  const { json } = await app.send('GET', `${p}/entries?reference=${encodeURIComponent(reference)}`, {
    token,
    headers: { 'ledger-position': String(position) },
  });
  return json['items'] as Record<string, unknown>[];
};

describe('the papers of a command', () => {
  it('are kept in its record, shown with its entry, and lead to it by their ids', async () => {
    const { status, json } = await spend('T-1', [invoice, contract]);
    expect(status).toBe(201);
    const [entry, ...others] = await entriesWith('№ 45/2024', json['position']);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ type: 'SpendingRecorded', position: json['position'], references: [invoice, contract] });
    expect(await entriesWith('7', json['position'])).toHaveLength(1);
    expect(await entriesWith('4', json['position'])).toEqual([]);
    const { text } = await app.send('GET', `${p}/records?after=${Number(json['position']) - 1}`, { token: auditor });
    expect(JSON.parse(text)).toMatchObject({ references: [invoice, contract] });
  });
  it('are in the CSV of entries and of an initiative’s history, as JSON', async () => {
    const { json } = await spend('T-9', [contract]);
    for (const list of ['entries', 'initiatives/a/history']) {
      const headers = { accept: 'text/csv', 'ledger-position': String(json['position']) };
      const { text } = await app.send('GET', `${p}/${list}`, { token: auditor, headers });
      const named = parse<Record<string, string>>(text, { columns: true, bom: true }).map((row) => row['references']);
      expect([list, named]).toEqual([list, expect.arrayContaining([JSON.stringify([contract])])]);
    }
  });
  it('of a refused command are found among the refusals by those who may see them', async () => {
    const { status, json } = await spend('T-2', [{ type: 'invoice', id: 'too-much' }], '1000');
    expect(status).toBe(409);
    expect(await entriesWith('too-much', json['position'])).toMatchObject([{ type: 'CommandRefused', references: [{ id: 'too-much' }] }]);
    expect(await entriesWith('too-much', json['position'], await app.token('ministry', 'ministry-of-health'))).toEqual([]);
  });
  it('are part of its content: the same movement with the same papers is recorded already, with others it is refused', async () => {
    const first = await spend('T-3', [invoice]);
    const again = await spend('T-3', [invoice]);
    expect([first.status, again.status, again.json['position']]).toEqual([201, 200, first.json['position']]);
    expect((await spend('T-3', [contract])).json).toMatchObject({ status: 409, code: 'transaction-exists' });
    expect((await spend('T-3', undefined)).json).toMatchObject({ status: 409, code: 'transaction-exists' });
  });
  it('count for the same command id too', async () => {
    const send = (references: unknown) =>
      app.send('POST', `${p}/initiatives/a/spending`, {
        token: justice,
        body: { transactionId: 'T-4', amount: '1', occurredOn: '2023-02-01', references },
        headers: { 'idempotency-key': 'k-1' },
      });
    expect([(await send([invoice])).status, (await send([invoice])).headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect((await send([contract])).json).toMatchObject({ status: 409, code: 'command-id-reused' });
  });
  it('come with a line of a batch', async () => {
    const line = {
      commandId: 'l-1',
      type: 'RecordSpending',
      initiative: 'a',
      occurredOn: '2023-02-01',
      references: [{ type: 'ocid', id: 'ocds-1' }],
    };
    const { text } = await app.send('POST', `${p}/commands`, {
      token: justice,
      body: JSON.stringify({ ...line, data: { transactionId: 'T-5', amount: '1' } }),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answer = JSON.parse(text) as { status: number; position: number };
    expect(answer.status).toBe(201);
    expect(await entriesWith('ocds-1', answer.position)).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    ['no list', invoice, 'references must be a list of 1 to 10 papers'],
    ['none', [], 'references must be a list of 1 to 10 papers'],
    ['more than ten', Array.from({ length: 11 }, () => contract), 'references must be a list of 1 to 10 papers'],
    ['no object', ['45'], 'references[0] must be a JSON object such as {"type":"invoice","id":"45/2024"}'],
    ['an unknown type', [contract, { type: 'letter', id: '1' }], 'references[1]: type must be one of contract, invoice,'],
    ['no id', [{ type: 'invoice' }], 'references[0]: id must be readable text of 1 to 200 characters on one line'],
    ['an id of two lines', [{ type: 'invoice', id: '1\n2' }], 'references[0]: id must be readable text of 1 to 200 characters on one line'],
    ['a script for an address', [{ ...contract, url: 'javascript:alert(1)' }], 'references[0]: url must be an address of at most 2000'],
    [
      'a short digest',
      [{ ...contract, sha256: 'abc' }],
      'references[0]: sha256 must be SHA-256 of the file as 64 small hexadecimal digits',
    ],
    ['a negative size', [{ ...contract, size: -1 }], 'references[0]: size must be a number of bytes'],
    ['a media type with parameters', [{ ...contract, mediaType: 'text/html; a=b' }], 'references[0]: mediaType must be a media type'],
    ['an unknown field', [{ ...contract, author: 'x' }], 'references[0]: author is no field of references[0]; there are type, id, title,'],
  ])('are refused with what would be right: %s', async (_what, references, message) => {
    const { status, json } = await spend('T-9', references);
    expect(status).toBe(400);
    expect((json['faults'] as { message: string }[])[0]?.message).toContain(message);
  });
});

describe('a sector', () => {
  const propose = (initiative: string, sector: string) =>
    post('/initiatives', justice, {
      initiative,
      title: { en: initiative },
      authority: 'ministry-of-justice',
      occurredOn: '2023-01-01',
      sector,
    });
  const at = async (path: string, position: unknown) =>
    (await app.send('GET', p + path, { headers: { 'ledger-position': String(position) } })).json['items'] as Record<string, unknown>[];

  it('has the totals of its initiatives, and lists them', async () => {
    await propose('s', '04.6');
    const { json } = await post('/initiatives/s/funding', finance, {
      fundingId: 'F-2',
      fiscalYear: 2023,
      amount: '30',
      occurredOn: '2023-01-02',
    });
    expect(await at('/sectors', json['position'])).toMatchObject([{ sector: '04.6', funded: '30', initiatives: { funded: 1 } }]);
    expect(await at('/initiatives?sector=04.6', json['position'])).toMatchObject([{ initiative: 's', sector: '04.6' }]);
    expect(await at('/sectors?occurredBy=2023-01-01', json['position'])).toMatchObject([{ sector: '04.6', funded: '0' }]);
  });
  it.each(['11', '4', '04.', '04.0', '04.6.10', 'health'])('is a code of COFOG, so not %s', async (sector) => {
    const { status, json } = await propose('t', sector);
    expect(status).toBe(400);
    expect(json['faults']).toMatchObject([{ field: 'sector', message: expect.stringContaining('sector must be a code of COFOG') }]);
  });
});

describe('the source of money', () => {
  const adjust = (path: string, token: string, body: object) => post(path, token, { occurredOn: '2023-03-01', ...body });

  it('has the amounts appropriated and funded from it, with every adjustment, now and as of a past day', async () => {
    const grant = { kind: 'grant', party: 'World Bank', agreement: 'TF-1' };
    const law = { legalBasis: 'law', occurredOn: '2023-01-01' };
    const made = [
      await post('/appropriations', finance, { fiscalYear: 2022, amount: '500', source: { kind: 'budget' }, ...law }),
      await adjust('/appropriations/2022/adjustments', finance, { adjustmentId: 'B-1', change: '-100', legalBasis: 'law' }),
      await post('/initiatives/a/funding', finance, {
        fundingId: 'F-7',
        fiscalYear: 2023,
        amount: '40',
        occurredOn: '2023-01-01',
        source: grant,
      }),
      await adjust('/initiatives/a/funding/F-7/adjustments', finance, { adjustmentId: 'A-7', change: '-10', reason: 'why' }),
    ];
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const position = String(made.at(-1)?.json['position']);
    const at = async (path: string) =>
      (await app.send('GET', p + path, { headers: { 'ledger-position': position } })).json['items'] as Record<string, unknown>[];
    expect(await at('/sources')).toEqual([
      { programme: 'p', source: 'budget', appropriated: '400', funded: '0' },
      { programme: 'p', source: 'grant', appropriated: '0', funded: '30' },
    ]);
    expect(await at('/sources?occurredBy=2023-02-28')).toMatchObject([{ appropriated: '500' }, { funded: '40' }]);
    expect(await at('/series?by=year&group=source&measure=funded')).toMatchObject([
      { period: '2023', group: 'budget', funded: '0' },
      { period: '2023', group: 'grant', funded: '30' },
    ]);
    expect((await app.send('GET', `${p}/series?group=source&measure=spent`)).json['detail']).toBe(
      'measure must be one or more of appropriated, funded, with commas between them',
    );
  });
  it.each([{ kind: 'gift' }, {}, 'budget', { kind: 'loan', rate: '3' }, { kind: 'loan', party: '' }, ['loan']])(
    'is one of four kinds, with readable texts, so not %j',
    async (source) => {
      const { status, json } = await post('/initiatives/a/funding', finance, { fundingId: 'F-8', fiscalYear: 2023, amount: '1', source });
      expect(status).toBe(400);
      expect(json['faults']).toMatchObject([
        { field: 'source', message: expect.stringContaining('its kind is one of budget, grant, loan, own') },
      ]);
    },
  );
});

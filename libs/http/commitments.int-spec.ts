/** Commitments over HTTP: made, drawn, changed, reversed and released, and read with their drawings, now and as of a past day. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let justice = '';
let position = '';
const p = '/programmes/p';
const i = `${p}/initiatives/i`;

const send = (path: string, body: object, token = justice) => app.send('POST', `${i}${path}`, { token, body });
const taken = async (path: string, body: object, token = justice) => {
  const { status, json } = await send(path, body, token);
  expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
  position = String(json['position']);
};
const get = (path: string, headers: Record<string, string> = {}) =>
  app.send('GET', path, { headers: { 'ledger-position': position, ...headers } });
const sumsOf = async (path: string) => {
  const { json } = await get(path);
  return [json['funded'], json['spent'], json['committed'], json['free']];
};

beforeAll(async () => {
  app = await openTestApplication();
  const [admin, finance] = await Promise.all([app.token('admin', 'cabinet'), app.token('finance', 'ministry-of-finance')]);
  justice = await app.token('ministry', 'ministry-of-justice');
  const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
  await app.send('PUT', p, { token: admin, body: { ...programme, occurredOn: '2024-01-01' } });
  const granted = { fiscalYear: 2024, amount: '1000', legalBasis: 'law', occurredOn: '2024-01-02' };
  await app.send('POST', `${p}/appropriations`, { token: finance, body: granted });
  const proposed = { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice', region: 'Chuy', occurredOn: '2024-01-03' };
  await app.send('POST', `${p}/initiatives`, { token: justice, body: proposed });
  await taken('/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '500', occurredOn: '2024-01-04' }, finance);
  const contract = { supplier: 'Notary Systems', contract: '17', ocid: 'ocds-1', plannedEnd: '2024-12-01' };
  await taken('/commitments', { commitmentId: 'C-1', amount: '300', ...contract, occurredOn: '2024-02-01' });
  await taken('/commitments', { commitmentId: 'C-2', amount: '50', supplier: 'Print', occurredOn: '2024-02-02' });
  await taken('/spending', { transactionId: 'T-1', amount: '100', commitmentId: 'C-1', payee: 'Notary Systems', occurredOn: '2024-03-01' });
  await taken('/spending/T-1/reversals', { reversalId: 'R-1', amount: '20', reason: 'twice', occurredOn: '2024-03-02' });
  const changed = { changeId: 'H-1', kind: 'duration', plannedEnd: '2024-12-20', reason: 'late', occurredOn: '2024-03-03' };
  await taken('/commitments/C-1/changes', changed);
  const smaller = { changeId: 'H-2', kind: 'value', change: '-20', reason: 'less', occurredOn: '2024-03-04' };
  await taken('/commitments/C-1/changes', smaller);
  await taken('/commitments/C-2/release', { reason: 'not delivered', occurredOn: '2024-03-05' }, finance);
});
afterAll(() => app.close());

describe('commitments', () => {
  it('are read with their changes and drawings, in the order in which they were made', async () => {
    const { json } = await get(`${i}/commitments`);
    expect(json['items']).toEqual([
      {
        programme: 'p',
        initiative: 'i',
        commitmentId: 'C-1',
        supplier: 'Notary Systems',
        contract: '17',
        ocid: 'ocds-1',
        plannedEnd: '2024-12-20',
        status: 'open',
        fiscalYear: 2024,
        madeOn: '2024-02-01',
        position: 5,
        firstAmount: '300',
        amount: '280',
        drawn: '80',
        open: '200',
        changes: [
          { changeId: 'H-1', kind: 'duration', plannedEnd: '2024-12-20', reason: 'late', position: 9, occurredOn: '2024-03-03' },
          { changeId: 'H-2', kind: 'value', change: '-20', reason: 'less', position: 10, occurredOn: '2024-03-04' },
        ],
        changesTotal: 2,
        drawings: [{ transactionId: 'T-1', amount: '100', reversed: '20', payee: 'Notary Systems', position: 7, occurredOn: '2024-03-01' }],
        drawingsTotal: 1,
      },
      expect.objectContaining({
        commitmentId: 'C-2',
        status: 'released',
        drawn: '0',
        open: '0',
        drawings: [],
        released: { on: '2024-03-05', position: 11, amount: '50', reason: 'not delivered' },
      }),
    ]);
  });
  it('come in pages, and as rows of CSV', async () => {
    const { json } = await get(`${i}/commitments?limit=1`);
    expect(json['items']).toMatchObject([{ commitmentId: 'C-1' }]);
    const next = await get(`${i}/commitments?limit=1&cursor=${String(json['cursor'])}`);
    expect(next.json).toEqual({ items: [expect.objectContaining({ commitmentId: 'C-2' })] });
    const { text } = await get(`${i}/commitments`, { accept: 'text/csv' });
    expect(parse<Record<string, string>>(text, { columns: true })).toMatchObject([
      { commitmentId: 'C-1', open: '200', 'open.decimal': '2.00', changesTotal: '2', drawingsTotal: '1' },
      { commitmentId: 'C-2', status: 'released', 'released.amount': '50' },
    ]);
  });
  it('come at most 100 at a time', async () => {
    const { status, json } = await get(`${i}/commitments?limit=101`);
    expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining('limit must be a whole number from 1 to 100')]);
  });
  it('are read as of a past day', async () => {
    const { json } = await get(`${i}/commitments?occurredBy=2024-03-01`);
    expect(json['items']).toMatchObject([
      { commitmentId: 'C-1', amount: '300', drawn: '100', open: '200', plannedEnd: '2024-12-01' },
      { commitmentId: 'C-2', status: 'open', open: '50' },
    ]);
    expect((await get(`${i}/commitments?occurredBy=2024-01-31`)).json).toEqual({ items: [] });
  });
  it('are an empty list if none was made, and nothing if there is no initiative', async () => {
    const other = { initiative: 'j', title: { en: 'J' }, authority: 'ministry-of-justice', occurredOn: '2024-01-03' };
    const { json } = await app.send('POST', `${p}/initiatives`, { token: justice, body: other });
    position = String(json['position']);
    expect((await get(`${p}/initiatives/j/commitments`)).json).toEqual({ items: [] });
    expect(await get(`${p}/initiatives/k/commitments`)).toMatchObject({ status: 404, json: { code: 'unknown-initiative' } });
  });
  it('count in the sums of the initiative, its programme, year, authority and region, now and as of a past day', async () => {
    const now = ['500', '80', '200', '220'];
    expect(await sumsOf(i)).toEqual(now);
    expect(await sumsOf(p)).toEqual(now);
    for (const list of ['fiscal-years', 'authorities', 'regions']) {
      const { json } = await get(`${p}/${list}`);
      expect([list, json['items']]).toMatchObject([list, [{ committed: '200', free: '220' }]]);
      const past = await get(`${p}/${list}?occurredBy=2024-02-28`);
      expect([list, past.json['items']]).toMatchObject([list, [{ committed: '350', free: '150' }]]);
    }
    expect(await sumsOf(`${i}?occurredBy=2024-02-28`)).toEqual(['500', '0', '350', '150']);
    expect(await sumsOf(`${p}?occurredBy=2024-02-28`)).toEqual(['500', '0', '350', '150']);
    expect((await get(i)).json).toMatchObject({ commitments: 2, fiscalYears: [{ fiscalYear: 2024, committed: '200', free: '220' }] });
  });
  it('are a measure of series', async () => {
    const { json } = await get(`${p}/series?measure=committed`);
    expect(json['items']).toMatchObject([
      { period: '2024-02', committed: '350' },
      { period: '2024-03', committed: '-150' },
    ]);
  });
  it('are entries with what they change', async () => {
    const { json } = await get(`${p}/entries?type=CommitmentReleased`);
    expect(json['items']).toMatchObject([{ type: 'CommitmentReleased', change: '-50', fiscalYear: 2024, initiative: 'i' }]);
  });
});

describe('a refusal over a commitment', () => {
  it('is a 409 that says what is committed', async () => {
    expect(await send('/spending', { transactionId: 'T-9', amount: '221' })).toMatchObject({
      status: 409,
      json: { code: 'funding-exceeded', available: '220', requested: '221', committed: '200' },
    });
  });
  it('is a 404 if there is no such commitment', async () => {
    const reason = { reason: 'why' };
    const answers = [
      await send('/spending', { transactionId: 'T-9', amount: '1', commitmentId: 'C-9' }),
      await send('/commitments/C-9/release', reason),
      await send('/commitments/C-9/changes', { changeId: 'H-9', kind: 'scope', ...reason }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, json: { code: 'unknown-commitment' } });
  });
  it.each([
    ['/commitments', { commitmentId: 'C/9', supplier: 'S', amount: '1' }, 'commitmentId'],
    ['/commitments', { commitmentId: 'C-9', amount: '1' }, 'supplier'],
    ['/commitments', { commitmentId: 'C-9', supplier: ' ', amount: '1' }, 'supplier'],
    ['/commitments', { commitmentId: 'C-9', supplier: 'S', amount: '0' }, 'amount'],
    ['/commitments', { commitmentId: 'C-9', supplier: 'S', amount: '1', plannedEnd: '2024-02-30' }, 'plannedEnd'],
    ['/commitments/C-1/changes', { changeId: 'H-9', kind: 'price', reason: 'why' }, 'kind'],
    ['/commitments/C-1/changes', { changeId: 'H-9', kind: 'value', change: '0', reason: 'why' }, 'change'],
    ['/commitments/C-1/changes', { kind: 'value', change: '1', reason: 'why' }, 'changeId'],
    ['/commitments/C-1/release', {}, 'reason'],
    ['/spending', { transactionId: 'T-9', amount: '1', commitmentId: 7 }, 'commitmentId'],
  ])('is a 400 that names the field if %s is malformed (%j)', async (path, body, field) => {
    const before = (await app.ledger.records()).length;
    const { status, json } = await send(path, body);
    expect([status, json['code'], json['faults']]).toMatchObject([400, 'malformed', [{ field }]]);
    expect((await app.ledger.records()).length).toBe(before);
  });
});

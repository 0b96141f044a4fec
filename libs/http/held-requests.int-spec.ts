/** Commands that wait for a second person, over HTTP: 202, what waits, and what became of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let tokens: Record<'admin' | 'finance' | 'second' | 'justice' | 'head' | 'health' | 'auditor', string>;
const p = '/programmes/p';
let position = '0';

type Body = { [field: string]: unknown };
async function post(path: string, token: string, body: object, headers: Record<string, string> = {}) {
  app.ledger.clock.now += 60_000;
  const answer = await app.send('POST', `${p}${path}`, { token, body, headers });
  const { 'ledger-position': recorded } = answer.headers;
  if (typeof recorded === 'number' || typeof recorded === 'string') position = `${recorded}`;
  return answer;
}
const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
  app.send('GET', `${p}${path}`, { ...(token !== undefined && { token }), headers: { 'ledger-position': position, ...headers } });
const itemsOf = (answer: { json: Body }) => answer.json['items'] as Body[];
const idsOf = (answer: { json: Body }) => itemsOf(answer).map(({ requestId }) => requestId);
const fund = (fundingId: string, amount: string, headers: Record<string, string> = {}) =>
  post('/initiatives/i/funding', tokens.finance, { fundingId, fiscalYear: 2024, amount }, headers);

beforeAll(async () => {
  app = await openTestApplication();
  const [admin, finance, second, justice, head, health, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('finance', 'ministry-of-finance', 'second'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('ministry', 'ministry-of-justice', 'head'),
    app.token('ministry', 'ministry-of-health'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  tokens = { admin, finance, second, justice, head, health, auditor };
  const terms = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' };
  const approvals = [
    { command: 'FundInitiative', above: '50', role: 'finance' },
    { command: 'RecordSpending', above: '20', role: 'ministry' },
  ];
  const sent = [
    await app.send('PUT', p, { token: admin, body: { ...terms, approvals } }),
    await post('/appropriations', finance, { fiscalYear: 2024, amount: '1000', legalBasis: 'law' }),
    await post('/initiatives', justice, { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' }),
    await fund('F-0', '50'),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});
afterAll(() => app.close());

describe('a command that a programme’s approvals name', () => {
  it('is answered 202 with the address of its request, again under its key, and leaves the initiative’s tag as it was', async () => {
    const before = (await get('/initiatives/i')).headers['etag'];
    const first = await fund('F-1', '60', { 'idempotency-key': 'fund-1' });
    expect([first.status, first.headers['location'], first.headers['etag']]).toEqual([202, `${p}/requests/R-3`, undefined]);
    expect(first.json).toMatchObject({ commandId: 'fund-1', version: 3, events: ['CommandSubmitted'], requestId: 'R-3' });
    const again = await fund('F-1', '60', { 'idempotency-key': 'fund-1' });
    expect([again.status, again.json, again.headers['idempotency-replayed']]).toEqual([202, first.json, 'true']);
    expect((await get('/initiatives/i')).headers['etag']).toBe(before);
    expect((await get('/initiatives/i')).json).toMatchObject({ funded: '50' });
    expect((await get('/commands/fund-1', tokens.finance)).json).toMatchObject({ status: 202, requestId: 'R-3' });
  });

  it('is answered 202 with the same request under another key too, and recorded once', async () => {
    const before = (await app.ledger.records()).length;
    const again = await fund('F-1', '60');
    expect([again.status, again.headers['location'], again.headers['idempotency-replayed']]).toEqual([202, `${p}/requests/R-3`, undefined]);
    expect(again.json).toMatchObject({ commandId: 'fund-1', requestId: 'R-3' });
    expect((await app.ledger.records()).length).toBe(before);
  });

  it('is announced by a dry run, which is answered 200', async () => {
    const { status, json, headers } = await post('/initiatives/i/funding?dryRun=true', tokens.finance, {
      ...{ fundingId: 'F-2', fiscalYear: 2024, amount: '60' },
    });
    expect([status, json['events'], headers['location']]).toEqual([200, ['CommandSubmitted'], undefined]);
  });

  it('waits in a list for those who decide on it and those who sent it', async () => {
    const waiting = await get('/requests?status=waiting', tokens.second);
    expect(itemsOf(waiting)).toEqual([
      {
        programme: 'p',
        requestId: 'R-3',
        status: 'waiting',
        command: {
          type: 'FundInitiative',
          initiative: 'i',
          occurredOn: '2024-06-01',
          data: { fundingId: 'F-1', fiscalYear: 2024, amount: '60' },
        },
        amount: '60',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        waitsFor: 'finance',
        submittedOn: '2024-06-01',
        expiresOn: '2024-07-01',
        submittedAt: expect.any(String),
        submittedBy: { id: expect.any(String), organisation: 'ministry-of-finance', role: 'finance' },
        commandId: 'fund-1',
        position: 5,
        waitedDays: 0,
      },
    ]);
    expect(waiting.json['total']).toBe(1);
    expect(idsOf(await get('/requests?mine=true', tokens.finance))).toEqual(['R-3']);
    expect(idsOf(await get('/requests?mine=true', tokens.second))).toEqual([]);
    expect(idsOf(await get('/requests?initiative=i&waitsFor=finance', tokens.auditor))).toEqual(['R-3']);
    expect(idsOf(await get('/requests', tokens.justice))).toEqual([]);
    expect((await get('/requests/R-3', tokens.justice)).json).toMatchObject({ code: 'unknown-request', status: 404 });
    expect((await get('/requests')).status).toBe(401);
    expect((await get('/requests?status=lost', tokens.second)).json).toMatchObject({
      status: 400,
      detail: 'status must be one of waiting, approved, returned, withdrawn, expired',
    });
  });

  it('is recorded once somebody else approves it, and names the approver to readers who may know', async () => {
    const own = await post('/requests/R-3/approval', tokens.finance, {});
    expect([own.status, own.json['code']]).toEqual([409, 'separation-of-duties']);
    const [one, other] = await Promise.all([
      app.send('POST', `${p}/requests/R-3/approval`, { token: tokens.second, body: { reason: 'in the plan' } }),
      app.send('POST', `${p}/requests/R-3/approval`, { token: tokens.second, body: {} }),
    ]);
    expect([one.status, one.json['events'], one.json['initiative'], other.json['code']]).toEqual([
      201,
      ['RequestApproved', 'InitiativeFunded'],
      'i',
      'request-ended',
    ]);
    position = String(other.json['position']);
    const { json } = await get('/requests/R-3', tokens.finance);
    expect(json).toMatchObject({
      status: 'approved',
      ended: { by: { id: 'second' }, reason: 'in the plan', recorded: { from: 8, to: 8 } },
    });
    expect((await get('/initiatives/i')).json).toMatchObject({ funded: '110' });
    const [funded] = itemsOf(await get('/entries?type=InitiativeFunded', tokens.auditor));
    expect(funded).toMatchObject({ actor: { organisation: 'ministry-of-finance' }, approvedBy: { id: 'second' } });
    expect(JSON.stringify([(await get('/entries')).json, (await get('/initiatives/i/history')).json])).not.toMatch(/approvedBy|R-3|second/);
  });

  it('is returned with a reason or withdrawn, and neither can be approved then', async () => {
    const [third, fourth] = [await fund('F-3', '70'), await fund('F-4', '80')].map(({ json }) => String(json['requestId']));
    const reasonless = await post(`/requests/${third ?? ''}/return`, tokens.second, {});
    expect(reasonless.json).toMatchObject({ status: 400, faults: [{ field: 'reason' }] });
    expect((await post(`/requests/${third ?? ''}/return`, tokens.second, { reason: 'too much' })).status).toBe(201);
    expect((await post(`/requests/${fourth ?? ''}/withdrawal`, tokens.second, {})).status).toBe(403);
    expect((await post(`/requests/${fourth ?? ''}/withdrawal`, tokens.finance, {})).status).toBe(201);
    for (const id of [third, fourth])
      expect((await post(`/requests/${id ?? ''}/approval`, tokens.second, {})).json).toMatchObject({ status: 409, code: 'request-ended' });
    expect(itemsOf(await get('/requests?status=returned', tokens.finance))).toMatchObject([
      { requestId: third, ended: { reason: 'too much' } },
    ]);
    expect((await post('/requests/R-99/approval', tokens.second, {})).json).toMatchObject({ status: 404, code: 'unknown-request' });
  });

  it('of a ministry is seen and approved by that ministry, and by no other', async () => {
    const spent = await post('/initiatives/i/spending', tokens.justice, { transactionId: 'T-1', amount: '25' });
    const id = String(spent.json['requestId']);
    expect(idsOf(await get('/requests?status=waiting', tokens.head))).toEqual([id]);
    expect(idsOf(await get('/requests', tokens.health))).toEqual([]);
    expect((await post(`/requests/${id}/approval`, tokens.health, {})).status).toBe(403);
    expect((await post(`/requests/${id}/approval`, tokens.head, {})).json).toMatchObject({
      events: ['RequestApproved', 'SpendingRecorded'],
    });
  });

  it('of a ministry names its papers, and waits for the new authority once the initiative has another', async () => {
    const references = [{ type: 'invoice', id: '45' }];
    const spent = await post('/initiatives/i/spending', tokens.justice, { transactionId: 'T-2', amount: '25', references });
    const id = String(spent.json['requestId']);
    expect((await get(`/requests/${id}`, tokens.head)).json).toMatchObject({ command: { type: 'RecordSpending', references } });
    expect((await get('/requests', tokens.health)).json).toMatchObject({ items: [], total: 0 });
    const moved = { authority: 'ministry-of-health', reason: 'reform' };
    expect((await post('/initiatives/i/amendments', tokens.finance, moved)).status).toBe(201);
    expect((await get('/requests', tokens.health)).json).toMatchObject({ items: [{ requestId: id }], total: 1 });
    expect((await get(`/requests/${id}`, tokens.health)).status).toBe(200);
    expect((await post(`/requests/${id}/withdrawal`, tokens.justice, {})).status).toBe(201);
    const back = { authority: 'ministry-of-justice', reason: 'back' };
    expect((await post('/initiatives/i/amendments', tokens.finance, back)).status).toBe(201);
  });

  it('goes through a batch, line by line and all or none', async () => {
    const line = (commandId: string, type: string, data: object, initiative?: string) =>
      JSON.stringify({ commandId, type, ...(initiative !== undefined && { initiative }), data });
    const send = (lines: string[], query = '') =>
      app.send('POST', `${p}/commands${query}`, {
        token: tokens.finance,
        body: lines.join('\n'),
        headers: { 'content-type': 'application/x-ndjson' },
      });
    const held = (id: string) => line(id, 'FundInitiative', { fundingId: id, fiscalYear: 2024, amount: '51' }, 'i');
    const answers = (await send([held('b-1'), held('b-1')])).text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Body);
    expect(answers.map(({ status, replayed }) => [status, replayed])).toEqual([
      [202, undefined],
      [202, true],
    ]);
    const together = (await send([held('b-2'), held('b-3')], '?atomic=true')).text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Body);
    expect(together.map(({ status }) => status)).toEqual([202, 202]);
    const stopped = await send(
      [held('b-4'), line('b-5', 'ApproveRequest', { requestId: String(together[0]?.['requestId']) })],
      '?atomic=true',
    );
    expect(stopped.json).toMatchObject({ status: 409, code: 'separation-of-duties', line: 2 });
  });

  it('expires, which is derived from the day of reading', async () => {
    const { json } = await fund('F-5', '90');
    const id = String(json['requestId']);
    app.ledger.clock.now += 31 * 86_400_000;
    const late = await post(`/requests/${id}/approval`, tokens.second, {});
    expect(late.json).toMatchObject({ status: 409, code: 'request-expired' });
  });
});

describe('the approvals of a programme', () => {
  it('are in its document, and replaced by an amendment', async () => {
    expect((await get('')).json).toMatchObject({
      approvals: [
        { command: 'FundInitiative', above: '50', role: 'finance' },
        { command: 'RecordSpending', above: '20', role: 'ministry' },
      ],
      thresholds: { spent: [70, 85, 100], funded: [70, 85, 100] },
    });
    const thresholds = { spent: [50], funded: [90, 100] };
    expect((await post('/amendments', tokens.admin, { approvals: [], thresholds, reason: 'why' })).status).toBe(201);
    expect((await get('')).json).toMatchObject({ approvals: [], thresholds });
  });

  it.each([
    ['not a list', 'all', /^approvals must be a list of at most 40 rules/],
    ['of an unknown command', [{ command: 'AmendProgramme', role: 'finance' }], /^approvals must be a list/],
    ['of an amount that is none', [{ command: 'FundInitiative', above: '1.5', role: 'finance' }], /^approvals must be a list/],
    ['of an auditor', [{ command: 'FundInitiative', role: 'auditor' }], /^approvals must be a list/],
    ['with a field too many', [{ command: 'FundInitiative', role: 'finance', days: 3 }], /^approvals must be a list/],
    ['of an amount of what has none', [{ command: 'CancelInitiative', above: '5', role: 'finance' }], /CancelInitiative has no amount/],
  ])('are refused when %s', async (_what, approvals, says) => {
    const { status, json } = await post('/amendments', tokens.admin, { approvals, reason: 'why' });
    expect(status).toBe(400);
    expect((json['faults'] as { message: string }[])[0]?.message).toMatch(says);
  });

  it.each([
    [{ spent: [50] }],
    [{ spent: [], funded: [5] }],
    [{ spent: [51], funded: [5] }],
    [{ spent: [50, 50], funded: [5] }],
    [{ spent: [105], funded: [5] }],
  ])('come with thresholds, which are not %j', async (thresholds) => {
    const { status, json } = await post('/amendments', tokens.admin, { thresholds, reason: 'why' });
    expect([status, (json['faults'] as { message: string }[])[0]?.message]).toEqual([
      400,
      'thresholds must be {"spent": […], "funded": […]} with 1 to 10 percentages each, rising multiples of 5 up to 100',
    ]);
  });
});

/** Access: one table of every route and every caller. A new route without a row fails. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from './openapi.js';
import { liveScriptName } from '../web/live.js';
import { publicPages } from '../web/public-pages.js';
import { stylesheetName } from '../web/stylesheet.js';
import { Person, withFile } from '../web/workspace/testing/person.js';
import { workspaceControllers, workspaceProviders } from '../web/workspace/workspace.js';
import { openTestApplication, type Route, type TestApplication } from './testing/application.js';

/** The callers, in the order of the columns. `owner` is the ministry that runs the initiative, `other` another one. */
const callers = ['nobody', 'admin', 'finance', 'owner', 'other', 'auditor'] as const;
type Caller = (typeof callers)[number];

const everybody = 'yes yes yes yes yes yes';
const holders = '401 yes yes yes yes yes';
const signedIn = 'sign-in yes yes yes yes yes';
const inPath = {
  programme: 'p',
  initiative: 'i',
  fiscalYear: '2024',
  year: '2024',
  fundingId: 'F-1',
  transactionId: 'T-1',
  milestoneId: 'M-1',
  resultId: 'Q-1',
  commandId: 'spend-1',
  position: '1',
  requestId: 'R-4',
  decision: 'approval',
  form: 'proposal',
  version: '3',
  upload: 'none',
  level: '0',
  tile: '000',
  thousands: 'x000',
  millions: 'x000',
  billions: 'x000',
  '*': 'swagger-ui.css',
};
const reason = { reason: 'why' };
const amount = { amount: '10' };

/** For each route, the result of each caller, `yes` if token, role and ownership all allow it; then the body that is sent. */
const table: Readonly<Record<string, [expected: string, body?: object]>> = {
  'GET /': [everybody],
  'GET /check-evidence': [everybody],
  'GET /p/:programme': [everybody],
  'GET /p/:programme/years/:year': [everybody],
  'GET /p/:programme/initiatives': [everybody],
  'GET /p/:programme/i/:initiative': [everybody],
  'GET /p/:programme/entries': [everybody],
  'GET /p/:programme/entries/:position': [everybody],
  'GET /p/:programme/entries.csv': [everybody],
  'GET /p/:programme/initiatives.csv': [everybody],
  'GET /p/:programme/notices': [everybody],
  'GET /p/:programme/explain': [everybody],
  'GET /p/:programme/explain.csv': [everybody],
  'GET /p/:programme/compare': [everybody],
  'GET /p/:programme/proof': [everybody],
  'GET /embed/p/:programme': [everybody],
  'GET /embed/p/:programme/i/:initiative': [everybody],
  [`GET /assets/${stylesheetName}`]: [everybody],
  [`GET /assets/${liveScriptName}`]: [everybody],
  // Pages of the workspace know people by their sessions, and lead everybody else to the page to sign in.
  'GET /workspace': [signedIn],
  'GET /workspace/sign-in': [everybody],
  'POST /workspace/sign-in': [everybody, {}],
  'GET /workspace/oidc/start': [everybody],
  'GET /workspace/oidc/callback': [everybody],
  'POST /workspace/sign-out': [signedIn, {}],
  'GET /workspace/p/:programme': [signedIn],
  'GET /workspace/p/:programme/i/:initiative': [signedIn],
  'GET /workspace/p/:programme/receipts/:commandId': [signedIn],
  'GET /workspace/p/:programme/send/:form': ['sign-in 403 403 yes yes 403'],
  'POST /workspace/p/:programme/send/:form': ['sign-in 403 403 yes yes 403', {}],
  'GET /workspace/p/:programme/i/:initiative/send/:form': ['sign-in 403 403 yes 403 403'],
  'POST /workspace/p/:programme/i/:initiative/send/:form': ['sign-in 403 403 yes 403 403', {}],
  'GET /workspace/p/:programme/i/:initiative/corrections/:version': ['sign-in 403 403 yes 403 403'],
  'POST /workspace/p/:programme/i/:initiative/corrections/:version': ['sign-in 403 403 yes 403 403', {}],
  'GET /workspace/p/:programme/funding': ['sign-in 403 yes 403 403 403'],
  'POST /workspace/p/:programme/funding': ['sign-in 403 yes 403 403 403', {}],
  'GET /workspace/p/:programme/upload': ['sign-in 403 yes yes yes 403'],
  'POST /workspace/p/:programme/upload': ['sign-in 403 yes yes yes 403', {}],
  'GET /workspace/p/:programme/upload/:upload': ['sign-in 403 yes yes yes 403'],
  'POST /workspace/p/:programme/upload/:upload': ['sign-in 403 yes yes yes 403', {}],
  'GET /workspace/p/:programme/upload/template.csv': ['sign-in 403 yes yes yes 403'],
  'GET /workspace/p/:programme/upload/template.xlsx': ['sign-in 403 yes yes yes 403'],
  'GET /workspace/p/:programme/years/:fiscalYear': ['sign-in 403 yes 403 403 403'],
  'GET /workspace/p/:programme/entries': [signedIn],
  'GET /workspace/p/:programme/today': [signedIn],
  'GET /workspace/p/:programme/absorption': [signedIn],
  'GET /workspace/p/:programme/requests': [signedIn],
  'GET /workspace/p/:programme/requests/:requestId/:decision': ['sign-in yes yes yes yes 403'],
  'POST /workspace/p/:programme/requests/:requestId/:decision': ['sign-in yes yes yes yes 403', {}],
  'GET /workspace/p/:programme/verification': ['sign-in yes 403 403 403 yes'],
  'GET /health/live': [everybody],
  'GET /health/ready': [everybody],
  'GET /metrics': [everybody],
  'GET /programmes': [everybody],
  'GET /programmes/:programme': [everybody],
  'GET /programmes/:programme/fiscal-years': [everybody],
  'GET /programmes/:programme/fiscal-years/:fiscalYear': [everybody],
  'GET /programmes/:programme/authorities': [everybody],
  'GET /programmes/:programme/regions': [everybody],
  'GET /programmes/:programme/sectors': [everybody],
  'GET /programmes/:programme/sources': [everybody],
  'GET /programmes/:programme/series': [everybody],
  'GET /programmes/:programme/explain': [everybody],
  'GET /programmes/:programme/appropriations': [everybody],
  'GET /programmes/:programme/changes': [everybody],
  'GET /programmes/:programme/entries': [everybody],
  'GET /programmes/:programme/notices': [everybody],
  'GET /programmes/:programme/initiatives': [everybody],
  'GET /programmes/:programme/initiative-years': [everybody],
  'GET /programmes/:programme/initiatives/:initiative': [everybody],
  'GET /programmes/:programme/initiatives/:initiative/history': [everybody],
  'GET /programmes/:programme/initiatives/:initiative/commitments': [everybody],
  'GET /programmes/:programme/requests': [holders],
  'GET /programmes/:programme/requests/:requestId': [holders],
  'POST /programmes/:programme/requests/:requestId/approval': ['401 403 yes 403 403 403', {}],
  'POST /programmes/:programme/requests/:requestId/return': ['401 403 yes 403 403 403', reason],
  'POST /programmes/:programme/requests/:requestId/withdrawal': ['401 403 403 yes 403 403', {}],
  'GET /programmes/:programme/initiatives/:initiative/milestones': [everybody],
  'GET /programmes/:programme/initiatives/:initiative/indicators': [everybody],
  'GET /programmes/:programme/initiatives/:initiative/results': [everybody],
  'GET /programmes/:programme/initiatives/:initiative/evidence': ['401 yes 403 403 403 yes'],
  'GET /programmes/:programme/statements': [everybody],
  'GET /programmes/:programme/statements/:position': [everybody],
  'POST /programmes/:programme/statement-orders': ['401 yes yes 403 403 yes', {}],
  'POST /programmes/:programme/statements': [
    '401 yes 403 403 403 403',
    { position: 1, size: 1, root: 'ab'.repeat(32), definition: 'sums-1' },
  ],
  'GET /programmes/:programme/checkpoint': [everybody],
  'GET /programmes/:programme/tile/:level/:tile': [everybody],
  'GET /programmes/:programme/tile/:level/:thousands/:tile': [everybody],
  'GET /programmes/:programme/tile/:level/:millions/:thousands/:tile': [everybody],
  'GET /programmes/:programme/tile/:level/:billions/:millions/:thousands/:tile': [everybody],
  'GET /heads': [everybody],
  'GET /programmes/:programme/records': ['401 yes 403 403 403 yes'],
  'GET /programmes/:programme/commands/:commandId': [holders],
  'POST /programmes/:programme/commands': [holders],
  'PUT /programmes/:programme': [
    '401 yes 403 403 403 403',
    { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' },
  ],
  'POST /programmes/:programme/appropriations': ['401 403 yes 403 403 403', { fiscalYear: 2024, ...amount, legalBasis: 'law' }],
  'POST /programmes/:programme/appropriations/:fiscalYear/adjustments': [
    '401 403 yes 403 403 403',
    { adjustmentId: 'B-1', change: '10', legalBasis: 'law' },
  ],
  'POST /programmes/:programme/fiscal-years/:fiscalYear/closing': ['401 403 yes 403 403 403', {}],
  'POST /programmes/:programme/fiscal-years/:fiscalYear/reopening': ['401 403 yes 403 403 403', { reason: 'why', legalBasis: 'decree' }],
  'POST /programmes/:programme/amendments': ['401 yes 403 403 403 403', { title: { en: 'Q' }, reason: 'why' }],
  'POST /programmes/:programme/initiatives': [
    '401 403 403 yes 403 403',
    { initiative: 'j', title: { en: 'J' }, authority: 'ministry-of-justice' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/amendments': ['401 403 yes yes 403 403', { title: { en: 'J' }, ...reason }],
  'POST /programmes/:programme/initiatives/:initiative/funding': [
    '401 403 yes 403 403 403',
    { fundingId: 'F-2', fiscalYear: 2024, ...amount },
  ],
  'POST /programmes/:programme/initiatives/:initiative/funding/:fundingId/adjustments': [
    '401 403 yes 403 403 403',
    { adjustmentId: 'A-1', change: '10', ...reason },
  ],
  'POST /programmes/:programme/initiatives/:initiative/funding-adjustments': [
    '401 403 403 403 403 403',
    { adjustmentId: 'A-2', change: '10', ...reason },
  ],
  'POST /programmes/:programme/initiatives/:initiative/spending': ['401 403 403 yes 403 403', { transactionId: 'T-2', ...amount }],
  'POST /programmes/:programme/initiatives/:initiative/spending/:transactionId/reversals': [
    '401 403 yes yes 403 403',
    { reversalId: 'R-1', ...amount, ...reason },
  ],
  'POST /programmes/:programme/initiatives/:initiative/reversals': ['401 403 403 403 403 403', { reversalId: 'R-2', ...amount, ...reason }],
  'POST /programmes/:programme/initiatives/:initiative/returns': [
    '401 403 yes yes 403 403',
    { returnId: 'U-1', fiscalYear: 2024, ...amount },
  ],
  'POST /programmes/:programme/initiatives/:initiative/commitments': [
    '401 403 403 yes 403 403',
    { commitmentId: 'C-1', supplier: 'S', ...amount },
  ],
  'POST /programmes/:programme/initiatives/:initiative/commitments/:commitmentId/changes': [
    '401 403 403 yes 403 403',
    { changeId: 'H-1', kind: 'value', change: '1', ...reason },
  ],
  'POST /programmes/:programme/initiatives/:initiative/commitments/:commitmentId/release': ['401 403 yes yes 403 403', reason],
  'POST /programmes/:programme/initiatives/:initiative/transfers': [
    '401 403 yes 403 403 403',
    { transferId: 'X-1', to: 'j', fiscalYear: 2024, ...amount, legalBasis: 'law' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/carry-overs': [
    '401 403 yes 403 403 403',
    { carryOverId: 'O-1', fiscalYear: 2024, ...amount, legalBasis: 'law' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/finalization': ['401 403 403 yes 403 403', {}],
  'POST /programmes/:programme/initiatives/:initiative/completion': ['401 403 yes 403 403 403', {}],
  'POST /programmes/:programme/initiatives/:initiative/cancellation': ['401 403 yes 403 403 403', { ...reason, legalBasis: 'law' }],
  'POST /programmes/:programme/initiatives/:initiative/suspension': ['401 403 yes 403 403 403', reason],
  'POST /programmes/:programme/initiatives/:initiative/resumption': ['401 403 yes 403 403 403', reason],
  'POST /programmes/:programme/initiatives/:initiative/milestones': [
    '401 403 403 yes 403 403',
    { milestoneId: 'M-1', title: { en: 'M' }, dueOn: '2024-09-30', kind: 'delivery' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/milestones/:milestoneId/forecasts': [
    '401 403 403 yes 403 403',
    { dueOn: '2024-10-31', ...reason },
  ],
  'POST /programmes/:programme/initiatives/:initiative/milestones/:milestoneId/report': ['401 403 403 yes 403 403', { status: 'met' }],
  'POST /programmes/:programme/initiatives/:initiative/progress': ['401 403 403 yes 403 403', { percent: 10, note: 'x' }],
  'POST /programmes/:programme/initiatives/:initiative/assessments': [
    '401 403 yes yes 403 yes',
    { assessmentId: 'C-1', rating: 'green', narrative: 'x', validUntil: '2030-12-31' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/indicators': [
    '401 403 403 yes 403 403',
    { indicatorId: 'I-1', title: { en: 'I' }, unit: 'x', baseline: '0', targets: [{ period: '2024', value: '1' }] },
  ],
  'POST /programmes/:programme/initiatives/:initiative/results': [
    '401 403 403 yes 403 403',
    { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: '2023-12-31', value: '1' },
  ],
  'POST /programmes/:programme/initiatives/:initiative/results/:resultId/corrections': [
    '401 403 403 yes 403 403',
    { value: '2', ...reason },
  ],
  'GET /openapi.json': [everybody],
  'GET /docs': [everybody],
  'GET /docs/': [everybody],
  'GET /docs/*': [everybody],
  'GET /docs/index.html': [everybody],
  'GET /docs/LICENSE': [everybody],
  'GET /docs/swagger-ui-init.js': [everybody],
  'GET /docs/docs/swagger-ui-init.js': [everybody],
};

let app: TestApplication;
const tokens = new Map<Caller, string>();
/** The callers in the workspace, each with the home of the workspace open. */
const people = new Map<Caller, Person>();
/** Routes that are open to everybody even if reading is closed. */
const alwaysOpen = /^GET \/(?:health|metrics|docs|assets|check-evidence|openapi\.json)/;
const batch = 'POST /programmes/:programme/commands';
const stream = 'GET /programmes/:programme/changes';

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const filled = (path: string) =>
  path
    .replace(':initiative/send/:form', 'i/send/spending')
    .replaceAll(/:(\w+)|\*/g, (part, name = part) => inPath[name as keyof typeof inPath]);

beforeAll(async () => {
  app = await openTestApplication({
    pages: [...publicPages, ...workspaceControllers],
    pageProviders: workspaceProviders({ sessionSecret: '', commandsUrl: '' }),
  });
  const organisations = {
    admin: ['admin', 'cabinet'],
    finance: ['finance', 'ministry-of-finance'],
    owner: ['ministry', 'ministry-of-justice'],
    other: ['ministry', 'ministry-of-health'],
    auditor: ['auditor', 'chamber-of-accounts'],
  } as const;
  for (const caller of callers)
    if (caller !== 'nobody') {
      const [role, organisation] = organisations[caller];
      tokens.set(caller, await app.token(role, organisation));
    }
  const send = (caller: Caller, method: 'PUT' | 'POST', path: string, body: object, key?: string) =>
    app.send(method, path, { token: tokens.get(caller) ?? '', body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  await send('admin', 'PUT', '/programmes/p', table['PUT /programmes/:programme']?.[1] ?? {});
  await send('finance', 'POST', '/programmes/p/appropriations', { fiscalYear: 2024, amount: '1000', legalBasis: 'law' });
  await send('owner', 'POST', '/programmes/p/initiatives', { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' });
  await send('finance', 'POST', '/programmes/p/initiatives/i/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '500' });
  const spent = await send('owner', 'POST', '/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '100' }, 'spend-1');
  expect(spent.status).toBe(201);
  const approvals = [{ command: 'RecordSpending', above: '150', role: 'finance' }];
  await send('admin', 'POST', '/programmes/p/amendments', { approvals, ...reason });
  const held = await send('owner', 'POST', '/programmes/p/initiatives/i/spending', { transactionId: 'T-9', amount: '200' });
  expect(held.headers['location']).toBe('/programmes/p/requests/R-4');
  for (const [caller, token] of tokens) {
    const person = await Person.signedIn(app.application, token);
    await person.get('/workspace/p/p');
    people.set(caller, person);
  }
});
afterAll(() => app.close());

/** Opens a page of the workspace as a caller, or sends the form there without any field. */
async function visit({ method, path }: Route, caller: Caller): Promise<string> {
  const headers = { host: 'ledger.test', origin: 'http://ledger.test', cookie: people.get(caller)?.cookie ?? '' };
  const form = people.get(caller)?.formTo('/workspace/sign-out') ?? 'token=';
  const { body, type } = path.endsWith('/upload')
    ? withFile(new URLSearchParams(form), 'command,date')
    : { body: form, type: 'application/x-www-form-urlencoded' };
  const { status, headers: answered } = await app.send(method, filled(path), {
    headers: { ...headers, ...(method === 'POST' && { 'content-type': type }) },
    ...(method === 'POST' && { body }),
  });
  if (status === 303 && caller === 'nobody')
    return String(answered['location']).startsWith('/workspace/sign-in?next=') ? 'sign-in' : 'elsewhere';
  return status === 403 ? '403' : 'yes';
}

/** Sends a request as a caller, recording nothing; `yes` unless the caller's identity forbids it. */
async function ask(key: string, { method, path }: Route, caller: Caller): Promise<string> {
  const token = tokens.get(caller);
  const [, body] = table[key] ?? [];
  const { status } = await app.send(method, `${filled(path)}${body ? '?dryRun=true' : ''}`, {
    ...(token !== undefined && { token }),
    ...(body && { body }),
    // A stream would not end: what follows the decision to let the caller in refuses it.
    ...(key === stream && { headers: { 'last-event-id': 'none' } }),
    ...(key === batch && {
      body: `${JSON.stringify({ commandId: 'b-1', type: 'StartFinalizing', initiative: 'i', data: {} })}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    }),
  });
  return status === 401 || status === 403 ? `${status}` : 'yes';
}

describe('access', () => {
  it('is declared by every route', () => {
    // HEAD follows the rule of GET.
    const keys = app.routes.map(({ method, path }) => keyOf({ method: method === 'HEAD' ? 'GET' : method, path }));
    expect([...new Set(keys)].sort()).toEqual(Object.keys(table).sort());
  });

  it('is what OpenAPI describes, but for the pages and the documentation’s own routes', () => {
    const described = Object.entries(describeApi(app.application).paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => keyOf({ method: method.toUpperCase(), path: path.replaceAll(/\{(\w+)\}/g, ':$1') })),
    );
    expect(described.sort()).toEqual(
      Object.keys(table)
        .filter((key) => !/^(?:GET|POST) \/(?:docs|openapi|assets|embed|workspace|check-evidence|p\/|$)/.test(key))
        .sort(),
    );
  });

  it.each(Object.entries(table))('%s', async (key, [expected]) => {
    const same = app.routes.filter(({ method, path }) => key === keyOf({ method: method === 'HEAD' ? 'GET' : method, path }));
    expect(same).not.toEqual([]);
    for (const route of same) {
      const answers: string[] = [];
      for (const caller of callers)
        answers.push(await (route.path.startsWith('/workspace') ? visit(route, caller) : ask(key, route, caller)));
      expect([keyOf(route), answers.join(' ')]).toEqual([keyOf(route), expected]);
    }
  });

  it('allows finance alone to amend amounts and authorities', async () => {
    const answers: string[] = [];
    for (const caller of callers) {
      const token = tokens.get(caller);
      const body = { requestedAmount: '20', ...reason };
      const path = '/programmes/p/initiatives/i/amendments?dryRun=true';
      answers.push(String((await app.send('POST', path, { body, ...(token !== undefined && { token }) })).status));
    }
    expect(answers.join(' ')).toBe('401 403 200 403 403 403');
  });

  it('is decided for each line of a batch by its sender', async () => {
    const line = JSON.stringify({
      commandId: 'b-2',
      type: 'CancelInitiative',
      initiative: 'i',
      data: { reason: 'why', legalBasis: 'law' },
    });
    for (const [caller, status] of [
      ['owner', 403],
      ['other', 403],
      ['auditor', 403],
    ] as const) {
      const { text } = await app.send('POST', '/programmes/p/commands?dryRun=true', {
        token: tokens.get(caller) ?? '',
        body: `${line}\n`,
        headers: { 'content-type': 'application/x-ndjson' },
      });
      expect(JSON.parse(text)).toMatchObject({ status });
    }
  });

  it('to a command’s outcome is for its own organisation, auditors and admins', async () => {
    const path = '/programmes/p/commands/spend-1?organisation=ministry-of-justice';
    const statuses: number[] = [];
    for (const caller of callers) {
      const token = tokens.get(caller);
      statuses.push((await app.send('GET', path, token === undefined ? {} : { token })).status);
    }
    expect(statuses).toEqual([401, 200, 403, 200, 403, 200]);
  });

  it('needs a token everywhere but at health, metrics and documentation if reading is closed', async () => {
    const closed = await openTestApplication({ pages: publicPages, publicReading: false });
    for (const route of closed.routes) {
      const { status } = await closed.send(route.method, filled(route.path));
      expect([keyOf(route), status === 401]).toEqual([keyOf(route), !alwaysOpen.test(keyOf(route).replace('HEAD', 'GET'))]);
    }
    await closed.close();
  });
});

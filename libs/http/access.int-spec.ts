/** Who may call what: every route and every caller in one table, which a new route can't be left out of. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeApi } from './openapi.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

/** The callers, in the order of the columns. `owner` is the ministry that runs the initiative, `other` another one. */
const callers = ['nobody', 'admin', 'finance', 'owner', 'other', 'auditor'] as const;
type Caller = (typeof callers)[number];
type Route = { method: 'GET' | 'PUT' | 'POST'; path: string; body?: object };

const everybody = 'yes yes yes yes yes yes';
const holders = '401 yes yes yes yes yes';
const inPath = { programme: 'p', initiative: 'i', fiscalYear: '2024', fundingId: 'F-1', transactionId: 'T-1', commandId: 'spend-1' };
const reason = { reason: 'why' };
const amount = { amount: '10' };

/** By operation: what each caller gets, `yes` where neither token nor role nor ownership is in the way; then the body that is sent. */
const table: Readonly<Record<string, [expected: string, body?: object]>> = {
  live: [everybody],
  ready: [everybody],
  metrics: [everybody],
  programmes: [everybody],
  programme: [everybody],
  fiscalYears: [everybody],
  authorities: [everybody],
  initiatives: [everybody],
  initiative: [everybody],
  history: [everybody],
  heads: [everybody],
  records: ['401 yes 403 403 403 yes'],
  command: [holders],
  submitBatch: [holders],
  establishProgramme: [
    '401 yes 403 403 403 403',
    { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' },
  ],
  grantAppropriation: ['401 403 yes 403 403 403', { fiscalYear: 2024, ...amount, legalBasis: 'law' }],
  adjustAppropriation: ['401 403 yes 403 403 403', { adjustmentId: 'B-1', change: '10', legalBasis: 'law' }],
  closeFiscalYear: ['401 403 yes 403 403 403', {}],
  proposeInitiative: ['401 403 403 yes 403 403', { initiative: 'j', title: { en: 'J' }, authority: 'ministry-of-justice' }],
  amendInitiative: ['401 403 yes yes 403 403', { title: { en: 'J' }, ...reason }],
  fundInitiative: ['401 403 yes 403 403 403', { fundingId: 'F-2', fiscalYear: 2024, ...amount }],
  adjustFunding: ['401 403 yes 403 403 403', { adjustmentId: 'A-1', change: '10', ...reason }],
  adjustSomeFunding: ['401 403 403 403 403 403', { adjustmentId: 'A-2', change: '10', ...reason }],
  recordSpending: ['401 403 403 yes 403 403', { transactionId: 'T-2', ...amount }],
  reverseSpending: ['401 403 yes yes 403 403', { reversalId: 'R-1', ...amount, ...reason }],
  reverseSomeSpending: ['401 403 403 403 403 403', { reversalId: 'R-2', ...amount, ...reason }],
  returnFunds: ['401 403 yes yes 403 403', { returnId: 'U-1', fiscalYear: 2024, ...amount }],
  startFinalizing: ['401 403 403 yes 403 403', {}],
  finalizeInitiative: ['401 403 yes 403 403 403', {}],
  cancelInitiative: ['401 403 yes 403 403 403', { ...reason, legalBasis: 'law' }],
  suspendInitiative: ['401 403 yes 403 403 403', reason],
  resumeInitiative: ['401 403 yes 403 403 403', reason],
};

let app: TestApplication;
const tokens = new Map<Caller, string>();
const routes = new Map<string, Route>();
const hasId = (operation: unknown): operation is { operationId: string } =>
  typeof operation === 'object' && operation !== null && 'operationId' in operation;
const isMethod = (method: string): method is 'get' | 'put' | 'post' => ['get', 'put', 'post'].includes(method);

beforeAll(async () => {
  app = await openTestApplication();
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
  for (const [path, operations] of Object.entries(describeApi(app.application).paths))
    for (const [method, operation] of Object.entries(operations))
      if (isMethod(method) && hasId(operation)) {
        const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => inPath[name as keyof typeof inPath]);
        routes.set(operation.operationId, { method: method.toUpperCase() as Route['method'], path: filled });
      }
  const send = (caller: Caller, method: 'PUT' | 'POST', path: string, body: object, key?: string) =>
    app.send(method, path, { token: tokens.get(caller) ?? '', body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  await send('admin', 'PUT', '/programmes/p', table['establishProgramme']?.[1] ?? {});
  await send('finance', 'POST', '/programmes/p/appropriations', { fiscalYear: 2024, amount: '1000', legalBasis: 'law' });
  await send('owner', 'POST', '/programmes/p/initiatives', { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' });
  await send('finance', 'POST', '/programmes/p/initiatives/i/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '500' });
  const spent = await send('owner', 'POST', '/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '100' }, 'spend-1');
  expect(spent.status).toBe(201);
});
afterAll(() => app.close());

/** Asks as a caller, recording nothing; `yes` unless who it is stands in the way. */
async function ask(operation: string, caller: Caller): Promise<string> {
  const route = routes.get(operation);
  if (!route) throw new Error(`there is no route ${operation}`);
  const token = tokens.get(caller);
  const [, body] = table[operation] ?? [];
  const { status } = await app.send(route.method, `${route.path}${body ? '?dryRun=true' : ''}`, {
    ...(token !== undefined && { token }),
    ...(body && { body }),
    ...(operation === 'submitBatch' && {
      body: `${JSON.stringify({ commandId: 'b-1', type: 'StartFinalizing', initiative: 'i', data: {} })}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    }),
  });
  return status === 401 || status === 403 ? `${status}` : 'yes';
}

describe('who may call what', () => {
  it('is said of every route', () => {
    expect(Object.keys(table).sort()).toEqual([...routes.keys()].sort());
  });

  it.each(Object.entries(table))('%s', async (operation, [expected]) => {
    const answers: string[] = [];
    for (const caller of callers) answers.push(await ask(operation, caller));
    expect(answers.join(' ')).toBe(expected);
  });

  it('amounts and authorities are amended by finance alone', async () => {
    const answers: string[] = [];
    for (const caller of callers) {
      const token = tokens.get(caller);
      const body = { requestedAmount: '20', ...reason };
      const path = '/programmes/p/initiatives/i/amendments?dryRun=true';
      answers.push(String((await app.send('POST', path, { body, ...(token !== undefined && { token }) })).status));
    }
    expect(answers.join(' ')).toBe('401 403 200 403 403 403');
  });

  it('a batch decides each line by who sends it', async () => {
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

  it('what a command became is told its own organisation, auditors and admins', async () => {
    const path = '/programmes/p/commands/spend-1?organisation=ministry-of-justice';
    const statuses: number[] = [];
    for (const caller of callers) {
      const token = tokens.get(caller);
      statuses.push((await app.send('GET', path, token === undefined ? {} : { token })).status);
    }
    expect(statuses).toEqual([401, 200, 403, 200, 403, 200]);
  });

  it('every route wants a token where reading is closed, but health, metrics and documentation', async () => {
    const closed = await openTestApplication({ publicReading: false });
    for (const [operation, { method, path }] of routes) {
      const { status } = await closed.send(method, path);
      expect([operation, status === 401]).toEqual([operation, !['live', 'ready', 'metrics'].includes(operation)]);
    }
    await closed.close();
  });
});

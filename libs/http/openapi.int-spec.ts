/** The OpenAPI document is right, and the ledger accepts its examples. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tileOver } from '../proof/statements/stated-tree.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

type Operation = {
  parameters?: { name: string; in: string; schema: { example?: string | number } }[];
  requestBody?: { content: Record<string, { example: Record<string, unknown> }> };
  security: object[];
};
type Document = { paths: Record<string, Record<string, Operation>>; servers: { url: string }[] };

let app: TestApplication;
let document: Document;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  app = await openTestApplication();
  app.ledger.clock.now = Date.parse('2025-06-01T06:00:00.000Z');
  document = (await app.send('GET', '/openapi.json')).json as unknown as Document;
  tokens['admin'] = await app.token('admin', 'cabinet');
  tokens['finance'] = await app.token('finance', 'ministry-of-finance');
  tokens['another of finance'] = await app.token('finance', 'ministry-of-finance', 'u-another');
  tokens['ministry'] = await app.token('ministry', 'ministry-of-justice');
  tokens['auditor'] = await app.token('auditor', 'chamber-of-accounts');
});
afterAll(() => app.close());

const p = '/programmes/{programme}';
const i = `${p}/initiatives/{initiative}`;
/** Every command with its sender, in an order in which each is allowed. */
const story: [string, string][] = [
  [`PUT ${p}`, 'admin'],
  [`POST ${p}/amendments`, 'admin'],
  [`POST ${p}/appropriations`, 'finance'],
  [`POST ${p}/appropriations/{fiscalYear}/adjustments`, 'finance'],
  [`POST ${p}/initiatives`, 'ministry'],
  [`POST ${i}/amendments`, 'finance'],
  [`POST ${i}/funding`, 'finance'],
  [`POST ${i}/funding/{fundingId}/adjustments`, 'finance'],
  [`POST ${i}/commitments`, 'ministry'],
  [`POST ${i}/spending`, 'ministry'],
  [`POST ${i}/milestones`, 'ministry'],
  [`POST ${i}/milestones/{milestoneId}/forecasts`, 'ministry'],
  [`POST ${i}/milestones/{milestoneId}/report`, 'ministry'],
  [`POST ${i}/progress`, 'ministry'],
  [`POST ${i}/assessments`, 'auditor'],
  [`POST ${i}/indicators`, 'ministry'],
  [`POST ${i}/results`, 'ministry'],
  [`POST ${i}/results/{resultId}/corrections`, 'ministry'],
  [`POST ${i}/spending/{transactionId}/reversals`, 'ministry'],
  [`POST ${i}/commitments/{commitmentId}/changes`, 'ministry'],
  [`POST ${i}/commitments/{commitmentId}/release`, 'finance'],
  [`POST ${i}/reversals`, 'admin'],
  [`POST ${i}/funding-adjustments`, 'admin'],
  [`POST ${p}/commands`, 'ministry'],
  [`POST ${i}/returns`, 'ministry'],
  [`POST ${i}/suspension`, 'finance'],
  [`POST ${i}/resumption`, 'finance'],
  [`POST ${i}/finalization`, 'ministry'],
  [`POST ${i}/completion`, 'finance'],
  [`POST ${p}/fiscal-years/{fiscalYear}/closing`, 'finance'],
  // The programme's approvals name it, so it waits.
  [`POST ${p}/fiscal-years/{fiscalYear}/reopening`, 'another of finance'],
  [`POST ${p}/requests/{requestId}/approval`, 'finance'],
];
/** They come after the story, whose request is named after the programme's version. */
const ofStatements: [string, string][] = [
  [`POST ${p}/statement-orders`, 'finance'],
  [`POST ${p}/statements`, 'admin'],
];
/** An initiative ends once, so the cancellation is not in the same story. */
const otherEnd = `POST ${i}/cancellation`;
/** Nor are the other ends of a request. */
const otherEndsOfRequest: [string, string][] = [
  [`POST ${p}/requests/{requestId}/return`, 'finance'],
  [`POST ${p}/requests/{requestId}/withdrawal`, 'another of finance'],
];

/** A transfer needs a second initiative, and a carry-over leaves money for another year, so neither is in the same story. */
const [transfer, carryOver] = [`POST ${i}/transfers`, `POST ${i}/carry-overs`];

function operationAt(key: string): Operation {
  const [method = '', path = ''] = key.split(' ');
  return document.paths[path]![method.toLowerCase()]!;
}
/** The address of an operation, filled with the examples of its parameters. */
function addressOf(key: string): string {
  const [, path = ''] = key.split(' ');
  const { parameters = [] } = operationAt(key);
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(parameters.find((one) => one.in === 'path' && one.name === name)?.schema.example),
  );
}

async function send(application: TestApplication, key: string, token = ''): Promise<string> {
  const [type = '', { example } = { example: {} }] = Object.entries(operationAt(key).requestBody?.content ?? {})[0] ?? [];
  const [method = ''] = key.split(' ');
  const { status, text } = await application.send(method === 'PUT' ? 'PUT' : 'POST', addressOf(key), {
    token,
    body: example,
    headers: { 'content-type': type, ...(key.endsWith('/spending') && { 'idempotency-key': 'spend-1' }) },
  });
  const answered = type === 'application/x-ndjson' ? (JSON.parse(text) as { status: number }).status : status;
  return answered === 201 || answered === 202 ? 'accepted' : `${answered} ${text}`;
}

describe('the OpenAPI document', () => {
  it('has examples of every command that the ledger accepts as they stand', async () => {
    const commands = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => method !== 'get')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tried = [...story, ...ofStatements, ...otherEndsOfRequest].map(([key]) => key);
    expect([...tried, otherEnd, transfer, carryOver].sort()).toEqual(commands.sort());
    for (const [key, sender] of [...story, ...ofStatements]) expect([key, await send(app, key, tokens[sender])]).toEqual([key, 'accepted']);
  });
  it('has one of a cancellation, too', async () => {
    const other = await openTestApplication();
    const as = {
      admin: await other.token('admin', 'cabinet'),
      finance: await other.token('finance', 'ministry-of-finance'),
      ministry: await other.token('ministry', 'ministry-of-justice'),
    };
    const before = [`PUT ${p}`, `POST ${p}/appropriations`, `POST ${p}/initiatives`, `POST ${i}/funding`];
    const senders = [as.admin, as.finance, as.ministry, as.finance, as.finance];
    const answers: string[] = [];
    for (const [index, key] of [...before, otherEnd].entries()) answers.push(await send(other, key, senders[index]));
    expect(answers).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    await other.close();
  });
  it('has one of a transfer, for which another initiative is there to take the money, and of a carry-over', async () => {
    const other = await openTestApplication();
    const as = {
      admin: await other.token('admin', 'cabinet'),
      finance: await other.token('finance', 'ministry-of-finance'),
      ministry: await other.token('ministry', 'ministry-of-justice'),
    };
    const before: [key: string, token: string][] = [
      [`PUT ${p}`, as.admin],
      [`POST ${p}/appropriations`, as.finance],
      [`POST ${p}/initiatives`, as.ministry],
      [`POST ${i}/funding`, as.finance],
    ];
    for (const [key, token] of before) expect([key, await send(other, key, token)]).toEqual([key, 'accepted']);
    const { to } = operationAt(transfer).requestBody!.content['application/json']!.example;
    const taker = { initiative: to, title: { en: 'E-signature' }, authority: 'ministry-of-justice', occurredOn: '2024-03-07' };
    const proposed = await other.send('POST', addressOf(`POST ${p}/initiatives`), { token: as.ministry, body: taker });
    expect(proposed.status).toBe(201);
    for (const key of [transfer, carryOver]) expect([key, await send(other, key, as.finance)]).toEqual([key, 'accepted']);
    await other.close();
  });
  it.each(otherEndsOfRequest)('has one of %s, too', async (key, sender) => {
    const other = await openTestApplication();
    other.ledger.clock.now = app.ledger.clock.now;
    const own: Record<string, string> = {
      admin: await other.token('admin', 'cabinet'),
      finance: await other.token('finance', 'ministry-of-finance'),
      'another of finance': await other.token('finance', 'ministry-of-finance', 'u-another'),
      ministry: await other.token('ministry', 'ministry-of-justice'),
    };
    for (const [before, by] of story.slice(0, -1)) await send(other, before, own[by]);
    expect(await send(other, key, own[sender])).toBe('accepted');
    await other.close();
  });
  it('has addresses for examples that answer, once those commands are recorded', async () => {
    const [text, programme] = ['{}', addressOf(`GET ${p}`).split('/').at(-1) ?? ''];
    const tile = await tileOver([{ key: 'programme', text }]);
    const statement = { programme, position: 1, size: 1, root: tile.root };
    await app.statements.add({ ...statement, tiles: [tile], changed: [[{ key: 'programme', text }]] });
    await app.statements.published({ ...statement, record: 2 });
    for (const path of Object.keys(document.paths)) {
      const key = `GET ${path}`;
      // A stream does not end: changes.int-spec.ts reads that one. Full tiles begin with the 256th record: proof.int-spec.ts reads those. Evidence needs a
      // statement in a checkpoint: statements.e2e-spec.ts reads it.
      if (!('get' in document.paths[path]!) || /\/changes$|\/evidence$|\/tile\//.test(path)) continue;
      const token = tokens[path.endsWith('/commands/{commandId}') ? 'ministry' : 'auditor'] ?? '';
      expect([key, (await app.send('GET', addressOf(key), { token })).status]).toEqual([key, 200]);
    }
  });
  it('names its own address, and the routes that are open to everybody', () => {
    expect(document.servers).toEqual([{ url: '/', description: 'Where this document is served.' }]);
    const security = (path: string, method = 'get') => document.paths[path]![method]!.security;
    expect(['/health/live', '/health/ready', '/metrics'].map((path) => security(path))).toEqual([[], [], []]);
    expect(security(p)).toEqual(expect.arrayContaining([{}, { bearer: [] }]));
    expect(security(p, 'put')).toEqual([{ bearer: [] }]);
  });
  it('gives redocly’s linter nothing to say', async () => {
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, config: await createConfig({ extends: ['recommended'] }) });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });
});

describe('a JSON array', () => {
  it('is no batch: 400, and nothing of it is decided', async () => {
    const before = (await app.ledger.records()).length;
    const { status, json } = await app.send('POST', '/programmes/p/commands', {
      token: tokens['ministry'] ?? '',
      body: '[{"commandId":"a"}]',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect([status, json['code'], json['detail']]).toEqual([
      400,
      'malformed',
      'a batch has one JSON object per line (NDJSON), and is not a JSON array',
    ]);
    expect((await app.ledger.records()).length).toBe(before);
  });
});

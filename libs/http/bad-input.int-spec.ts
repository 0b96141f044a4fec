/** Bad input to every route that OpenAPI describes: each answer says what is wrong, and nothing malformed reaches the log. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { capabilities } from '../domain/capabilities.js';
import type { CommandType } from '../domain/commands.js';
import type { Role } from '../domain/vocabulary.js';
import { describeApi } from './openapi.js';
import { openTestApplication, type Answer, type TestApplication } from './testing/application.js';

type Schema = {
  $ref?: string;
  allOf?: Schema[];
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  maxLength?: number;
};
type Operation = {
  operationId: string;
  responses: Record<string, unknown>;
  parameters?: { name: string; in: string; schema: { example?: string | number } }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: Record<string, unknown> }> };
};
type Method = 'GET' | 'POST' | 'PUT';
type Route = { key: string; method: Method; path: string; operation: Operation };
/** A route of one command, with an example that the ledger takes. */
type CommandRoute = Route & { type: CommandType; schema: Schema; example: Record<string, unknown> };

/** The application is described before the tests are listed. */
const app: TestApplication = await openTestApplication();
const tokens = new Map<Role, string>();
const { paths, components } = describeApi(app.application) as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** The commands of an import, which name nothing that they correct. */
const ofImports: Readonly<Record<string, CommandType>> = { adjustSomeFunding: 'AdjustFunding', reverseSomeSpending: 'ReverseSpending' };
const routes: Route[] = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([name, operation]) => {
    const method = (['GET', 'POST', 'PUT'] as const).find((one) => one === name.toUpperCase());
    return method && path.startsWith('/programmes/') ? [{ key: `${method} ${path}`, method, path, operation }] : [];
  }),
);
const commandRoutes: [string, CommandRoute][] = routes.flatMap((route) => {
  const body = route.operation.requestBody?.content['application/json'];
  const { operationId } = route.operation;
  const named = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const type = ofImports[operationId] ?? (Object.keys(capabilities) as CommandType[]).find((one) => one === named);
  if (!body || !type) return [];
  return [[route.key, { ...route, type, schema: resolved(body.schema), example: body.example ?? {} }]];
});

function resolved({ $ref, allOf, ...schema }: Schema): Schema {
  const name = ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1);
  return name === undefined ? schema : resolved(components.schemas[name] ?? {});
}

/** A path with the examples of its parameters, or others. */
function addressOf({ path, operation }: Route, others: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const example = operation.parameters?.find((one) => one.in === 'path' && one.name === name)?.schema.example;
    return encodeURIComponent(others[name] ?? { programme: 'p', initiative: 'i' }[name] ?? String(example));
  });
}

/** Somebody who may send a command; an import acts for finance. */
function senderOf({ type, operation }: CommandRoute): Role {
  const [role = 'admin'] = Object.hasOwn(ofImports, operation.operationId) ? [] : capabilities[type].by;
  return role;
}
function send(
  route: CommandRoute,
  body: unknown,
  others?: Readonly<Record<string, string>>,
  headers?: Record<string, string>,
): Promise<Answer> {
  const token = tokens.get(senderOf(route)) ?? '';
  return app.send(route.method, addressOf(route, others), { token, body, ...(headers && { headers }) });
}
/** The names in a route's path. */
const namedIn = ({ path }: Route) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const recorded = async () => (await app.ledger.records()).length;
const faultsOf = ({ json }: Answer) => (json['faults'] as { field: string }[] | undefined)?.map(({ field }) => field) ?? [];

beforeAll(async () => {
  for (const [role, organisation] of [
    ['admin', 'cabinet'],
    ['finance', 'ministry-of-finance'],
    ['ministry', 'ministry-of-justice'],
    ['auditor', 'chamber-of-accounts'],
  ] as const)
    tokens.set(role, await app.token(role, organisation));
  const [admin, finance, ministry] = [tokens.get('admin') ?? '', tokens.get('finance') ?? '', tokens.get('ministry') ?? ''];
  const answers = [
    await app.send('PUT', '/programmes/p', {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' },
    }),
    await app.send('POST', '/programmes/p/appropriations', {
      token: finance,
      body: { fiscalYear: 2024, amount: '100', legalBasis: 'law' },
    }),
    await app.send('POST', '/programmes/p/initiatives', {
      token: ministry,
      body: { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' },
    }),
    await app.send('POST', '/programmes/p/initiatives/i/funding', {
      token: finance,
      body: { fundingId: 'F-0', fiscalYear: 2024, amount: '100' },
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});
afterAll(() => app.close());

describe('a body that is malformed is answered 400 with the field, and reaches no log:', () => {
  it('every command has a route', () => {
    expect(new Set(commandRoutes.map(([, { type }]) => type))).toEqual(new Set(Object.keys(capabilities)));
  });

  it.each(commandRoutes)('%s', async (_key, route) => {
    const { example } = route;
    const { properties = {}, required = [] } = route.schema;
    const before = await recorded();
    const wrong: [string, object][] = [
      ['surprise', { ...example, surprise: '1' }],
      ...required.map((field): [string, object] => [field, Object.fromEntries(Object.entries(example).filter(([name]) => name !== field))]),
      ...Object.entries(properties).flatMap(([field, { type, ...schema }]): [string, object][] => {
        const kind = type ?? resolved(schema).type;
        const isText = kind === 'string';
        return [
          [field, { ...example, [field]: kind === 'object' ? 'text' : { of: 'another type' } }],
          [field, { ...example, [field]: null }],
          ...(isText ? [[field, { ...example, [field]: 'x'.repeat(5_000) }] satisfies [string, object]] : []),
        ];
      }),
    ];
    for (const [field, body] of wrong) {
      const answer = await send(route, body);
      expect({ field, body, status: answer.status, code: answer.json['code'] }).toEqual({ field, body, status: 400, code: 'malformed' });
      expect(faultsOf(answer).map((name) => name.split(/[.[]/, 1)[0])).toContain(field);
    }
    const text = await send(route, JSON.stringify(example), {}, { 'content-type': 'text/plain' });
    expect([text.status, text.json['code']]).toEqual([415, 'unsupported-media-type']);
    expect(await recorded()).toBe(before);
  });
});

describe('a part of an address that is longer than any code or id is answered 414, as the description says:', () => {
  it.each(routes.map((route): [string, Route] => [route.key, route]))('%s', async (_key, route) => {
    for (const name of namedIn(route)) {
      const { status, json } = await app.send(route.method, addressOf(route, { [name]: 'x'.repeat(200) }), {
        token: tokens.get('admin') ?? '',
      });
      expect({ name, status, code: json['code'] }).toEqual({ name, status: 414, code: 'address-too-long' });
    }
    expect(Object.keys(route.operation.responses)).toContain('414');
  });
});

describe('what is not there is answered 404 with what is unknown:', () => {
  /** The codes of what a path may name. */
  const unknown: Readonly<Record<string, string>> = {
    programme: 'unknown-programme',
    initiative: 'unknown-initiative',
    fundingId: 'unknown-funding',
    transactionId: 'unknown-spending',
    commitmentId: 'unknown-commitment',
    requestId: 'unknown-request',
    milestoneId: 'unknown-milestone',
    resultId: 'unknown-result',
    commandId: 'unknown-command',
    fiscalYear: 'unknown-fiscal-year',
    position: 'unknown-statement',
  };

  it.each(commandRoutes)('%s', async (_key, route) => {
    for (const name of namedIn(route)) {
      if (route.type === 'EstablishProgramme' || name === 'fiscalYear') continue;
      const answer = await send(route, route.example, { [name]: 'missing' });
      expect({ name, status: answer.status, code: answer.json['code'] }).toEqual({ name, status: 404, code: unknown[name] });
    }
  });

  it('an indicator of a result', async () => {
    const route = commandRoutes.find(([, { type }]) => type === 'ReportResult')?.[1];
    if (!route) throw new Error('there is no such route');
    const { status, json } = await send(route, { ...route.example, indicatorId: 'missing' });
    expect([status, json['code'], json['detail']]).toEqual([404, 'unknown-indicator', 'i has no indicator missing']);
  });

  /** A read names only the missing initiative, request, command or statement, whichever programme it is in. */
  const answeredOf = (route: Route, name: string) =>
    name === 'programme'
      ? (namedIn(route).find((one) => ['initiative', 'requestId', 'commandId', 'position'].includes(one)) ?? name)
      : name;
  // Checkpoints and tiles answer as a store of files does: proof.int-spec.ts asks for missing ones.
  const readRoutes = routes
    .filter(({ method, path }) => method === 'GET' && !/\/(?:checkpoint$|tile\/)/.test(path))
    .map((route): [string, Route] => [route.key, route]);
  it.each(readRoutes)('%s', async (_key, route) => {
    const token = tokens.get('auditor') ?? '';
    for (const name of namedIn(route)) {
      const { status, json } = await app.send('GET', addressOf(route, { [name]: name === 'fiscalYear' ? '1999' : 'missing' }), { token });
      expect({ name, status, code: json['code'] }).toEqual({ name, status: 404, code: unknown[answeredOf(route, name)] });
    }
    const { status, json } = await app.send('GET', `${addressOf(route)}?surprise=1`, { token });
    expect([status, json['code']]).toEqual([400, 'malformed']);
  });
});

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';
import { everyCommand, waits } from './support/every-command.js';
import { thisYear } from './support/days.js';

const run = promisify(execFile);
const folderOfClient = 'test/generated';
/** The test generates this module, so the compiler must not resolve it. */
const moduleOfClient: string = './generated/index.js';

type Answered = { data?: Record<string, unknown>; error?: Record<string, unknown>; response: Response };
type Operation = (options: {
  baseUrl: string;
  headers?: Record<string, string>;
  path?: object;
  query?: object;
  body?: object;
}) => Promise<Answered>;

type Described = { paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[] }>> };

/** The client knows only the OpenAPI document, which names and types its functions. */
describe('a client generated from the OpenAPI document', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let client: Record<string, Operation>;
  const tokens: Record<string, string> = {};
  /** By operation, the names in its path. */
  const inPathOf = new Map<string, string[]>();

  const call = (
    operation: string,
    who: string | undefined,
    options: { path?: object; query?: object; body?: object; headers?: Record<string, string> } = {},
  ) =>
    client[operation]!({
      baseUrl: ledger.url,
      ...(who !== undefined && { headers: { authorization: `Bearer ${tokens[who]!}`, 'content-type': 'application/json' } }),
      ...options,
    });

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path);
    for (const [person, role, organisation] of [
      ['admin', 'admin', 'cabinet'],
      ['finance', 'finance', 'ministry-of-finance'],
      ['controller', 'finance', 'treasury'],
      ['ministry', 'ministry', 'ministry-of-justice'],
      ['auditor', 'auditor', 'chamber-of-accounts'],
    ] as const)
      tokens[person] = await tokenFor(folder.path, role, organisation);
    const { paths } = (await (await fetch(`${ledger.url}/openapi.json`)).json()) as Described;
    for (const { operationId, parameters = [] } of Object.values(paths).flatMap((path) => Object.values(path)))
      inPathOf.set(
        operationId,
        parameters.filter((one) => one.in === 'path').map(({ name }) => name),
      );
    await rm(folderOfClient, { recursive: true, force: true });
    await run(process.execPath, ['scripts/generate-client.mjs', `${ledger.url}/openapi.json`, folderOfClient]);
    const generated: unknown = await import(moduleOfClient);
    client = generated as Record<string, Operation>;
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
    await rm(folderOfClient, { recursive: true, force: true });
  });

  it('compiles under strict', async () => {
    const { stdout } = await run(process.execPath, [
      'node_modules/typescript/bin/tsc',
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2024',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      `${folderOfClient}/index.ts`,
    ]).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toBe('');
  });

  it('makes the whole journey, which needs every command', async () => {
    let written = '';
    for (const step of everyCommand) {
      const { by, type, initiative, data, references } = step;
      const operation = operationOf(type);
      const all = { programme: 'digital', ...(initiative !== undefined && { initiative }), ...data };
      const [path, body] = divided(all, inPathOf.get(operation) ?? []);
      const answer = await call(operation, by, { path, body: { ...body, ...(references && { references }) } });
      written = answer.response.headers.get('ledger-position') ?? written;
      const { data: receipt, error, response } = answer;
      expect({ operation, status: response.status, error }).toEqual({ operation, status: waits(step) ? 202 : 201, error: undefined });
      expect(receipt).toMatchObject({ commandId: expect.any(String), position: expect.any(Number), hash: expect.any(String) });
    }
    const refused = await call('recordSpending', 'ministry', {
      path: journey,
      body: { transactionId: 'T-3', amount: '1' },
    });
    expect(refused.error).toMatchObject({ status: 409, code: 'wrong-status' });

    // A client sees its own writes if it sends back the position of its receipt.
    const answers: object[] = [];
    for (const [operation, , query] of reads) {
      const [path] = divided({ ...journey, fiscalYear: thisYear, requestId: 'R-9' }, inPathOf.get(operation) ?? []);
      const headers = { authorization: `Bearer ${tokens['auditor']!}`, 'ledger-position': written };
      const asked = () => call(operation === 'history' ? 'history_' : operation, undefined, { path, headers, ...(query && { query }) });
      let answer = await asked();
      while (answer.response.status === 503) answer = await asked();
      answers.push({ operation, error: answer.error, data: answer.data });
    }
    expect(answers).toMatchObject(reads.map(([operation, data]) => ({ operation, error: undefined, data })));
  });

  it('leaves out no command and no list', () => {
    const called = new Set([...everyCommand.map(({ type }) => operationOf(type)), ...reads.map(([operation]) => operation)]);
    expect([...inPathOf.keys()].filter((operation) => !called.has(operation))).toEqual(others);
  });
});

/** The addresses of the journey. */
const journey = { programme: 'digital', initiative: 'e-notary' };
const items = (...some: object[]) => ({ items: some });
/** Every document and list, and its content after the journey. */
const reads: readonly (readonly [operation: string, expected: object, query?: object])[] = [
  ['programmes', items({ programme: 'digital' })],
  ['heads', items({ programme: 'digital' })],
  ['programme', { appropriated: '990001', spent: '55000', title: { ky: 'Ар бир буйрук' }, thresholds: { funded: [5] } }],
  ['appropriations', items({ amount: '1' }, { source: { kind: 'budget' } }, { change: '-10000' }, { change: '-1000' }, { change: '1000' })],
  [
    'fiscalYears',
    items(
      { fiscalYear: thisYear - 1, closedOn: expect.any(String) },
      { fiscalYear: thisYear, spent: '55000' },
      { fiscalYear: thisYear + 1 },
    ),
  ],
  ['fiscalYear', { fiscalYear: thisYear, spent: '55000' }],
  ['authorities', items({ authority: 'ministry-of-justice', spent: '55000' })],
  ['regions', items({ region: 'KG-C', spent: '55000' })],
  ['sectors', items({ sector: '01.3', spent: '55000' })],
  ['sources', items({ source: 'budget' }, { source: 'grant', funded: '45000' })],
  ['series', items({ period: String(thisYear) }), { by: 'year' }],
  ['explain', { sum: '55000', ...items({ type: 'SpendingRecorded', effect: expect.any(String) }) }, { initiative: 'e-notary', limit: 1 }],
  ['initiatives', items({ initiative: 'e-notary' }), { status: 'finalized' }],
  ['initiativeYears', items({ initiative: 'e-archive', fiscalYear: thisYear }, { initiative: 'e-archive' }, { initiative: 'e-notary' })],
  ['initiative', { status: 'finalized', available: '0', ended: { finalValue: '55000' } }],
  ['history', items({ type: 'InitiativeProposed' }, { type: 'InitiativeAmended' }), { limit: 2 }],
  ['commitments', items({ commitmentId: 'C-1', supplier: 'Systems' })],
  ['milestones', items({ milestoneId: 'M-1', status: 'met', reforecasts: 1 })],
  ['indicators', items({ indicatorId: 'I-1', unit: 'percent' })],
  ['results', items({ resultId: 'Q-1', value: '60.5' })],
  [
    'requests',
    items({ requestId: 'R-13', status: 'withdrawn' }, { requestId: 'R-11', status: 'returned' }, { requestId: 'R-9', status: 'approved' }),
  ],
  ['request', { requestId: 'R-9', status: 'approved' }],
  ['entries', items({ type: 'CommitmentMade', initiative: 'e-notary' }), { reference: 'K-17' }],
  ['notices', items({ kind: 'appropriation-reached' }), { limit: 1 }],
];
/** The operations that are no document, list or single command, and those that only an import or a verifier of proofs needs. */
const others: readonly string[] = [
  'statements',
  'adjustSomeFunding',
  'reverseSomeSpending',
  'submitBatch',
  'records',
  'command',
  'changes',
  'checkpoint',
  'tile',
  'tileOfThousands',
  'tileOfMillions',
  'tileOfBillions',
  'statement',
  'evidence',
  'live',
  'ready',
  'metrics',
];

/** The function of a command is named after it. */
function operationOf(type: string): string {
  return type.charAt(0).toLowerCase() + type.slice(1);
}

/** The arguments in an operation's path, and the others. */
function divided(all: Readonly<Record<string, unknown>>, inPath: readonly string[]): [Record<string, unknown>, Record<string, unknown>] {
  const [path, rest]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [name, value] of Object.entries(all)) (inPath.includes(name) ? path : rest)[name] = value;
  return [path, rest];
}

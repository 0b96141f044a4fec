import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';
import { thisYear } from './support/programme.js';

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

/** The client knows only the OpenAPI document, which names and types its functions. */
describe('a client generated from the OpenAPI document', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let client: Record<string, Operation>;
  const tokens: Record<string, string> = {};

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
    for (const [role, organisation] of [
      ['admin', 'cabinet'],
      ['finance', 'ministry-of-finance'],
      ['ministry', 'ministry-of-justice'],
      ['auditor', 'chamber-of-accounts'],
    ] as const)
      tokens[role] = await tokenFor(folder.path, role, organisation);
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

  it('makes the whole journey', async () => {
    const programme = { programme: 'digital' };
    const initiative = { ...programme, initiative: 'e-notary' };
    const steps: [string, string, { path: object; body?: object }][] = [
      [
        'establishProgramme',
        'admin',
        { path: programme, body: { title: { en: 'D' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' } },
      ],
      ['grantAppropriation', 'finance', { path: programme, body: { fiscalYear: thisYear, amount: '100000', legalBasis: 'law' } }],
      [
        'adjustAppropriation',
        'finance',
        { path: { ...programme, fiscalYear: thisYear }, body: { adjustmentId: 'B-1', change: '-10000', legalBasis: 'law' } },
      ],
      [
        'proposeInitiative',
        'ministry',
        {
          path: programme,
          body: { initiative: 'e-notary', title: { en: 'E' }, authority: 'ministry-of-justice', requestedAmount: '80000' },
        },
      ],
      ['amendInitiative', 'ministry', { path: initiative, body: { reason: 'longer', plannedEnd: `${thisYear}-12-31` } }],
      ['fundInitiative', 'finance', { path: initiative, body: { fundingId: 'F-1', fiscalYear: thisYear, amount: '80000' } }],
      [
        'adjustFunding',
        'finance',
        { path: { ...initiative, fundingId: 'F-1' }, body: { adjustmentId: 'A-1', change: '-5000', reason: 'less' } },
      ],
      ['recordSpending', 'ministry', { path: initiative, body: { transactionId: 'T-1', amount: '50000' } }],
      [
        'reverseSpending',
        'ministry',
        { path: { ...initiative, transactionId: 'T-1' }, body: { reversalId: 'R-1', amount: '1000', reason: 'error' } },
      ],
      ['suspendInitiative', 'finance', { path: initiative, body: { reason: 'audit' } }],
      ['resumeInitiative', 'finance', { path: initiative, body: { reason: 'audit over' } }],
      ['returnFunds', 'ministry', { path: initiative, body: { returnId: 'U-1', fiscalYear: thisYear, amount: '20000' } }],
      [
        'proposeInitiative',
        'ministry',
        { path: programme, body: { initiative: 'e-visa', title: { en: 'V' }, authority: 'ministry-of-justice' } },
      ],
      [
        'transferFunding',
        'finance',
        { path: initiative, body: { transferId: 'X-1', to: 'e-visa', fiscalYear: thisYear, amount: '6000', legalBasis: 'decree' } },
      ],
      [
        'carryOver',
        'finance',
        {
          path: { ...programme, initiative: 'e-visa' },
          body: { carryOverId: 'O-1', fiscalYear: thisYear, amount: '1000', legalBasis: 'decree' },
        },
      ],
      ['startFinalizing', 'ministry', { path: initiative, body: {} }],
      ['finalizeInitiative', 'finance', { path: initiative, body: {} }],
      ['amendProgramme', 'admin', { path: programme, body: { title: { ky: 'С' }, reason: 'its name in Kyrgyz' } }],
      ['grantAppropriation', 'finance', { path: programme, body: { fiscalYear: thisYear - 1, amount: '1', legalBasis: 'law' } }],
      ['closeFiscalYear', 'finance', { path: { ...programme, fiscalYear: thisYear - 1 }, body: {} }],
    ];
    let written = '';
    for (const [operation, who, options] of steps) {
      const { data, error, response } = await call(operation, who, options);
      written = response.headers.get('ledger-position') ?? written;
      expect({ operation, status: response.status, error }).toEqual({ operation, status: 201, error: undefined });
      expect(data).toMatchObject({ commandId: expect.any(String), position: expect.any(Number), hash: expect.any(String) });
    }

    const refused = await call('recordSpending', 'ministry', { path: initiative, body: { transactionId: 'T-2', amount: '1' } });
    expect(refused.error).toMatchObject({ status: 409, code: 'wrong-status' });

    // A client sees its own writes if it sends back the position of its receipt.
    const read = async (operation: string, options: object) => {
      const asked = () => call(operation, undefined, { headers: { 'ledger-position': written }, ...options });
      let answer = await asked();
      while (answer.response.status === 503) answer = await asked();
      const { data, error, response } = answer;
      expect({ operation, status: response.status, error }).toEqual({ operation, status: 200, error: undefined });
      return data!;
    };
    expect(await read('programme', { path: programme })).toMatchObject({
      appropriated: '90001',
      spent: '49000',
      returned: '20000',
    });
    expect(await read('initiative', { path: initiative })).toMatchObject({
      status: 'finalized',
      available: '0',
      ended: { finalValue: '49000' },
    });
    expect(await read('initiatives', { path: programme, query: { status: 'finalized' } })).toMatchObject({
      items: [{ initiative: 'e-notary' }],
    });
    expect(await read('fiscalYears', { path: programme })).toMatchObject({
      items: [{ fiscalYear: thisYear - 1 }, { fiscalYear: thisYear }, { fiscalYear: thisYear + 1 }],
    });
    expect(await read('authorities', { path: programme })).toMatchObject({ items: [{ authority: 'ministry-of-justice' }] });
    expect(await read('programmes', {})).toMatchObject({ items: [{ programme: 'digital' }] });
    expect(await read('heads', {})).toMatchObject({ items: [{ programme: 'digital', position: 22 }] });
    expect(((await read('history_', { path: initiative }))['items'] as object[]).length).toBe(12);
    const { data } = await call('cancelInitiative', 'finance', {
      path: initiative,
      query: { dryRun: 'true' },
      body: { reason: 'x', legalBasis: 'y' },
    });
    expect(data).toBeUndefined();
  });
});

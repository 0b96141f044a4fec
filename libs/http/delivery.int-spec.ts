/** What an initiative delivers, over HTTP: sent by its ministry, assessed by others, read by everybody, as of any day. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let tokens: { ministry: string; health: string; finance: string; auditor: string; admin: string };
const p = '/programmes/p';
const i = `${p}/initiatives/i`;
const day = 86_400_000;

type Item = Record<string, unknown>;
const get = async (path: string, token = '') => (await app.send('GET', path, { ...(token !== '' && { token }) })).json;
const itemsOf = async (path: string) => (await get(path))['items'] as Item[];
const send = async (path: string, body: object, token = tokens.ministry) => {
  const { status, json } = await app.send('POST', path, { token, body });
  return [status, json['code'] ?? json['events']];
};
/** Waits until what was sent is folded. */
const folded = async () => {
  const records = await app.ledger.records();
  await app.send('GET', p, { headers: { 'ledger-position': String(records.length) } });
};

beforeAll(async () => {
  app = await openTestApplication();
  app.ledger.clock.now = Date.parse('2024-02-01T06:00:00.000Z');
  tokens = {
    ministry: await app.token('ministry', 'ministry-of-justice'),
    health: await app.token('ministry', 'ministry-of-health'),
    finance: await app.token('finance', 'ministry-of-finance'),
    auditor: await app.token('auditor', 'chamber-of-accounts'),
    admin: await app.token('admin', 'cabinet'),
  };
  await app.send('PUT', p, {
    token: tokens.admin,
    body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual', indicators: 'required' },
  });
  await send(`${p}/initiatives`, { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' });
});
afterAll(() => app.close());

const title = { en: 'Pilot', ky: 'Сыноо' };
const indicator = {
  indicatorId: 'I-1',
  title: { en: 'Acts signed online' },
  unit: 'percent',
  baseline: '0',
  targets: [
    { period: '2024-Q1', value: '10' },
    { period: '2024', value: '60.5' },
  ],
};

describe('an initiative of a programme that requires indicators', () => {
  it('is funded once it has one', async () => {
    const funding = { fundingId: 'F-1', fiscalYear: 2024, amount: '1000' };
    expect(await send(`${i}/funding`, funding, tokens.finance)).toEqual([409, 'indicator-missing']);
    expect(await send(`${i}/indicators`, indicator)).toEqual([201, ['IndicatorDefined']]);
    expect(await send(`${i}/milestones`, { milestoneId: 'M-1', title, dueOn: '2024-03-31', kind: 'delivery' })).toEqual([
      201,
      ['MilestonePlanned'],
    ]);
    expect(await send(`${i}/milestones/M-1/forecasts`, { dueOn: '2024-04-30', reason: 'Late tender' })).toEqual([
      201,
      ['MilestoneReforecast'],
    ]);
    expect(await send(`${i}/funding`, funding, tokens.finance)).toEqual([201, ['InitiativeFunded']]);
    await folded();
    expect(await get(p)).toMatchObject({ indicators: 'required' });
  });
});

describe('its milestones', () => {
  it('keep the baseline, every forecast and every report, and say how far they drifted', async () => {
    app.ledger.clock.now += day;
    await send(`${i}/milestones/M-1/forecasts`, { dueOn: '2024-05-20', reason: 'Repeated tender' });
    await send(`${i}/milestones`, { milestoneId: 'M-2', title, dueOn: '2024-04-01', kind: 'approval' });
    app.ledger.clock.now += day;
    await send(`${i}/milestones/M-2/report`, { status: 'partially-met', reason: 'One of two acts' });
    await folded();
    const [second, first] = await itemsOf(`${i}/milestones`);
    expect(first).toEqual({
      programme: 'p',
      initiative: 'i',
      milestoneId: 'M-1',
      title,
      kind: 'delivery',
      status: 'scheduled',
      dueOn: '2024-05-20',
      baseline: { dueOn: '2024-04-30', position: 6 },
      reforecasts: 2,
      driftDays: 20,
      forecasts: [
        { dueOn: '2024-03-31', on: '2024-02-01', position: 5 },
        { dueOn: '2024-04-30', on: '2024-02-01', position: 6, reason: 'Late tender' },
        { dueOn: '2024-05-20', on: '2024-02-02', position: 8, reason: 'Repeated tender' },
      ],
      reports: [],
    });
    expect(second).toMatchObject({
      milestoneId: 'M-2',
      status: 'partially-met',
      baseline: { dueOn: '2024-04-01', position: 9 },
      driftDays: 0,
      reports: [{ status: 'partially-met', on: '2024-02-03', position: 10, reason: 'One of two acts' }],
    });
    expect(await get(i)).toMatchObject({ milestones: { planned: 2, met: 0, reforecasts: 2, next: '2024-04-01' } });
  });
  it('are shown as they were known on a past day', async () => {
    const [first, ...others] = await itemsOf(`${i}/milestones?occurredBy=2024-02-01`);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ milestoneId: 'M-1', dueOn: '2024-04-30', reforecasts: 1, driftDays: 0 });
    expect(await get(`${i}?occurredBy=2024-02-01`)).toMatchObject({ milestones: { planned: 1, met: 0, reforecasts: 1 } });
    expect((await app.send('GET', `${i}/milestones?occurredBy=2023-01-01`)).status).toBe(404);
  });
  it('come as CSV, too', async () => {
    const { text } = await app.send('GET', `${i}/milestones`, { headers: { accept: 'text/csv' } });
    expect(text.split('\r\n')[0]).toContain(
      'milestoneId,title.ky,title.ru,title.en,title.other,kind,status,baseline.dueOn,baseline.position,dueOn',
    );
    expect(text).toContain('M-1,Сыноо,,Pilot,,delivery,scheduled,2024-04-30,6,2024-05-20,,20,2');
  });
});

describe('its progress and confidence', () => {
  it('stand beside its spending; independence follows from who assesses', async () => {
    await send(`${i}/spending`, { transactionId: 'T-1', amount: '450' });
    expect(await send(`${i}/progress`, { percent: 20, note: 'One office' })).toEqual([201, ['ProgressReported']]);
    const assessment = { narrative: 'Late', validUntil: '2024-04-10' };
    expect(await send(`${i}/assessments`, { assessmentId: 'C-1', rating: 'green', ...assessment })).toEqual([201, ['ConfidenceAssessed']]);
    expect(await send(`${i}/assessments`, { assessmentId: 'C-2', rating: 'red', ...assessment }, tokens.auditor)).toEqual([
      201,
      ['ConfidenceAssessed'],
    ]);
    await folded();
    const at = { on: '2024-02-03', narrative: 'Late', validUntil: '2024-04-10' };
    expect(await get(i)).toMatchObject({
      absorption: 0.45,
      progress: { percent: 20, on: '2024-02-03', note: 'One office', position: 12 },
      spendingAhead: 25,
      confidence: {
        own: { assessmentId: 'C-1', rating: 'green', ...at, organisation: 'ministry-of-justice', role: 'ministry', position: 13 },
        independent: { assessmentId: 'C-2', rating: 'red', ...at, organisation: 'chamber-of-accounts', role: 'auditor', position: 14 },
      },
    });
  });
  it('an auditor assesses, and sends nothing else', async () => {
    expect(await send(`${i}/progress`, { percent: 30, note: 'x' }, tokens.auditor)).toEqual([403, 'forbidden']);
    expect(
      await send(`${i}/assessments`, { assessmentId: 'C-9', rating: 'red', narrative: 'x', validUntil: '2024-04-10' }, tokens.health),
    ).toEqual([403, 'forbidden']);
  });
});

describe('its indicators', () => {
  it('have results beside their targets, and corrections beside results', async () => {
    app.ledger.clock.now = Date.parse('2024-04-05T06:00:00.000Z');
    expect(await send(`${i}/results`, { resultId: 'Q-1', indicatorId: 'I-1', periodEnd: '2024-03-31', value: '12.5' })).toEqual([
      201,
      ['ResultReported'],
    ]);
    app.ledger.clock.now += day;
    expect(await send(`${i}/results/Q-1/corrections`, { value: '11', reason: 'Counted twice' })).toEqual([201, ['ResultCorrected']]);
    expect(await send(`${i}/results/Q-7/corrections`, { value: '11', reason: 'x' })).toEqual([404, 'unknown-result']);
    await folded();
    const result = { resultId: 'Q-1', periodEnd: '2024-03-31', value: '11' };
    expect(await itemsOf(`${i}/indicators`)).toMatchObject([
      {
        indicatorId: 'I-1',
        unit: 'percent',
        baseline: '0',
        targets: [
          { period: '2024-Q1', periodEnd: '2024-03-31', value: '10', result },
          { period: '2024', periodEnd: '2024-12-31', value: '60.5' },
        ],
        latest: result,
        results: 1,
      },
    ]);
    const corrected = { from: '12.5', to: '11', reason: 'Counted twice', on: '2024-04-06', position: 17 };
    expect(await itemsOf(`${i}/results?indicator=I-1`)).toMatchObject([{ ...result, reported: '12.5', corrections: [corrected] }]);
    expect(await itemsOf(`${i}/results?indicator=I-2`)).toEqual([]);
    expect(await itemsOf(`${i}/results?occurredBy=2024-04-05`)).toMatchObject([{ ...result, value: '12.5', corrections: [] }]);
  });
  it('give results in pages, now and as of a past day', async () => {
    for (const [resultId, periodEnd] of [
      ['Q-2', '2024-01-31'],
      ['Q-3', '2024-02-29'],
    ])
      await send(`${i}/results`, { resultId, indicatorId: 'I-1', periodEnd, value: '1' });
    await folded();
    for (const asOf of ['', '&occurredBy=2024-04-06']) {
      const ids: unknown[] = [];
      let cursor = '';
      do {
        const page = await get(`${i}/results?limit=1${asOf}${cursor}`);
        ids.push(...(page['items'] as Item[]).map(({ resultId }) => resultId));
        cursor = typeof page['cursor'] === 'string' ? `&cursor=${page['cursor']}` : '';
      } while (cursor !== '');
      expect([asOf, ids]).toEqual([asOf, ['Q-1', 'Q-2', 'Q-3']]);
    }
    expect((await app.send('GET', `${i}/results?occurredBy=2024-04-06&cursor=x`)).status).toBe(400);
    expect((await app.send('GET', `${i}/results?indicator=`)).status).toBe(400);
  });
});

describe('its notices', () => {
  it('name what is late, since when, and the record that caused it', async () => {
    app.ledger.clock.now = Date.parse('2025-02-01T06:00:00.000Z');
    const of = { programme: 'p', initiative: 'i', authority: 'ministry-of-justice' };
    const kinds = ['milestone-overdue', 'result-missing', 'assessment-expired', 'spending-ahead'];
    expect(await itemsOf(`${p}/notices?${kinds.map((kind) => `kind=${kind}`).join('&')}`)).toEqual([
      { ...of, kind: 'milestone-overdue', about: 'M-2', since: '2024-04-02', position: 9 },
      { ...of, kind: 'result-missing', about: 'I-1', since: '2025-01-31', position: 4 },
      { ...of, kind: 'assessment-expired', about: 'C-1', since: '2024-04-11', position: 13 },
      { ...of, kind: 'spending-ahead', since: '2024-02-03', position: 14 },
    ]);
    for (const kind of kinds) expect((await itemsOf(`${p}/initiatives?notice=${kind}`)).map(({ initiative }) => initiative)).toEqual(['i']);
  });
  it('go with their cause', async () => {
    await send(`${i}/milestones/M-2/report`, { status: 'met' });
    await send(`${i}/milestones/M-1/forecasts`, { dueOn: '2025-06-30', reason: 'x' });
    await send(`${i}/results`, { resultId: 'Q-4', indicatorId: 'I-1', periodEnd: '2024-12-31', value: '61' });
    await send(`${i}/progress`, { percent: 40, note: 'Two offices' });
    for (const [assessmentId, token] of [
      ['C-3', tokens.ministry],
      ['C-4', tokens.finance],
    ] as const)
      await send(`${i}/assessments`, { assessmentId, rating: 'amber', narrative: 'x', validUntil: '2025-12-31' }, token);
    await folded();
    const kinds = (await itemsOf(`${p}/notices`)).map(({ kind }) => kind);
    expect(kinds).toEqual([]);
    expect(await get(i)).toMatchObject({
      milestones: { planned: 2, met: 1, next: '2025-06-30' },
      indicators: { defined: 1, results: 4 },
      confidence: { independent: { assessmentId: 'C-4', organisation: 'ministry-of-finance' } },
    });
  });
});

it.each([
  ['milestones', { milestoneId: 'M 1', title, dueOn: '2024-03-31', kind: 'delivery' }, 'milestoneId'],
  ['milestones', { milestoneId: 'M-9', title: {}, dueOn: '2024-03-31', kind: 'delivery' }, 'title'],
  ['milestones', { milestoneId: 'M-9', title, dueOn: '2024-02-30', kind: 'delivery' }, 'dueOn'],
  ['milestones', { milestoneId: 'M-9', title, dueOn: '2024-03-31', kind: 'party' }, 'kind'],
  ['milestones/M-1/forecasts', { dueOn: '2024-03-31' }, 'reason'],
  ['milestones/M-1/report', { status: 'perhaps' }, 'status'],
  ['progress', { percent: 101, note: 'x' }, 'percent'],
  ['progress', { percent: 1.5, note: 'x' }, 'percent'],
  ['progress', { percent: '50', note: 'x' }, 'percent'],
  ['assessments', { assessmentId: 'C-8', rating: 'blue', narrative: 'x', validUntil: '2026-01-01' }, 'rating'],
  ['indicators', { ...indicator, baseline: '1e3' }, 'baseline'],
  ['indicators', { ...indicator, targets: [] }, 'targets'],
  ['indicators', { ...indicator, targets: [{ period: '2024-13', value: '1' }] }, 'targets'],
  ['indicators', { ...indicator, targets: [indicator.targets[0], indicator.targets[0]] }, 'targets'],
  ['indicators', { ...indicator, targets: [{ period: '2024', value: '1', unit: 'x' }] }, 'targets'],
  ['results', { resultId: 'Q-8', indicatorId: 'I-1', periodEnd: '2024-03-31', value: '1,5' }, 'value'],
  ['results/Q-1/corrections', { value: '0.1234567', reason: 'x' }, 'value'],
])('%s %j is malformed, and the answer names %s', async (path, body, field) => {
  const { status, json } = await app.send('POST', `${i}/${path}`, { token: tokens.ministry, body });
  expect([status, json['faults']]).toMatchObject([400, [{ field }]]);
});

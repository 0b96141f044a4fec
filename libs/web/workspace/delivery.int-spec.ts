/** What an initiative delivers, recorded in the workspace and read on its page. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('delivery in the workspace', () => {
  let place: Workplace;
  const i = '/workspace/p/p/i/e-notary';
  const on = '2024-05-01';
  beforeAll(async () => {
    place = await openWorkplace();
    const [justice, finance] = await Promise.all([
      place.app.token('ministry', 'ministry-of-justice'),
      place.app.token('finance', 'ministry-of-finance'),
    ]);
    await place.app.send('POST', '/programmes/p/initiatives', {
      token: justice,
      body: { initiative: 'e-notary', title: { en: 'E-notary' }, authority: 'ministry-of-justice', occurredOn: on },
    });
    await place.app.send('POST', '/programmes/p/initiatives/e-notary/funding', {
      token: finance,
      body: { fundingId: 'F-1', fiscalYear: 2024, amount: '100000', occurredOn: on },
    });
    await place.app.send('GET', '/programmes/p', { headers: { 'ledger-position': '4' } });
  });
  afterAll(() => place.app.close());

  const record = async (person: Person, form: string, fields: Record<string, string>) => {
    await person.get(`${i}/send/${form}`);
    await person.send(`${i}/send/${form}`, { ...fields, occurredOn: on, step: 'check' });
    expect([form, person.seen.status]).toEqual([form, 200]);
    const check = person.seen.text;
    await person.send(`${i}/send/${form}`, { step: 'record' });
    expect((await person.follow()).text).toContain('It is recorded for good.');
    return check;
  };

  it('a clerk plans, forecasts, reports and measures', async () => {
    const { clerk } = place;
    await record(clerk, 'milestone', { 'title.en': 'Pilot', dueOn: '2024-09-30', kind: 'delivery', milestoneId: 'M-1' });
    await record(clerk, 'forecast', { milestoneId: 'M-1', dueOn: '2024-10-30', reason: 'Late tender' });
    expect(await record(clerk, 'milestone-report', { milestoneId: 'M-1', status: 'partially-met', reason: '' })).toContain('partly met');
    await record(clerk, 'progress', { percent: '45', note: 'Two of three offices' });
    const indicator = await record(clerk, 'indicator', {
      'title.en': 'Acts signed online',
      unit: 'percent',
      baseline: '0,5',
      targets: '2024-Q1: 10\n2025 60,5',
      indicatorId: 'I-1',
    });
    expect(indicator).toContain('<bdi>0.5</bdi>');
    expect(indicator).toContain('<bdi class="lines">2024-Q1: 10\n2025: 60.5</bdi>');
    await record(clerk, 'result', { indicatorId: 'I-1', periodEnd: '2024-03-31', value: '12,5', resultId: 'Q-1' });
    await record(clerk, 'result-correction', { resultId: 'Q-1', value: '11', reason: 'Counted twice' });
    const { text } = await clerk.get(i);
    for (const form of ['forecast?milestoneId=M-1', 'milestone-report?milestoneId=M-1', 'result?indicatorId=I-1'])
      expect(text).toContain(`href="${i}/send/${form}"`);
    expect(text).toContain(`href="${i}/send/result-correction?resultId=Q-1"`);
  });

  it('finance and an auditor assess, and the auditor is offered nothing else', async () => {
    const { finance, auditor } = place;
    await record(finance, 'assessment', { rating: 'amber', narrative: 'Late tender', validUntil: '2024-12-31', assessmentId: 'C-1' });
    const { text } = await auditor.get(i);
    expect([...text.matchAll(/href="[^"]*\/send\/([a-z-]+)/g)].map(([, form]) => form)).toEqual(['assessment']);
    await record(auditor, 'assessment', { rating: 'red', narrative: 'No tender yet', validUntil: '2024-12-31', assessmentId: 'C-2' });
    expect((await auditor.get(`${i}/send/progress`)).status).toBe(403);
  });

  it('a clerk is told at each field what is wrong', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/send/indicator`);
    await clerk.send(`${i}/send/indicator`, {
      'title.en': 'X',
      unit: 'people',
      baseline: 'many',
      targets: '2024: 1\n2024: 2',
      step: 'check',
    });
    const faults = [...clerk.seen.text.matchAll(/<li><a href="#([^"]*)">([^<]*)<\/a>/g)].map(([, field, says]) => [field, says]);
    expect([clerk.seen.status, faults]).toEqual([
      400,
      [
        ['baseline', 'Value before the initiative: Write a number such as 12.5, with at most 15 digits before the point and 6 after it.'],
        ['targets', 'Targets: Write 1 to 20 lines, each with a period of its own and a value, such as 2025: 60.'],
      ],
    ]);
    await clerk.get(`${i}/send/progress`);
    await clerk.send(`${i}/send/progress`, { percent: '120', note: 'x', step: 'check' });
    expect(clerk.seen.text).toContain('Write a whole number from 0 to 100.');
  });

  it('a clerk is asked whether a single separator before three digits parts thousands or decimals', async () => {
    const { clerk } = place;
    const sent = async (baseline: string, targets: string) => {
      await clerk.get(`${i}/send/indicator`);
      await clerk.send(`${i}/send/indicator`, { 'title.en': 'X', unit: 'people', baseline, targets, step: 'check' });
      return [...clerk.seen.text.matchAll(/<li><a href="#([^"]*)">[^<:]*: ([^<]*)<\/a>/g)].map(([, field, says]) => [field, says]);
    };
    const says = 'Write thousands with spaces, as in 1 234, or decimals with one more digit, as in 1.2340: this may be either.';
    expect(await sent('1,234', '2024: 1.234')).toEqual([
      ['baseline', says],
      ['targets', says],
    ]);
    expect(await sent('1 234', '2024: 0,125\n2025: 1,2340')).toEqual([]);
  });

  it.each([
    ['en', ['Milestones', 'partly met', 'moved once', '30 days', 'Independent', 'Work done', 'no result yet']],
    ['ru', ['Вехи', 'достигнута частично', 'срок менялся 1 раз', '30 дней', 'Независимая', 'Сделано работ', 'результата ещё нет']],
    ['ky', ['Этаптар', 'жарым-жартылай жетишилди', '30 күн', 'Көз карандысыз', 'Жасалган иш', 'натыйжа азырынча жок']],
  ])('the initiative’s page says in %s what is delivered', async (language, texts) => {
    const { text } = await place.clerk.get(`/p/p/i/e-notary?lang=${language}`);
    for (const one of texts) expect(text).toContain(one);
    expect(text).toContain('<data value="11">11</data>');
  });
});

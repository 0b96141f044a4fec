import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWorkplace, type Workplace } from './testing/workplace.js';

const hostile = '<script>alert(1)</script> "quoted" \u202Eright to left\u202C ' + 'x'.repeat(300);

describe('a clerk of a ministry', () => {
  let place: Workplace;
  const p = '/workspace/p/p';
  const i = `${p}/i/e-notary`;
  const on = '2024-05-01';
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place.app.close());

  const stateOf = async (position: number) =>
    (await place.app.send('GET', '/programmes/p/initiatives/e-notary', { headers: { 'ledger-position': String(position) } })).json;
  const history = async () => {
    const { items } = (await place.app.send('GET', '/programmes/p/initiatives/e-notary/history')).json;
    return items as { type: string; data: Record<string, string>; occurredOn: string; position: number }[];
  };

  it('proposes an initiative after seeing what would happen', async () => {
    const { clerk } = place;
    expect((await clerk.get('/workspace')).headers['location']).toBe(p);
    expect((await clerk.follow()).text).toContain('There are none.');
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, {
      initiative: 'e-notary',
      'title.en': hostile,
      'title.ky': 'Электрондук нотариус',
      requestedAmount: '1 500,5',
      occurredOn: on,
      step: 'check',
    });
    expect(clerk.seen.status).toBe(200);
    expect(clerk.seen.text).toContain('Check: Propose an initiative');
    expect(clerk.seen.text).toContain('<data class="money" value="150050">KGS 1,500.50</data>');
    expect(clerk.seen.text).not.toContain('<script>alert');
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    const { text } = await clerk.follow();
    expect(text).toContain('role="status">It is recorded for good.');
    expect(text).toMatch(/<code class="hash">[0-9a-f]{64}<\/code>/);
    expect(await stateOf(3)).toMatchObject({ authority: 'ministry-of-justice', requestedAmount: '150050', status: 'proposed' });
  });

  it('is told at each field what is wrong, and keeps what was typed', async () => {
    const { clerk } = place;
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, {
      initiative: 'E Notary',
      'title.en': '',
      requestedAmount: '1.2.3',
      plannedStart: '2024-02-31',
      region: hostile,
      step: 'check',
    });
    const { status, text } = clerk.seen;
    expect(status).toBe(400);
    expect([...text.matchAll(/<li><a href="#([^"]*)">([^<]*)<\/a>/g)].map(([, field, says]) => [field, says])).toEqual([
      ['initiative', 'Code: Use 1 to 64 small Latin letters, digits and hyphens, beginning with a letter or digit.'],
      ['title.ky', 'Title: Write the title in at least one language.'],
      ['requestedAmount', 'Requested: Write an amount such as 12 500.50.'],
      ['plannedStart', 'Planned start: Write a day that exists, such as 2024-03-07.'],
      ['region', 'Region: The text is too long, or holds characters that can’t be read.'],
    ]);
    expect(text).toMatch(
      /<input class="ds-input" id="initiative" name="initiative"[^>]* aria-invalid="true" aria-describedby="initiative-hint initiative-fault"[^>]* value="E Notary"/,
    );
    expect(text).toContain('value="1.2.3"');
    expect(text).not.toContain('<script>alert');
  });

  it('sees what is left before and after a payment, and is refused before anything is recorded', async () => {
    const { clerk, finance } = place;
    await finance.get(`${i}/send/funding`);
    await finance.send(`${i}/send/funding`, { fiscalYear: '2024', amount: '1 000', occurredOn: on, fundingId: 'F-1', step: 'check' });
    expect(finance.seen.text).toContain('Free of the year’s appropriation (2024)');
    await finance.send(`${i}/send/funding`, { step: 'record' });
    expect((await finance.follow()).text).toContain('It is recorded for good.');

    await clerk.get(`${i}/send/spending`);
    expect(clerk.seen.text).toContain('<dt>Left of 2024</dt><dd><data class="money" value="100000">KGS 1,000.00</data></dd>');
    await clerk.send(`${i}/send/spending`, { amount: '1000.01', payee: 'Notary Systems', occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain('The initiative does not have that much left to spend.');
    expect(clerk.seen.text).toContain('<dt>Available</dt><dd><data class="money" value="100000">KGS 1,000.00</data></dd>');
    expect(clerk.seen.text).toContain('<dt>Asked for</dt><dd><data class="money" value="100001">KGS 1,000.01</data></dd>');
    expect(clerk.seen.text).not.toContain('value="record"');
    await clerk.send(`${i}/send/spending`, { step: 'edit' });
    expect(clerk.seen.text).toContain('value="1000.01"');
    expect(await stateOf(4)).toMatchObject({ version: 2, spent: '0' });
  });

  it('records a payment once, however often the button is pressed', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/send/spending`);
    await clerk.send(`${i}/send/spending`, { amount: '250', payee: 'Notary Systems', occurredOn: on, transactionId: '', step: 'check' });
    const changes = [
      ...clerk.seen.text.matchAll(/<th scope="row">([^<]*)<\/th><td class="number">(.*?)<\/td><td class="number">(.*?)<\/td>/g),
    ].map(([, ...cells]) => cells.map((cell) => cell.replaceAll(/<[^>]*>/g, '')));
    expect(changes).toEqual([
      ['Status', 'Funded', 'Spending'],
      ['Left to spend of the year (2024)', 'KGS 1,000.00', 'KGS 750.00'],
      ['Left to spend', 'KGS 1,000.00', 'KGS 750.00'],
    ]);
    const form = clerk.formTo(`${i}/send/spending`, { step: 'record' });
    const twice = await Promise.all([clerk.post(`${i}/send/spending`, form), clerk.post(`${i}/send/spending`, form)]);
    await clerk.post(`${i}/send/spending`, form);
    expect(new Set([...twice.map(({ headers }) => headers['location']), clerk.seen.headers['location']]).size).toBe(1);
    const receipt = await clerk.follow();
    expect(receipt.text).toContain('<dt>Position</dt><dd>5</dd>');
    expect((await clerk.get(receipt.path)).text).toContain('<dt>Position</dt><dd>5</dd>');
    expect((await history()).map(({ type }) => type)).toEqual(['InitiativeProposed', 'InitiativeFunded', 'SpendingRecorded']);
  });

  it('is warned of a payment of the same amount to the same payee within 30 days', async () => {
    const { clerk } = place;
    const pay = async (more: Record<string, string>) => {
      await clerk.get(`${i}/send/spending`);
      await clerk.send(`${i}/send/spending`, { amount: '250', payee: ' notary  SYSTEMS', occurredOn: on, step: 'check', ...more });
      return /The same amount to the same payee is on record within 30 days/.test(clerk.seen.text);
    };
    expect(await pay({})).toBe(true);
    expect(clerk.seen.text).toContain('value="record"');
    expect(await pay({ occurredOn: '2024-05-31' })).toBe(true);
    expect(await pay({ occurredOn: '2024-06-01' })).toBe(false);
    expect(await pay({ amount: '251' })).toBe(false);
    expect(await pay({ payee: 'Others' })).toBe(false);
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'other', 'title.en': 'Other', occurredOn: on, step: 'check' });
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    await clerk.get(`${p}/i/other/send/spending`);
    await clerk.send(`${p}/i/other/send/spending`, { amount: '250', payee: 'Notary Systems', occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain(`href="${i}?from=3"`);
  });

  it('corrects a payment in one step, linked to the one that was wrong', async () => {
    const { clerk } = place;
    await clerk.get(i);
    expect(clerk.seen.text).toContain(`href="${i}/corrections/3"`);
    await clerk.get(`${i}/corrections/3`);
    expect(clerk.seen.text).toContain('value="250.00"');
    await clerk.send(`${i}/corrections/3`, { amount: '205', reason: 'Digits transposed', step: 'check' });
    expect(clerk.seen.text).toContain('KGS 795.00');
    const form = clerk.formTo(`${i}/corrections/3`, { step: 'record' });
    await clerk.post(`${i}/corrections/3`, form);
    await clerk.post(`${i}/corrections/3`, form);
    const { text } = await clerk.follow();
    expect([text.includes('<dt>Position</dt><dd>7</dd>'), text.includes('<dt>Position</dt><dd>8</dd>')]).toEqual([true, true]);
    const [, , paid, reversed, again] = await history();
    expect(reversed).toMatchObject({
      type: 'SpendingReversed',
      occurredOn: on,
      data: {
        transactionId: paid?.data['transactionId'],
        amount: '25000',
        reason: `Correction of ${paid?.data['transactionId'] ?? ''}: Digits transposed`,
      },
    });
    expect(again).toMatchObject({
      type: 'SpendingRecorded',
      occurredOn: on,
      data: { amount: '20500', payee: 'Notary Systems', description: `Correction of ${paid?.data['transactionId'] ?? ''}` },
    });
    expect(await stateOf(8)).toMatchObject({ spent: '20500', available: '79500' });
  });

  it('records both entries of a correction or none', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/corrections/5`);
    await clerk.send(`${i}/corrections/5`, { amount: '1 000.01', reason: 'Too little', step: 'check' });
    expect(clerk.seen.text).toContain('The initiative does not have that much left to spend.');
    expect((await history()).length).toBe(5);
    expect((await clerk.get(`${i}/corrections/1`)).status).toBe(404);
    await clerk.get(`${i}/corrections/3`);
    await clerk.send(`${i}/corrections/3`, { amount: '1', reason: 'Again', step: 'check' });
    expect([clerk.seen.status, clerk.seen.text.includes('This payment is reversed already.')]).toEqual([400, true]);
  });

  it('returns funds and begins to finalize', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/send/return`);
    await clerk.send(`${i}/send/return`, { fiscalYear: '2024', amount: '795', occurredOn: on, step: 'check' });
    await clerk.send(`${i}/send/return`, { step: 'record' });
    await clerk.follow();
    await clerk.get(`${i}/send/finalization`);
    await clerk.send(`${i}/send/finalization`, { occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain('Finalizing');
    await clerk.send(`${i}/send/finalization`, { step: 'record' });
    await clerk.follow();
    expect(await stateOf(10)).toMatchObject({ status: 'finalizing', available: '0' });
  });

  it('finds a refusal on record if the ledger changed between check and record', async () => {
    const { clerk } = place;
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'taken', 'title.en': 'One', occurredOn: on, step: 'check' });
    await place.app.send('POST', '/programmes/p/initiatives', {
      token: await place.app.token('ministry', 'ministry-of-justice', 'u-2'),
      body: { initiative: 'taken', title: { en: 'Other' }, authority: 'ministry-of-justice' },
    });
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    expect(clerk.seen.status).toBe(409);
    expect(clerk.seen.text).toContain('Another initiative of the programme has this code.');
    expect(clerk.seen.text).toContain('value="taken"');
  });

  it.each(['/send/appropriation', '/funding', '/verification', '/i/e-notary/send/funding'])('has nothing to do at %s', async (path) => {
    const { status, text } = await place.clerk.get(`${p}${path}`);
    expect([status, text.includes('This is not for your role')]).toEqual([403, true]);
  });

  it.each([
    '/workspace/p/unknown',
    `${p}/i/unknown`,
    `${p}/send/unknown`,
    `${i}/send/constructor`,
    `${p}/receipts/unknown`,
    `${i}/corrections/x`,
  ])('finds nothing at %s', async (path) => {
    expect((await place.clerk.get(path)).status).toBe(404);
  });

  it('sees only receipts of its own organisation and role', async () => {
    const { clerk, finance } = place;
    await clerk.get(`${p}/send/proposal`);
    await clerk.send(`${p}/send/proposal`, { initiative: 'mine', 'title.en': 'Mine', occurredOn: on, step: 'check' });
    await clerk.send(`${p}/send/proposal`, { step: 'record' });
    const receipt = String(clerk.seen.headers['location']);
    expect([(await clerk.get(receipt)).status, (await finance.get(receipt)).status]).toEqual([200, 404]);
  });

  it('works in Russian and Kyrgyz', async () => {
    for (const [lang, says] of [
      ['ru', 'У инициативы не осталось столько денег.'],
      ['ky', 'Демилгеде мынча каражат калган жок.'],
    ] as const) {
      const path = `${p}/i/mine/send/spending?lang=${lang}`;
      await place.clerk.get(path);
      await place.clerk.send(path, { amount: '1', occurredOn: on, step: 'check' });
      expect(place.clerk.seen.text).toContain(says);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWorkplace, type Workplace } from './testing/workplace.js';
import type { Person } from './testing/person.js';

describe('finance', () => {
  let place: Workplace;
  let finance: Person;
  const p = '/workspace/p/p';
  const on = '2024-05-01';
  beforeAll(async () => {
    place = await openWorkplace();
    ({ finance } = place);
    const token = await place.app.token('ministry', 'ministry-of-justice');
    for (const [initiative, requestedAmount] of [
      ['one', '300000'],
      ['two', '400000'],
      ['three', '500000'],
    ])
      await place.app.send('POST', '/programmes/p/initiatives', {
        token,
        body: { initiative, requestedAmount, title: { en: initiative }, authority: 'ministry-of-justice', occurredOn: on },
      });
    await place.app.send('GET', '/programmes/p', { headers: { 'ledger-position': '5' } });
  });
  afterAll(() => place.app.close());

  const json = async (path: string, position: number) =>
    (await place.app.send('GET', `/programmes/p${path}`, { headers: { 'ledger-position': String(position) } })).json;
  const sendForm = async (path: string, filled: Record<string, string>) => {
    await finance.get(path);
    const form = path.split('?', 1)[0] ?? path;
    await finance.send(form, { ...filled, step: 'check' });
    await finance.send(form, { step: 'record' });
    return finance.follow();
  };

  it('sees what waits, and the fiscal years', async () => {
    const { text } = await finance.get(p);
    for (const code of ['one', 'two', 'three']) expect(text).toContain(`href="${p}/i/${code}"`);
    expect(text).toContain(`href="${p}/send/closing?fiscalYear=2024"`);
  });

  it('is led to initiatives under way that have spent 70, 85 and 100 % of their funding', async () => {
    for (const share of ['0.7', '0.85', '1']) expect(finance.seen.text).toContain(`href="${p}/absorption?atLeast=${share}"`);
    expect((await finance.get(`${p}/absorption?atLeast=0.85`)).text).toContain(
      'No initiative under way has spent that much of its funding.',
    );
  });

  it('funds several at once, or none: the check names the one that is too much', async () => {
    await finance.get(`${p}/funding`);
    expect(finance.seen.text).toContain('value="3000.00"');
    await finance.send(`${p}/funding`, { initiative: [], step: 'check' });
    expect([finance.seen.status, finance.seen.text.includes('Choose at least one initiative.')]).toEqual([400, true]);

    await finance.send(`${p}/funding`, { initiative: ['one', 'two', 'three'], fiscalYear: '2024', occurredOn: on, step: 'check' });
    expect(finance.seen.text).toContain('The year’s appropriation does not have that much left.');
    expect(finance.seen.text).toContain('<dt>Initiative <bdi>three</bdi></dt>');
    expect(finance.seen.text).not.toContain('value="record"');

    await finance.send(`${p}/funding`, { step: 'edit' });
    await finance.send(`${p}/funding`, {
      initiative: ['one', 'three'],
      'amount.three': 'much',
      fiscalYear: '2024',
      occurredOn: on,
      step: 'check',
    });
    expect(finance.seen.text).toContain('<a href="#amount.three">Amount: Write an amount such as 12 500.50.</a>');
    expect(finance.seen.text).toMatch(/value="one" checked/);

    await finance.send(`${p}/funding`, {
      initiative: ['one', 'three'],
      'amount.three': '6 000',
      fiscalYear: '2024',
      occurredOn: on,
      step: 'check',
    });
    expect(finance.seen.text).toContain('KGS 1,000.00');
    await finance.send(`${p}/funding`, { step: 'record' });
    const { text } = await finance.follow();
    expect([...text.matchAll(/<dt>Position<\/dt><dd>(\d+)<\/dd>/g)].map(([, position]) => position)).toEqual(['6', '7']);
    expect([await json('/initiatives/one', 7), await json('/initiatives/three', 7)]).toMatchObject([
      { funded: '300000' },
      { funded: '600000' },
    ]);
    expect((await finance.get(p)).text).not.toContain(`href="${p}/i/one"`);
  });

  it('finds what is nearly spent, most first', async () => {
    const token = await place.app.token('ministry', 'ministry-of-justice');
    for (const [initiative, amount] of [
      ['one', '210000'],
      ['three', '590000'],
    ])
      await place.app.send('POST', `/programmes/p/initiatives/${initiative ?? ''}/spending`, {
        token,
        body: { transactionId: 'T-1', amount, occurredOn: on },
      });
    await json('', 9);
    const found = async (share: string) =>
      [...(await finance.get(`${p}/absorption?atLeast=${share}`)).text.matchAll(/<small>(\w+) ·/g)].map(([, code]) => code);
    expect([await found('0.7'), await found('0.85'), await found('1')]).toEqual([['three', 'one'], ['three'], []]);
    await place.app.send('POST', '/programmes/p/initiatives/one/spending/T-1/reversals', {
      token,
      body: { reversalId: 'R-1', amount: '210000', reason: 'why', occurredOn: on },
    });
    await json('', 10);
  });

  it('grants and adjusts an appropriation', async () => {
    await sendForm(`${p}/send/appropriation`, { fiscalYear: '2025', amount: '5 000', legalBasis: 'Budget law 2025', occurredOn: on });
    await sendForm(`${p}/send/appropriation-change?fiscalYear=2025`, { change: '-1 000', legalBasis: 'Decree 7', occurredOn: on });
    expect(await json('', 12)).toMatchObject({ appropriated: '1400000' });
  });

  it('adjusts a funding, suspends, resumes and cancels', async () => {
    const one = `${p}/i/one`;
    const fundingId = (
      (await place.app.send('GET', '/programmes/p/initiatives/one/history')).json['items'] as { data: { fundingId?: string } }[]
    )[1]?.data.fundingId;
    expect((await finance.get(one)).text).toContain(`href="${one}/send/funding-change?fundingId=${fundingId ?? ''}"`);
    await sendForm(`${one}/send/funding-change?fundingId=${fundingId ?? ''}`, { change: '−500', reason: 'Cheaper', occurredOn: on });
    await sendForm(`${one}/send/suspension`, { reason: 'Audit', occurredOn: on });
    expect((await finance.get(one)).text).toContain(`href="${one}/send/resumption"`);
    await sendForm(`${one}/send/resumption`, { reason: 'Audit done', occurredOn: on });
    await finance.get(`${one}/send/cancellation`);
    await finance.send(`${one}/send/cancellation`, { reason: 'No need', legalBasis: 'Decree 8', occurredOn: on, step: 'check' });
    expect(finance.seen.text).toMatch(/KGS 2,500\.00<\/data><\/td><td class="number"><data class="money" value="0">KGS 0\.00/);
    await finance.send(`${one}/send/cancellation`, { step: 'record' });
    expect((await finance.follow()).text).toContain('Cancelled');
    expect(await json('/initiatives/one', 17)).toMatchObject({ status: 'cancelled', available: '0' });
  });

  it('sees at the end of a year where its money is, and comes from there to close it', async () => {
    const { text } = await finance.get(`${p}/years/2024`);
    expect(text).toContain(`href="${p}/send/closing?fiscalYear=2024"`);
    expect(text).toMatch(new RegExp(`href="${p}/i/three"[\\s\\S]*?<data class="money" value="10000">100.00</data>`));
    expect(text).not.toContain(`href="${p}/i/one"`);
    expect((await finance.get(`${p}/years/1999`)).status).toBe(404);
  });

  it('is told at once, with the rule’s own sentence, that a year is not over', async () => {
    await finance.get(`${p}/send/closing?fiscalYear=2024`);
    await finance.send(`${p}/send/closing`, { occurredOn: on, step: 'check' });
    expect(finance.seen.text).toContain('The fiscal year is not over yet.');
    expect(finance.seen.text).toMatch(/<p class="hint" lang="en">[^<]+ \(fiscal-year-not-over\)<\/p>/);
  });

  it('learns that exactly the same is on record, from another form', async () => {
    const filled = { fundingId: 'F-9', fiscalYear: '2024', amount: '10', occurredOn: on };
    await sendForm(`${p}/i/two/send/funding`, filled);
    await finance.get(`${p}/i/two/send/funding`);
    await finance.send(`${p}/i/two/send/funding`, { ...filled, step: 'check' });
    await finance.send(`${p}/i/two/send/funding`, { step: 'record' });
    expect([finance.seen.status, finance.seen.text.includes('Exactly this is on record already.')]).toEqual([200, true]);
  });
});

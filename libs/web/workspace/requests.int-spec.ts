import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('a command that waits for a second person', () => {
  let place: Workplace;
  let finance: Person;
  let second: Person;
  const p = '/workspace/p/p';
  const on = '2024-05-01';
  beforeAll(async () => {
    place = await openWorkplace();
    ({ finance } = place);
    const { app } = place;
    const approvals = [
      { command: 'FundInitiative', above: '100000', role: 'finance' },
      { command: 'AdjustFunding', role: 'finance' },
    ];
    await app.send('POST', '/programmes/p/amendments', { token: await app.token('admin', 'cabinet'), body: { approvals, reason: 'why' } });
    const proposal = { initiative: 'one', title: { en: 'One' }, authority: 'ministry-of-justice', occurredOn: on };
    await app.send('POST', '/programmes/p/initiatives', { token: await app.token('ministry', 'ministry-of-justice'), body: proposal });
    await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '4' } });
    second = await Person.signedIn(app.application, await app.token('finance', 'ministry-of-finance', 'second'));
  });
  afterAll(() => place.app.close());

  const json = async (path: string) => (await place.app.send('GET', `/programmes/p${path}`)).json;
  const sendForm = async (person: Person, path: string, filled: Record<string, string>) => {
    await person.get(path);
    await person.send(path, { ...filled, step: 'check' });
    const check = person.seen.text;
    await person.send(path, { step: 'record' });
    const { text } = await person.follow();
    return { check, receipt: text };
  };

  it('is announced to its sender before it is sent, and in its receipt', async () => {
    const { check, receipt } = await sendForm(finance, `${p}/i/one/send/funding`, {
      fiscalYear: '2024',
      amount: '2 000',
      fundingId: 'F-1',
      occurredOn: on,
    });
    expect(check).toContain('The programme’s rules want a second person for this.');
    expect(receipt).toContain('It waits for a second person. Nothing else has changed yet.');
    expect(await json('/initiatives/one')).toMatchObject({ funded: '0' });
  });

  it('makes no second request: the form says that the same already waits', async () => {
    const filled = { fiscalYear: '2024', amount: '2 000', fundingId: 'F-1', occurredOn: on };
    await finance.get(`${p}/i/one/send/funding`);
    await finance.send(`${p}/i/one/send/funding`, { ...filled, step: 'check' });
    await finance.send(`${p}/i/one/send/funding`, { step: 'record' });
    expect(finance.seen.text).toContain('Exactly this waits for a second person already. Nothing was added.');
    expect(finance.seen.text).not.toContain('It is recorded for good.');
  });

  it('is listed for its sender, who may withdraw it, and for those who decide', async () => {
    const own = (await finance.get(`${p}/requests`)).text;
    expect(own).toContain(`href="${p}/requests/R-4/withdrawal"`);
    expect(own).not.toContain(`${p}/requests/R-4/approval`);
    expect((await second.get(p)).text).toContain(`href="${p}/requests"`);
    const theirs = (await second.get(`${p}/requests`)).text;
    expect(theirs).toContain(`href="${p}/requests/R-4/approval"`);
    expect(theirs).toContain(`href="${p}/requests/R-4/return"`);
    expect(theirs).toMatch(/2[ ,]000\.00/);
  });

  it('is recorded once it is approved, after a dry run that shows its effect', async () => {
    const { check, receipt } = await sendForm(second, `${p}/requests/R-4/approval`, { reason: 'in the plan' });
    expect(check).toMatch(/2[ ,]000\.00/);
    expect(receipt).toContain('It is recorded for good.');
    expect(await json('/initiatives/one')).toMatchObject({ funded: '200000' });
    expect((await finance.get(`${p}/requests`)).text).toContain('in the plan');
  });

  it('is refused to its own sender, in words', async () => {
    await sendForm(finance, `${p}/i/one/send/funding`, { fiscalYear: '2024', amount: '3 000', fundingId: 'F-2', occurredOn: on });
    await finance.get(`${p}/requests/R-6/approval`);
    await finance.send(`${p}/requests/R-6/approval`, { step: 'check' });
    expect(finance.seen.text).toContain('Somebody else must do this: you took the step before it.');
    await sendForm(second, `${p}/requests/R-6/return`, { reason: 'too much' });
    expect((await finance.get(`${p}/requests`)).text).toContain('too much');
    expect((await finance.get(`${p}/requests/R-99/approval`)).status).toBe(404);
  });

  it('is shown to auditors among all requests, without the decisions that they may not take, and not among the sent requests of a person who sent nothing', async () => {
    const token = await place.app.token('finance', 'ministry-of-finance');
    const held = { fundingId: 'F-1', adjustmentId: 'A-1', change: '-50000', reason: 'less is needed', occurredOn: on };
    const { json: receipt } = await place.app.send('POST', '/programmes/p/initiatives/one/funding-adjustments', { token, body: held });
    expect(receipt).toMatchObject({ events: ['CommandSubmitted'] });
    await place.app.send('GET', '/programmes/p', { headers: { 'ledger-position': String(receipt['position']) } });
    const { text } = await place.auditor.get(`${p}/requests`);
    expect(text).toMatch(/<h2[^>]*>Waiting for a decision<\/h2>/);
    expect(text).toContain('Adjust the funding: ');
    expect(text).toContain('1 found.');
    expect(text).not.toContain('id="sent"');
    expect((await second.get(`${p}/requests`)).text).toContain('You have sent nothing that needs a second person.');
    expect(text).not.toMatch(/\/(?:approval|return|withdrawal)"/);
    const all = text.slice(text.indexOf('id="all"'));
    for (const standing of ['Waits for approval', 'Approved', 'Returned to its sender']) expect(all).toContain(standing);
    expect((await second.get(`${p}/requests`)).text).not.toContain('id="all"');
  });

  it('is shown with the sign of its change and the names of its form’s fields to the person who decides', async () => {
    const list = (await second.get(`${p}/requests`)).text;
    const [, form = ''] = /href="([^"]+\/approval)"/.exec(list) ?? [];
    const { text } = await second.get(form);
    expect(text.replaceAll('\u00a0', ' ')).toContain('<dt>Change</dt><dd><data class="money" value="-50000">-KGS 500.00</data></dd>');
    expect(text).toContain('<dt>Reason</dt><dd><bdi class="lines">less is needed</bdi></dd>');
    expect(text).not.toContain('<code>reason</code>');
  });

  it('is listed with the oldest first, page by page', async () => {
    const token = await place.app.token('finance', 'ministry-of-finance');
    let position: unknown;
    for (let index = 1; index <= 50; index++) {
      const body = { fundingId: `G-${index}`, fiscalYear: 2024, amount: '100001', occurredOn: on };
      ({ position } = (await place.app.send('POST', '/programmes/p/initiatives/one/funding', { token, body })).json);
    }
    await place.app.send('GET', '/programmes/p', { headers: { 'ledger-position': String(position) } });
    const { text } = await second.get(`${p}/requests`);
    expect(text).toContain('51 found.');
    const ids = [...text.matchAll(/requests\/R-(\d+)\/approval/g)].map(([, id]) => Number(id));
    expect(ids).toHaveLength(50);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    const [, next = ''] = /rel="next" href="([^"]+)"/.exec(text) ?? [];
    const last = (await second.get(next.replaceAll('&amp;', '&'))).text;
    expect([...last.matchAll(/\/approval"/g)]).toHaveLength(1);
  });
});

/** A form that is sent after its session has ended. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('a form sent after the session has ended', () => {
  let place: Workplace;
  let token: string;
  let clerk: Person;
  beforeAll(async () => {
    place = await openWorkplace();
    token = await place.app.token('ministry', 'ministry-of-justice');
  });
  beforeEach(async () => {
    clerk = await Person.signedIn(place.app.application, token);
  });
  afterAll(() => place.app.close());

  const path = '/workspace/p/p/send/proposal';
  const filled = {
    initiative: 'e-notary',
    'title.ky': 'Электрондук нотариат',
    'title.en': 'E-notary "2.0"',
    occurredOn: '2024-05-01',
    step: 'check',
  };
  const kept = 'You were signed out, so this was not sent.';

  it('is shown again with its content, once, after signing in again', async () => {
    await clerk.get(`${path}?lang=en`);
    clerk.cookie = '';
    await clerk.send(`${path}?lang=en`, filled);
    expect((await clerk.follow()).text).toContain('What you filled in is kept, and shown again after you sign in.');
    await clerk.send('/workspace/sign-in?lang=en', { token: 'wrong' });
    expect(clerk.seen.text).toContain('What you filled in is kept, and shown again after you sign in.');
    await clerk.send('/workspace/sign-in?lang=en', { token });
    const { text } = await clerk.follow();
    expect(text).toContain(kept);
    for (const value of ['e-notary', 'Электрондук нотариат', 'E-notary &quot;2.0&quot;']) expect(text).toContain(`value="${value}"`);
    expect((await clerk.send(`${path}?lang=en`, { step: 'check' })).text).toContain('value="record"');
    const again = await clerk.get(path);
    expect([again.text.includes(kept), again.text.includes('e-notary"')]).toEqual([false, false]);
  });

  it('is shown to nobody else', async () => {
    await clerk.get(path);
    clerk.cookie = '';
    await clerk.send(path, filled);
    await clerk.follow();
    await clerk.send('/workspace/sign-in', { token: await place.app.token('ministry', 'ministry-of-justice', 'somebody-else') });
    const { text } = await clerk.follow();
    expect([text.includes('Propose an initiative'), text.includes(kept), text.includes('e-notary"')]).toEqual([true, false, false]);
  });

  it('is not kept if another site sent it', async () => {
    await clerk.get(path);
    clerk.cookie = '';
    const elsewhere = { host: 'ledger.test', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    await clerk.send(path, filled, elsewhere);
    expect([clerk.seen.status, clerk.cookie]).toEqual([403, '']);
  });

  it('is accepted as it is if the same person has signed in again meanwhile', async () => {
    await clerk.get(path);
    const form = clerk.formTo(path, filled);
    const again = await Person.signedIn(place.app.application, token);
    expect((await again.post(path, form)).text).toContain('value="record"');
  });

  it('stays on its page if it is too long for a cookie, and is sent from there after signing in in another window', async () => {
    const authorityName = randomBytes(4_000).toString('base64');
    await clerk.get(path);
    clerk.cookie = '';
    await clerk.send(path, { ...filled, authorityName });
    expect([clerk.seen.status, clerk.cookie]).toEqual([401, '']);
    expect(clerk.seen.text).toContain('What you filled in is still here. Sign in in another window, then continue in this one.');
    const here = clerk.seen;
    await clerk.get('/workspace/sign-in');
    await clerk.send('/workspace/sign-in', { token });
    clerk.seen = here;
    await clerk.send(path);
    expect(clerk.seen.text).toContain(`value="${authorityName}"`);
  });

  it('that corrects a payment or funds several initiatives is shown again too', async () => {
    const finance = await Person.signedIn(place.app.application, await place.app.token('finance', 'ministry-of-finance'));
    await place.app.send('POST', '/programmes/p/initiatives', {
      token,
      body: { initiative: 'waiting', title: { en: 'Waiting' }, authority: 'ministry-of-justice', occurredOn: '2024-05-01' },
    });
    const funding = '/workspace/p/p/funding';
    await finance.get(funding);
    finance.cookie = '';
    await finance.send(funding, { initiative: ['waiting'], 'amount.waiting': '12.50', step: 'check' });
    await finance.follow();
    await finance.send('/workspace/sign-in', { token: await place.app.token('finance', 'ministry-of-finance') });
    const { text } = await finance.follow();
    expect([text.includes(kept), text.includes('value="12.50"'), /value="waiting"[^>]* checked/.test(text)]).toEqual([true, true, true]);
  });

  it('that only signs out keeps nothing', async () => {
    await clerk.get('/workspace/p/p');
    clerk.cookie = '';
    await clerk.send('/workspace/sign-out');
    expect([clerk.seen.status, clerk.cookie]).toEqual([303, '']);
  });
});

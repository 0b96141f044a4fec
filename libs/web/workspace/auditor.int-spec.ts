import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('an auditor', () => {
  let place: Workplace;
  const p = '/workspace/p/p';
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place.app.close());

  it('verifies the chain of the records now, up to the published head', async () => {
    const { auditor, app } = place;
    expect((await auditor.get('/workspace/p/p')).text).toContain('href="/workspace/p/p/verification"');
    await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '2' } });
    const [head] = (await app.send('GET', '/heads')).json['items'] as { hash: string }[];
    const { text } = await auditor.get('/workspace/p/p/verification');
    expect(text).toContain('Records 1 to 2 form an unbroken chain up to the programme’s head.');
    expect(text).toContain(`<code class="hash">${head?.hash ?? 'no head'}</code>`);
  });

  it('is told at which record the chain is broken', async () => {
    const { auditor, models } = place;
    models.alter = (key, text) => (key === 'p/2' ? text.replace('"amount":"1000000"', '"amount":"9000000"') : text);
    expect((await auditor.get('/workspace/p/p/verification')).text).toContain('the head published at position 2 has the hash');
    models.alter = (key, text) => (key === 'p/1' ? text.replace('Digital', 'Analogue') : text);
    const { status, text } = await auditor.get('/workspace/p/p/verification');
    expect([status, text.includes('The check stopped:'), text.includes('the read models hold no record 2 of p')]).toEqual([
      200,
      true,
      true,
    ]);
  });

  const rows = (text: string) =>
    [...text.matchAll(/<tr><th scope="row">([\s\S]*?)<\/th>([\s\S]*?)<\/tr>/g)].map(([, what = '', rest = '']) => ({
      what: what.replace(/<br[\s\S]*/, '').replaceAll(/<[^>]*>/g, ''),
      cells: rest
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    }));
  const whats = (text: string) => rows(text).map(({ what }) => what);

  it('finds entries with their senders, refusals and late entries too', async () => {
    const { app, auditor, models } = place;
    models.alter = (_key, text) => text;
    const justice = await app.token('ministry', 'ministry-of-justice');
    await app.send('POST', '/programmes/p/initiatives', {
      token: justice,
      body: { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice', occurredOn: '2024-06-01' },
    });
    const refused = await app.send('POST', '/programmes/p/initiatives/i/spending', {
      token: justice,
      body: { transactionId: 'T', amount: '70000' },
    });
    expect(refused.status).toBe(409);
    await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '4' } });

    expect((await auditor.get(p)).text).toContain(`href="${p}/entries?refused=true"`);
    expect(whats((await auditor.get(`${p}/entries`)).text)).toEqual([
      'Refused Tried: Spent',
      'Proposed',
      'Money was appropriated',
      'The programme was established',
    ]);
    const { text } = await auditor.get(`${p}/entries?refused=true`);
    expect(rows(text)).toEqual([{ what: 'Refused Tried: Spent', cells: expect.stringContaining('KGS 700.00') }]);
    expect(text).toContain('<bdi>ministry-of-justice.ministry</bdi>');
    expect(text).toMatch(/<code class="hash">[0-9a-f]{64}<\/code>/);
    expect(whats((await auditor.get(`${p}/entries?late=true`)).text)).toEqual(['Money was appropriated', 'The programme was established']);
  });

  it.each([
    ['type=InitiativeProposed', ['Proposed']],
    ['type=AppropriationGranted', ['Money was appropriated']],
    ['initiative=i&refused=false', ['Proposed']],
    ['organisation=cabinet', ['The programme was established']],
    ['amountFrom=10+000', ['Money was appropriated']],
    ['amountFrom=10+000.01', []],
    ['occurredAfter=2024-06-01', ['Refused Tried: Spent', 'Proposed']],
    ['occurredBy=2023-12-31', []],
    ['recordedFrom=2024-06-01&recordedUntil=2024-06-01&refused=false&type=InitiativeProposed', ['Proposed']],
    ['recordedFrom=2024-06-02', []],
    ['recordedUntil=2024-05-31', []],
  ])('finds with %s what matches', async (query, found) => {
    expect(whats((await place.auditor.get(`${p}/entries?${query}`)).text)).toEqual(found);
  });

  it.each(['type=Nothing', 'occurredBy=yesterday', 'recordedFrom=2024-02-31', 'amountFrom=much', 'late=perhaps', 'cursor=x'])(
    'is told that %s has no valid value',
    async (query) => {
      expect((await place.auditor.get(`${p}/entries?${query}`)).status).toBe(400);
    },
  );

  it('sees more than others: a ministry sees no refusal of another one, and no sender', async () => {
    const { app, clerk, finance } = place;
    const health = await Person.signedIn(app.application, await app.token('ministry', 'ministry-of-health'));
    const { text } = await health.get(`${p}/entries`);
    expect([text.includes('Refused'), text.includes('ministry-of-justice.ministry')]).toEqual([false, false]);
    expect((await health.get(`${p}/entries?organisation=ministry-of-justice`)).status).toBe(403);
    expect(whats((await clerk.get(`${p}/entries?organisation=ministry-of-justice`)).text)).toEqual(['Refused Tried: Spent', 'Proposed']);
    expect(whats((await finance.get(`${p}/entries?refused=true`)).text)).toEqual(['Refused Tried: Spent']);
  });
});

describe('the list of what an organisation sent today', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place.app.close());

  it('has every entry of that day in the programme’s time zone, with refusals and receipts', async () => {
    const { app, clerk } = place;
    const justice = await app.token('ministry', 'ministry-of-justice', 'u-7');
    const propose = (initiative: string) =>
      app.send('POST', '/programmes/p/initiatives', {
        token: justice,
        body: { initiative, title: { en: initiative }, authority: 'ministry-of-justice' },
      });
    const nowIs = (day: string) => {
      app.ledger.clock.now = Date.parse(day);
    };
    const today = new Date().toISOString().slice(0, 10);
    nowIs(`${dayBefore(today)}T12:00:00.000Z`);
    await propose('yesterday');
    nowIs(new Date().toISOString());
    await propose('today');
    await propose('today');
    await app.send('GET', '/programmes/p', { headers: { 'ledger-position': '5' } });
    await clerk.get('/workspace/p/p/today');
    expect(clerk.seen.text).toContain('2 entries');
    expect(clerk.seen.text).toContain('Another initiative of the programme has this code.');
    expect(clerk.seen.text).toContain('<bdi>u-7</bdi>');
    expect(clerk.seen.text).not.toContain('href="/workspace/p/p/i/yesterday"');
    expect((await place.finance.get('/workspace/p/p/today')).text).toContain('Nothing was sent today.');
  });
});

/** Two days before in UTC, so that it is another day in every time zone. */
const dayBefore = (day: string) => new Date(Date.parse(day) - 2 * 86_400_000).toISOString().slice(0, 10);

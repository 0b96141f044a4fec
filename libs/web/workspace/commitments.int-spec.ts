/** A clerk makes a contract known, pays from it, changes it and releases it; the public page shows each commitment with its payments. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('a clerk with a contract', () => {
  let place: Workplace;
  const p = '/workspace/p/p';
  const i = `${p}/i/e-notary`;
  const on = '2024-05-01';
  const recorded = async (who: 'clerk' | 'finance', path: string, filled: Record<string, string>) => {
    const person = place[who];
    await person.get(path);
    await person.send(path.split('?')[0] ?? path, { ...filled, occurredOn: on, step: 'check' });
    const check = person.seen.text;
    await person.send(path.split('?')[0] ?? path, { step: 'record' });
    expect((await person.follow()).text).toContain('It is recorded for good.');
    return check;
  };
  /** What the check page says changes: its name, the figure before, and the figure after. */
  const changesIn = (text: string) =>
    [...text.matchAll(/<th scope="row">([^<]*)<\/th><td class="number">(.*?)<\/td><td class="number">(.*?)<\/td>/g)]
      .map(([, ...cells]) => cells.map((cell) => cell.replaceAll(/<[^>]*>/g, '')))
      .filter(([name]) => name === 'Committed' || name === 'Not committed');

  beforeAll(async () => {
    place = await openWorkplace();
    await recorded('clerk', `${p}/send/proposal`, { initiative: 'e-notary', 'title.en': 'E-notary' });
    await recorded('finance', `${i}/send/funding`, { fiscalYear: '2024', amount: '1 000', fundingId: 'F-1' });
  });
  afterAll(() => place.app.close());

  it('makes a commitment, and sees what is free before and after', async () => {
    const { clerk } = place;
    await clerk.get(i);
    expect(clerk.seen.text).toContain(`href="${i}/send/commitment"`);
    const contract = { supplier: 'Notary Systems', amount: '600', contract: '17', commitmentId: 'C-1', plannedEnd: '2024-12-01' };
    const check = await recorded('clerk', `${i}/send/commitment`, contract);
    expect(changesIn(check)).toEqual([
      ['Committed', 'KGS 0.00', 'KGS 600.00'],
      ['Not committed', 'KGS 1,000.00', 'KGS 400.00'],
    ]);
  });

  it('is refused a payment beyond what is free, with what is committed beside it', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/send/spending`);
    await clerk.send(`${i}/send/spending`, { amount: '500', occurredOn: on, step: 'check' });
    expect(clerk.seen.text).toContain('<dt>Available</dt><dd><data class="money" value="40000">KGS 400.00</data></dd>');
    expect(clerk.seen.text).toContain('<dt>Committed beside that</dt><dd><data class="money" value="60000">KGS 600.00</data></dd>');
    expect(clerk.seen.text).not.toContain('value="record"');
  });

  it('pays from it, beginning at its entry', async () => {
    const { clerk } = place;
    await clerk.get(i);
    const address = `${i}/send/spending?commitmentId=C-1`;
    expect(clerk.seen.text).toContain(`href="${address}"`);
    const check = await recorded('clerk', address, { amount: '500', transactionId: 'T-1' });
    expect(changesIn(check)).toEqual([
      ['Committed', 'KGS 600.00', 'KGS 100.00'],
      ['Not committed', 'KGS 400.00', 'KGS 400.00'],
    ]);
  });

  it('corrects such a payment, which stays drawn from the same commitment', async () => {
    const { clerk } = place;
    await clerk.get(i);
    const [, address = ''] = /href="([^"]*corrections\/\d+)"/.exec(clerk.seen.text) ?? [];
    await clerk.get(address);
    await clerk.send(address, { amount: '300', reason: 'a typing error', step: 'check' });
    await clerk.send(address, { step: 'record' });
    expect((await clerk.follow()).text).toContain('It is recorded for good.');
    const { json } = await place.app.send('GET', '/programmes/p/initiatives/e-notary/commitments', { headers: { 'ledger-position': '8' } });
    expect(json['items']).toMatchObject([{ drawn: '30000', open: '30000', drawings: [{ reversed: '50000' }, { amount: '30000' }] }]);
  });

  it('changes and releases it by forms that its entry leads to', async () => {
    const { clerk } = place;
    await clerk.get(`${i}/send/commitment-change?commitmentId=C-1`);
    expect(clerk.seen.text).toContain('<option value="duration">The duration</option>');
    const check = await recorded('clerk', `${i}/send/commitment-change?commitmentId=C-1`, {
      kind: 'value',
      change: '−100',
      reason: 'less',
    });
    expect(check).toContain('The value');
    expect(changesIn(check)).toEqual([
      ['Committed', 'KGS 300.00', 'KGS 200.00'],
      ['Not committed', 'KGS 400.00', 'KGS 500.00'],
    ]);
    expect(changesIn(await recorded('finance', `${i}/send/commitment-release?commitmentId=C-1`, { reason: 'done' }))).toEqual([
      ['Committed', 'KGS 200.00', 'KGS 0.00'],
      ['Not committed', 'KGS 500.00', 'KGS 700.00'],
    ]);
  });

  it('is shown to everybody with its payments, in each language', async () => {
    for (const [language, heading, status] of [
      ['en', 'Commitments', 'released'],
      ['ru', 'Обязательства по договорам', 'снято'],
      ['ky', 'Келишим боюнча милдеттенмелер', 'бошотулган'],
    ] as const) {
      const { text } = await place.clerk.get(`/p/p/i/e-notary?lang=${language}`);
      expect(text).toContain(`id="commitments">${heading}</h2>`);
      expect(text).toContain('<bdi>Notary Systems</bdi>');
      expect(text).toContain(`${status} (2024)`);
      expect(text).toContain('<bdi>T-1</bdi>');
    }
  });
});

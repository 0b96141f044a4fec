/** Papers and sources of money are filled in part by part, judged part by part, and shown wherever the entry is. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('the papers and the source of an entry', () => {
  let place: Workplace;
  const p = '/workspace/p/p';
  const i = `${p}/i/e-notary`;
  const on = '2024-05-01';
  const sha256 = 'ab'.repeat(32);
  beforeAll(async () => {
    place = await openWorkplace();
    const token = await place.app.token('ministry', 'ministry-of-justice');
    let position: unknown;
    for (const initiative of ['e-notary', 'e-court']) {
      const body = { initiative, title: { en: initiative }, authority: 'ministry-of-justice', occurredOn: on };
      ({ position } = (await place.app.send('POST', '/programmes/p/initiatives', { token, body })).json);
    }
    await place.app.send('GET', '/programmes/p', { headers: { 'ledger-position': String(position) } });
  });
  afterAll(() => place.app.close());

  const addPaper = (person: Person, path: string, filled: Record<string, string> = {}) => person.send(path, { ...filled, step: 'paper' });
  const recordIt = async (person: Person, path: string) => {
    await person.send(path, { step: 'record' });
    expect((await person.follow()).text).toContain('It is recorded for good.');
  };
  const faultsIn = ({ seen }: Person) =>
    [...seen.text.matchAll(/<li><a href="#([^"]*)">([^<]*)<\/a>/g)].map(([, field, says]) => [field, says]);
  const legends = ({ seen }: Person) => [...seen.text.matchAll(/<legend[^>]*>([^<]*)/g)].map(([, legend]) => legend);
  const entriesOf = async (type: string) => {
    const token = await place.app.token('auditor', 'chamber-of-accounts');
    const { json } = await place.app.send('GET', `/programmes/p/entries?type=${type}&sort=position`, { token });
    return json['items'];
  };

  it('has room for a paper once one is added, up to ten', async () => {
    const { finance } = place;
    const path = `${i}/send/funding`;
    await finance.get(path);
    expect(legends(finance)).toEqual(['Source']);
    expect(finance.seen.text).toContain(`formaction="${path}#references-1"`);
    await addPaper(finance, path, { amount: '1 000' });
    expect(legends(finance)).toEqual(['Source', 'Paper 1']);
    expect(finance.seen.text).toContain('value="1 000"');
    for (let papers = 2; papers <= 10; papers++) await addPaper(finance, path);
    expect(legends(finance)).toHaveLength(11);
    expect(finance.seen.text).not.toContain('Add a paper');
  });

  it('show each fault at its field, with the paper it belongs to', async () => {
    const { finance } = place;
    const path = `${i}/send/funding`;
    await finance.get(path);
    await addPaper(finance, path);
    await addPaper(finance, path);
    await finance.send(path, {
      amount: '1 000',
      fiscalYear: '2024',
      occurredOn: on,
      'source.party': 'World Bank',
      'references.1.type': 'legalAct',
      'references.1.url': 'ftp://files/45.pdf',
      'references.1.sha256': 'abc',
      step: 'check',
    });
    expect([finance.seen.status, faultsIn(finance)]).toEqual([
      400,
      [
        ['source.kind', 'Kind: Fill this in.'],
        ['references.1.id', 'Paper 2, Number or name: Fill this in.'],
        [
          'references.1.url',
          'Paper 2, Address of the file: Write an address of at most 2,000 characters that begins with https:// or http://.',
        ],
        ['references.1.sha256', 'Paper 2, SHA-256 of the file: Write the 64 hexadecimal digits (0–9, a–f) of the file’s SHA-256.'],
      ],
    ]);
  });

  it('is shown before it is recorded, and kept with the entry; an empty paper is left out', async () => {
    const { finance } = place;
    const path = `${i}/send/funding`;
    await finance.get(path);
    await addPaper(finance, path);
    await addPaper(finance, path);
    await finance.send(path, {
      amount: '1 000',
      fiscalYear: '2024',
      fundingId: 'F-1',
      occurredOn: on,
      'source.kind': 'grant',
      'source.party': 'World Bank',
      'source.agreement': 'TF-0B8872',
      'references.1.type': 'contractSigned',
      'references.1.id': '№ 17',
      'references.1.title': 'Grant agreement',
      'references.1.url': 'https://files.example.org/келишим.pdf',
      'references.1.sha256': sha256.toUpperCase(),
      step: 'check',
    });
    const { text } = finance.seen;
    expect(text).toContain('Grants, World Bank, TF-0B8872');
    expect(text).toContain('Signed contract № 17: Grant agreement');
    await recordIt(finance, path);
    const source = { kind: 'grant', party: 'World Bank', agreement: 'TF-0B8872' };
    const url = 'https://files.example.org/%D0%BA%D0%B5%D0%BB%D0%B8%D1%88%D0%B8%D0%BC.pdf';
    const references = [{ type: 'contractSigned', id: '№ 17', title: 'Grant agreement', url, sha256 }];
    expect(await entriesOf('InitiativeFunded')).toMatchObject([{ data: { source }, references }]);
  });

  it.each([
    ['en', 'Source: Grants, World Bank, TF-0B8872', 'Signed contract № 17: Grant agreement'],
    ['ru', 'Источник: Гранты, World Bank, TF-0B8872', 'Подписанный договор № 17: Grant agreement'],
    ['ky', 'Булагы: Гранттар, World Bank, TF-0B8872', 'Кол коюлган келишим № 17: Grant agreement'],
  ])('is shown with the entry in %s', async (language, source, paper) => {
    const { text } = await place.finance.get(`/p/p/i/e-notary?lang=${language}`);
    expect(text).toContain(source);
    expect(text).toContain(paper);
  });

  it('is the same of all initiatives that are funded together', async () => {
    const { finance } = place;
    const path = `${p}/funding`;
    await finance.get(path);
    await addPaper(finance, path, { initiative: 'e-court', 'amount.e-court': '500' });
    await finance.send(path, {
      fiscalYear: '2024',
      occurredOn: on,
      'source.kind': 'own',
      'references.0.type': 'legalAct',
      'references.0.id': '45',
      initiative: 'e-court',
      'amount.e-court': '500',
      step: 'check',
    });
    expect(finance.seen.text).toContain('Own income');
    expect(finance.seen.text).toContain('Legal act 45');
    await recordIt(finance, path);
    const references = [{ type: 'legalAct', id: '45' }];
    expect(await entriesOf('InitiativeFunded')).toMatchObject([
      {},
      { initiative: 'e-court', data: { source: { kind: 'own' } }, references },
    ]);
  });

  it('stands with both entries of a corrected payment', async () => {
    const { clerk } = place;
    const path = `${i}/send/spending`;
    await clerk.get(path);
    await clerk.send(path, { amount: '100', transactionId: 'T-1', occurredOn: on, step: 'check' });
    await recordIt(clerk, path);
    await clerk.get(i);
    const [, address = ''] = /href="([^"]*corrections\/\d+)"/.exec(clerk.seen.text) ?? [];
    await clerk.get(address);
    await addPaper(clerk, address);
    const paper = { 'references.0.type': 'invoice', 'references.0.id': '8' };
    await clerk.send(address, { amount: '90', reason: 'a discount', ...paper, step: 'check' });
    await recordIt(clerk, address);
    const references = [{ type: 'invoice', id: '8' }];
    expect(await entriesOf('SpendingReversed')).toMatchObject([{ references }]);
    expect(await entriesOf('SpendingRecorded')).toMatchObject([{ data: { transactionId: 'T-1' } }, { references }]);
  });

  it('may be of an appropriation, and counts among the sources of the programme’s money', async () => {
    const { finance } = place;
    const path = `${p}/send/appropriation`;
    await finance.get(path);
    await finance.send(path, {
      fiscalYear: '2025',
      amount: '700',
      legalBasis: 'law',
      'source.kind': 'loan',
      occurredOn: on,
      step: 'check',
    });
    await recordIt(finance, path);
    const { json } = await place.app.send('GET', '/programmes/p/sources');
    expect(json['items']).toContainEqual(expect.objectContaining({ source: 'loan', appropriated: '70000' }));
  });
});

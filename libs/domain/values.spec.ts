import { describe, expect, it } from '@jest/globals';
import { fiscalYearOf, isIsoDate } from './calendar.js';
import { canonicalText } from './canonical-text.js';
import { Refusal } from './refusal.js';
import { partyOf, sameHand } from './separation-of-duties.js';
import { amendedTerms, changedTerms, refusePeriodOutOfOrder } from './lifecycle/terms.js';
import { codePattern, idPattern, type Actor, type Party } from './vocabulary.js';

describe('codes and ids', () => {
  it.each(['a', '0', 'e-notary', 'a'.repeat(64), '2024-x'])('%s is a code', (text) => {
    expect(codePattern.test(text)).toBe(true);
  });
  it.each(['', '-a', 'A', 'é', 'a_b', 'a.b', 'a b', 'a'.repeat(65), 'a\n', '\na', '_a', 'aB'])('%j is none', (text) => {
    expect(codePattern.test(text)).toBe(false);
  });
  it.each(['a', 'A', '0', 'T-19', 'a.b_c-d', '-', '.', 'x'.repeat(64)])('%s is an id', (text) => {
    expect(idPattern.test(text)).toBe(true);
  });
  it.each(['', 'a/b', 'é', 'a b', 'x'.repeat(65), 'a\n', ' a'])('%j is none', (text) => {
    expect(idPattern.test(text)).toBe(false);
  });
});

describe('days', () => {
  it.each(['2024-02-29', '2023-12-31', '0001-01-01', '9999-12-31'])('%s exists', (text) => {
    expect(isIsoDate(text)).toBe(true);
  });
  it.each([
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-32',
    '2024-1-1',
    '24-01-01',
    '2024-01-01T00:00:00Z',
    'x2024-01-01',
    '2024-01-0x',
    '2024x01-01',
    '',
    'abcd-ef-gh',
  ])('%j does not', (text) => {
    expect(isIsoDate(text)).toBe(false);
  });
  it('belong to the fiscal year they are in', () => {
    expect([fiscalYearOf('2024-01-01'), fiscalYearOf('2023-12-31')]).toEqual([2024, 2023]);
  });
});

describe('the text that content is compared by', () => {
  it('is the same whatever the order of fields, and leaves out what is absent', () => {
    expect(canonicalText({ b: 1, a: { d: 'x', c: undefined } })).toBe('{"a":{"d":"x"},"b":1}');
    expect(canonicalText({ c: 3, a: 1, b: 2 })).toBe(canonicalText({ b: 2, c: 3, a: 1 }));
  });
  it('keeps amounts, lists, and nothing apart', () => {
    expect(canonicalText(5n)).toBe('"5"');
    expect(canonicalText([1, '2', [3n]])).toBe('[1,"2",["3"]]');
    expect(canonicalText(null)).toBe('null');
    expect(canonicalText({ a: null, b: [] })).toBe('{"a":null,"b":[]}');
    expect(canonicalText([1, 2])).not.toBe(canonicalText([12]));
    expect(canonicalText({ a: 1, b: 2 })).not.toBe(canonicalText({ a: 12 }));
  });
});

describe('whose hand it was', () => {
  const person = (id: string, organisation: string, onBehalfOf?: Actor['onBehalfOf']): Actor => ({
    id,
    organisation,
    role: onBehalfOf ? 'admin' : 'finance',
    ...(onBehalfOf && { onBehalfOf }),
  });
  const forFinance = { organisation: 'ministry-of-finance', role: 'finance' } as const;
  it('is the person’s, whatever the organisation', () => {
    expect(sameHand(person('u', 'a'), person('u', 'b'))).toBe(true);
    expect(sameHand(person('u', 'a'), person('v', 'a'))).toBe(false);
  });
  it('is the represented party’s where either acts for one: both organisation and role', () => {
    const clerk = person('u', 'ministry-of-finance');
    expect(sameHand(person('x', 'registry', forFinance), clerk)).toBe(true);
    expect(sameHand(clerk, person('x', 'registry', forFinance))).toBe(true);
    expect(sameHand(person('x', 'registry', { organisation: 'ministry-of-justice', role: 'finance' }), clerk)).toBe(false);
    expect(sameHand(person('x', 'registry', { organisation: 'ministry-of-finance', role: 'ministry' }), clerk)).toBe(false);
    expect(partyOf(person('x', 'registry', forFinance))).toEqual(forFinance);
    expect(partyOf(clerk)).toBe(clerk);
  });
});

describe('one person', () => {
  const forJustice = { organisation: 'ministry-of-justice', role: 'ministry' } as const;
  const forFinance = { organisation: 'ministry-of-finance', role: 'finance' } as const;
  const as = (id: string, organisation: string, role: Actor['role'], onBehalfOf?: Party): Actor => ({
    id,
    organisation,
    role,
    ...(onBehalfOf && { onBehalfOf }),
  });
  it.each([
    ['a minister who is an admin for finance', as('u', 'ministry-of-justice', 'ministry'), as('u', 'cabinet', 'admin', forFinance)],
    ['an admin for both', as('u', 'cabinet', 'admin', forJustice), as('u', 'cabinet', 'admin', forFinance)],
    ['an import for one side alone', as('u', 'ledger-import', 'admin', forJustice), as('u', 'ministry-of-finance', 'finance')],
    ['composed and decomposed', as('Jos\u00e9', 'a', 'ministry'), as('Jose\u0301', 'b', 'finance')],
    ['wide letters and white space around', as(' \uff55-1', 'a', 'ministry'), as('u-1 ', 'b', 'finance')],
  ])('is the same on whomever’s behalf: %s', (_who, one, other) => {
    expect([sameHand(one, other), sameHand(other, one)]).toEqual([true, true]);
  });
  it('brings in what two parties did before, in an import alone', () => {
    const importer = (party: Party) => as('u', 'ledger-import', 'admin', party);
    expect(sameHand(importer(forJustice), importer(forFinance))).toBe(false);
    expect(sameHand(importer(forFinance), importer(forFinance))).toBe(true);
    expect(sameHand(as('u', 'ledger-import', 'finance'), as('u', 'ledger-import', 'ministry'))).toBe(true);
  });
});

describe('an initiative’s terms', () => {
  const terms = {
    title: { en: 'T' },
    authority: 'm',
    authorityName: 'M',
    requestedAmount: 5n,
    plannedStart: '2024-01-01',
    plannedEnd: '2024-12-31',
    region: 'Chuy',
  };
  it('stay as they are where nothing is said', () => {
    expect(amendedTerms(terms, {})).toEqual(terms);
    expect(amendedTerms({ title: terms.title, authority: 'm' }, {})).toStrictEqual({ title: terms.title, authority: 'm' });
  });
  it.each<[keyof typeof terms, unknown]>([
    ['title', { en: 'U' }],
    ['authorityName', 'N'],
    ['requestedAmount', 6n],
    ['plannedStart', '2024-02-01'],
    ['plannedEnd', '2024-11-30'],
    ['region', 'Osh'],
  ])('%s becomes what is said, and nothing else changes', (name, value) => {
    expect(amendedTerms(terms, { [name]: value })).toStrictEqual({ ...terms, [name]: value });
    expect(changedTerms(terms, { [name]: value })).toEqual([name]);
    expect(changedTerms(terms, { [name]: terms[name] })).toEqual([]);
  });
  it('lose the authority’s name when it changes without one', () => {
    const { authorityName: _, ...others } = terms;
    expect(amendedTerms(terms, { authority: 'n' })).toStrictEqual({ ...others, authority: 'n' });
    expect(amendedTerms(terms, { authority: 'm' })).toStrictEqual(terms);
    expect(amendedTerms(terms, { authority: 'n', authorityName: 'N' })).toStrictEqual({ ...terms, authority: 'n', authorityName: 'N' });
  });
  it('end on the day they start at the earliest', () => {
    const period = (plannedStart?: string, plannedEnd?: string) => () => {
      refusePeriodOutOfOrder({ title: {}, authority: 'm', ...(plannedStart && { plannedStart }), ...(plannedEnd && { plannedEnd }) });
    };
    for (const fine of [period('2024-01-01', '2024-01-01'), period('2024-01-01'), period(undefined, '2024-01-01'), period()])
      expect(fine).not.toThrow();
    expect(period('2024-01-02', '2024-01-01')).toThrow(
      new Refusal('period-out-of-order', 'the planned end 2024-01-01 is before the planned start 2024-01-02'),
    );
  });
});

it('a refusal is told from other errors by its name', () => {
  expect(new Refusal('forbidden', 'no').name).toBe('Refusal');
});

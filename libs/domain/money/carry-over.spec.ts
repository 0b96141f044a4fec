import { describe, expect, it } from '@jest/globals';
import {
  adjustAppropriation,
  cancelled,
  carriedOver,
  carryOver,
  close,
  closed,
  committed,
  draw,
  established,
  expected,
  finance,
  fund,
  funded,
  given,
  granted,
  historyOf,
  justice,
  proposed,
  returned,
  spend,
  spent,
  suspended,
  withFunding,
} from '../testing/given.js';
import type { Status } from '../vocabulary.js';

const data = (amount: bigint, fiscalYear = 2024) => ({ carryOverId: 'O-9', fiscalYear, amount, legalBasis: 'decree' });
const carried = (amount: bigint, version: number, status: Status, { appropriated = amount, fiscalYear = 2024 } = {}) =>
  expected(
    'FundsCarriedOver',
    version,
    data(amount, fiscalYear),
    { authority: 'ministry-of-justice', statusBefore: status, statusAfter: status, fiscalYear, appropriated },
    { by: finance },
  );
const exceeded = (available: bigint, requested: bigint) =>
  [
    'carry-over-exceeds-unspent',
    `only what is unspent is carried over: ${available} of 2024 is left, and ${requested} was requested`,
    { available, requested },
  ] as const;
const unenforced = { ceiling: 'none' } as const;

describe('a carry-over', () => {
  it('takes what is unspent into the next year, and no more', () => {
    given(withFunding(100n), spent(30n), returned(20n))
      .when(carryOver(50n))
      .then(carried(50n, 5, 'spending'));
    given(withFunding(100n), spent(30n), returned(20n))
      .when(carryOver(51n))
      .thenRefused(...exceeded(50n, 51n));
  });

  it('takes commitments along, the oldest first, before what is free', () => {
    const happened = [...withFunding(100n), committed(30n, { id: 'C-2', on: '2024-03-02' }), committed(20n, { on: '2024-03-01' })];
    const along = (amount: bigint, ids: string[], open: bigint) =>
      expected(
        'FundsCarriedOver',
        5,
        data(amount),
        {
          authority: 'ministry-of-justice',
          statusBefore: 'funded',
          statusAfter: 'funded',
          fiscalYear: 2024,
          appropriated: amount,
          ...(ids.length > 0 && { committed: open, commitments: ids }),
        },
        { by: finance },
      );
    given(happened)
      .when(carryOver(100n))
      .then(along(100n, ['C-1', 'C-2'], 50n));
    given(happened)
      .when(carryOver(60n))
      .then(along(60n, ['C-1', 'C-2'], 50n));
    given(happened)
      .when(carryOver(70n))
      .then(along(70n, ['C-1', 'C-2'], 50n));
    given(happened)
      .when(carryOver(49n))
      .then(along(49n, ['C-1'], 20n));
    given(happened)
      .when(carryOver(19n))
      .then(along(19n, [], 0n));
  });

  it('is dated neither before the first funding nor before a commitment that goes along', () => {
    const happened = [...withFunding(100n), committed(30n, { on: '2024-03-01' })];
    const before = (what: string, day: string, said: string) =>
      `${what} is of ${day}; nothing about it is dated before, and the command says ${said}`;
    given(happened)
      .when(carryOver(10n, { on: '2024-01-31' }))
      .thenRefused('date-out-of-order', before('the first funding of i', '2024-02-01', '2024-01-31'));
    given(happened)
      .when(carryOver(30n, { on: '2024-02-29' }))
      .thenRefused('date-out-of-order', before('the commitment C-1', '2024-03-01', '2024-02-29'));
    given(happened)
      .when(carryOver(29n, { on: '2024-02-29' }))
      .then({ ...carried(29n, 4, 'funded'), occurredOn: '2024-02-29' });
  });

  it('never splits a commitment', () => {
    given(withFunding(100n), committed(20n, { on: '2024-03-01' }), committed(70n, { id: 'C-2', on: '2024-03-02' }))
      .when(carryOver(31n))
      .thenRefused(
        'carry-over-splits-commitment',
        'a commitment is carried over whole, the oldest first: 20 in commitments and 10 free of 2024 go along before C-2, which is of 70; 31 was requested',
        { available: 30n, requested: 31n },
      );
  });

  it('lets a commitment be drawn in the next year, and no longer in its own', () => {
    const history = historyOf([...withFunding(100n), committed(60n), carriedOver(60n, { commitments: ['C-1'], committed: 60n })]);
    expect(history.initiatives.get('i')).toMatchObject({
      years: { 2024: { funded: 40n }, 2025: { funded: 60n, committed: 60n } },
      commitments: [{ id: 'C-1', fiscalYear: 2025, left: 60n }],
    });
    expect(history.initiatives.get('i')?.years[2024]).not.toHaveProperty('committed');
    expect(history.programme?.fiscalYears[2025]?.committed).toBe(60n);
    given(withFunding(100n), committed(60n), carriedOver(60n, { commitments: ['C-1'], committed: 60n }))
      .when(draw(1n))
      .thenRefused('commitment-exceeded', 'annual money is drawn in the year of its commitment: C-1 is of 2025, and the spending of 2024', {
        available: 0n,
        requested: 1n,
      });
  });

  it('takes the appropriation along: both years have the room that they had', () => {
    const { programme, initiatives } = historyOf([...withFunding(100n), granted(200n, 2025), carriedOver(40n)]);
    expect(programme?.fiscalYears).toMatchObject({
      2024: { appropriated: 60n, funded: 60n, initiativesWithOpenFunds: 1 },
      2025: { appropriated: 240n, funded: 40n, initiativesWithOpenFunds: 1 },
    });
    expect(initiatives.get('i')?.years).toMatchObject({ 2024: { funded: 60n }, 2025: { funded: 40n } });
    const room = (requested: bigint) =>
      [
        'appropriation-exceeded',
        `funding never exceeds the appropriation: 200 of 2025 is left to give, and ${requested} was requested`,
        { available: 200n, requested },
      ] as const;
    given(withFunding(100n), granted(200n, 2025), carriedOver(40n))
      .when(fund(201n, { year: 2025 }))
      .thenRefused(...room(201n));
  });

  it('may come before the next year’s appropriation, which is then granted beside it', () => {
    expect(historyOf([...withFunding(100n), carriedOver(40n), granted(200n, 2025)]).programme?.fiscalYears[2025]).toMatchObject({
      appropriated: 240n,
      grantedOn: '2023-12-20',
    });
  });

  it('is no appropriation that could be adjusted before one is granted', () => {
    const happened = [established(), granted(100n, 2023), proposed(), funded(100n, { year: 2023 }), carriedOver(40n, { year: 2023 })];
    given(happened)
      .when(adjustAppropriation(-1n))
      .thenRefused('unknown-appropriation', 'no law granted an appropriation for 2024 yet (40 was carried over); grant it first');
  });

  it.each([
    ['nothing where nothing is appropriated', undefined, 0n],
    ['what there is of a smaller appropriation', 30n, 30n],
    ['its own amount of a larger one', 500n, 40n],
  ])('without a ceiling takes %s along', (_what, appropriation, appropriated) => {
    const grants = appropriation === undefined ? [] : [granted(appropriation)];
    given(established(unenforced), ...grants, proposed(), funded(100n))
      .when(carryOver(40n))
      .then(carried(40n, 3, 'funded', { appropriated }));
    const { fiscalYears } = historyOf([
      established(unenforced),
      ...grants,
      proposed(),
      funded(100n),
      carriedOver(40n, { appropriated }),
    ]).programme!;
    const left = appropriation === undefined ? undefined : appropriation - appropriated;
    expect([fiscalYears[2024]?.appropriated, fiscalYears[2025]?.appropriated]).toEqual([left, appropriated || undefined]);
  });

  it('makes the money spendable in the next year, and no longer in its own', () => {
    const happened = [established(), granted(100n, 2023), proposed(), funded(100n, { year: 2023 }), carriedOver(40n, { year: 2023 })];
    given(happened)
      .when(spend(41n))
      .thenRefused(
        'funding-exceeded',
        'spending never exceeds what was funded and not returned: 40 of 2024 is left, and 41 was requested',
        { available: 40n, requested: 41n },
      );
    given(happened)
      .when(carryOver(61n, { year: 2023 }))
      .thenRefused('carry-over-exceeds-unspent', 'only what is unspent is carried over: 60 of 2023 is left, and 61 was requested', {
        available: 60n,
        requested: 61n,
      });
  });

  it('lets the year close', () => {
    const happened = [established(), granted(100n, 2023), proposed(), funded(100n, { year: 2023 })];
    given(happened)
      .when(close(2023))
      .thenRefused(
        'year-has-open-funds',
        'all money of an annual year is spent or returned before it closes: 100 of 2023 is left, initiatives that have some: 1',
        { available: 100n },
      );
    given(happened, carriedOver(100n, { year: 2023 }))
      .when(close(2023))
      .then(expected('FiscalYearClosed', 3, { fiscalYear: 2023 }, { fiscalYear: 2023 }, { by: finance }));
  });

  it('is not made out of a closed year, nor into one', () => {
    const detail = (year: number) => `the fiscal year ${year} of p is closed: no grants, funding or spending post to it`;
    given(established(), proposed(), granted(5n, 2023), granted(100n), funded(100n), closed(2023))
      .when(carryOver(5n, { year: 2023 }))
      .thenRefused('fiscal-year-closed', detail(2023));
    given(established(unenforced), proposed(), funded(10n, { year: 2022 }), granted(5n, 2023), granted(100n), closed(2023))
      .when(carryOver(5n, { year: 2022 }))
      .thenRefused('fiscal-year-closed', detail(2023));
  });

  it('has no meaning where money is spent in any year', () => {
    given(withFunding(100n, { years: 'multi-year' }))
      .when(carryOver(5n))
      .thenRefused('carry-over-multi-year', 'money of p is spent in any year, so there is nothing to carry from 2024 over');
  });

  it('is made by finance alone, while the initiative has money and no end, suspended or not', () => {
    given(withFunding(100n))
      .when(carryOver(1n, { by: justice }))
      .thenRefused('forbidden', 'CarryOver is for finance, not for ministry');
    given(withFunding(100n), returned(100n), cancelled())
      .when(carryOver(1n))
      .thenRefused('wrong-status', 'CarryOver is not possible while i is cancelled; possible: ReverseSpending by finance');
    given(withFunding(100n), suspended())
      .when(carryOver(1n))
      .then(carried(1n, 4, 'funded'));
  });

  it('happens once: the same again changes nothing, other content is refused', () => {
    given(withFunding(100n), carriedOver(40n, { id: 'O-9' }))
      .when(carryOver(40n))
      .thenNothingNew();
    given(withFunding(100n), carriedOver(40n, { id: 'O-9' }))
      .when(carryOver(41n))
      .thenRefused('carry-over-exists', 'the carry-over O-9 of 2024-05-01 is there already, with other content');
  });
});

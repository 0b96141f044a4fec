import { describe, expect, it } from '@jest/globals';
import {
  adjust,
  adjusted,
  adjustUnnamed,
  cancelled,
  closed,
  established,
  expected,
  finalizationStarted,
  finalized,
  finance,
  fund,
  funded,
  given,
  giveBack,
  granted,
  historyOf,
  importForFinance,
  importForJustice,
  justice,
  proposed,
  reopen,
  returned,
  reverse,
  reversed,
  reverseUnnamed,
  spend,
  spent,
  suspended,
  today,
  withFunding,
  type Happening,
} from '../testing/given.js';
import type { Posting } from './events.js';
import type { Status } from '../vocabulary.js';

const posting = (statusBefore: Status, statusAfter: Status = statusBefore, fiscalYear = 2024): Posting => ({
  authority: 'ministry-of-justice',
  statusBefore,
  statusAfter,
  fiscalYear,
});
const suspendedDetail = 'i is suspended; finance resumes it before money moves or it is finalised';
const closedDetail = 'the fiscal year 2024 of p is closed: no grants, funding or spending post to it';
const tooLarge = (change: bigint) => `no total has more than 18 digits; a change of ${change} would make one that has`;
const ended: Readonly<Record<'finalized' | 'cancelled', readonly Happening[]>> = {
  finalized: [...withFunding(100n), spent(100n), finalizationStarted(), finalized(100n)],
  cancelled: [...withFunding(100n), spent(60n), returned(40n), cancelled()],
};
const unenforced = { ceiling: 'none' } as const;
const multiYear = { years: 'multi-year' } as const;

describe('funding', () => {
  const data = (amount: bigint, fiscalYear = 2024) => ({ fundingId: 'F-9', fiscalYear, amount });
  const exceeded = (available: bigint, requested: bigint) =>
    [
      'appropriation-exceeded',
      `funding never exceeds the appropriation: ${available} of 2024 is left to give, and ${requested} was requested`,
      { available, requested },
    ] as const;

  it('gives a proposed initiative money of a year', () => {
    given(established(), granted(100n), proposed())
      .when(fund(100n))
      .then(expected('InitiativeFunded', 2, data(100n), posting('proposed', 'funded'), { by: finance }));
  });
  it.each(['funded', 'spending', 'finalizing'] as const)('leaves what is %s there', (status) => {
    const happened = [...withFunding(100n, unenforced), ...(status === 'funded' ? [] : [spent(1n)])];
    if (status === 'finalizing') happened.push(finalizationStarted());
    given(happened)
      .when(fund(5n))
      .then(expected('InitiativeFunded', { funded: 3, spending: 4, finalizing: 5 }[status], data(5n), posting(status), { by: finance }));
  });
  it('never exceeds the appropriation of its year', () => {
    given(withFunding(100n), granted(40n, 2025))
      .when(fund(1n))
      .thenRefused(...exceeded(0n, 1n));
    given(established(), granted(100n), proposed())
      .when(fund(101n))
      .thenRefused(...exceeded(100n, 101n));
    given(established(), granted(100n, 2023), proposed())
      .when(fund(1n))
      .thenRefused(...exceeded(0n, 1n));
  });
  it('shares the appropriation among initiatives, less what came back', () => {
    const happened = [
      established(),
      granted(100n),
      proposed(),
      proposed({ initiative: 'j' }),
      funded(70n, { initiative: 'j' }),
      returned(20n, { initiative: 'j' }),
    ];
    given(happened)
      .when(fund(50n))
      .then(expected('InitiativeFunded', 2, data(50n), posting('proposed', 'funded'), { by: finance }));
    given(happened)
      .when(fund(51n))
      .thenRefused(...exceeded(50n, 51n));
  });
  it('has no limit where the programme has no ceiling', () => {
    given(established(unenforced), proposed())
      .when(fund(5n))
      .then(expected('InitiativeFunded', 2, data(5n), posting('proposed', 'funded'), { by: finance }));
  });
  it('is not given out of a closed year', () => {
    given(established(), granted(100n), proposed(), closed()).when(fund(5n)).thenRefused('fiscal-year-closed', closedDetail);
  });
  it('is not given by who proposed', () => {
    const detail = 'who proposed i does not fund it';
    given(established(), granted(100n), proposed({ by: { ...justice, id: 'u-both' } }))
      .when(fund(5n, { by: { ...finance, id: 'u-both' } }))
      .thenRefused('separation-of-duties', detail);
    given(established(), granted(100n), proposed({ by: importForFinance }))
      .when(fund(5n))
      .thenRefused('separation-of-duties', detail);
    given(established(), granted(100n), proposed({ by: importForJustice }))
      .when(fund(5n, { by: importForFinance }))
      .then(expected('InitiativeFunded', 2, data(5n), posting('proposed', 'funded'), { by: importForFinance }));
  });
  it('waits while suspended', () => {
    given(established(), granted(100n), proposed(), suspended()).when(fund(5n)).thenRefused('initiative-suspended', suspendedDetail);
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(ended[status], granted(5n, 2025))
      .when(fund(5n, { year: 2025 }))
      .thenRefused('wrong-status', `FundInitiative is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
  it('never carries a total beyond 18 digits: the programme’s, the year’s, the initiative’s', () => {
    const most = 999_999_999_999_999_998n;
    given(established(unenforced), proposed(), proposed({ initiative: 'j' }), funded(most, { year: 2023, initiative: 'j' }))
      .when(fund(1n))
      .then(expected('InitiativeFunded', 2, data(1n), posting('proposed', 'funded'), { by: finance }));
    given(established(unenforced), proposed(), proposed({ initiative: 'j' }), funded(most, { year: 2023, initiative: 'j' }))
      .when(fund(2n))
      .thenRefused('amount-too-large', tooLarge(2n), { requested: 2n });
    const shifted = { ...unenforced, ...multiYear };
    given(established(shifted), proposed(), funded(most), adjusted(-most, { year: 2023 }))
      .when(fund(2n))
      .thenRefused('amount-too-large', tooLarge(2n), { requested: 2n });
    given(
      established(shifted),
      proposed(),
      proposed({ initiative: 'j' }),
      funded(most),
      funded(5n, { initiative: 'j', year: 2023 }),
      adjusted(-5n, { initiative: 'j' }),
      adjusted(-5n, { year: 2022 }),
    )
      .when(fund(2n))
      .thenRefused('amount-too-large', tooLarge(2n), { requested: 2n });
  });
});

describe('adjusting a funding', () => {
  const data = (change: bigint) => ({ adjustmentId: 'A-9', fundingId: 'F-1', change, reason: 'why' });
  const unnamed = (change: bigint) => ({ adjustmentId: 'A-9', change, reason: 'why' });
  const below = (available: bigint, requested: bigint, basis = 'of 2024') =>
    [
      'funding-below-spending',
      `funding never falls below what was spent or returned: ${available} ${basis} can be taken back, and ${requested} was requested`,
      { available, requested },
    ] as const;

  it('goes up within the appropriation', () => {
    given(established(), granted(100n), proposed(), funded(60n))
      .when(adjust(40n))
      .then(expected('FundingAdjusted', 3, data(40n), posting('funded'), { by: finance }));
    given(established(), granted(100n), proposed(), funded(60n))
      .when(adjust(41n))
      .thenRefused('appropriation-exceeded', 'funding never exceeds the appropriation: 40 of 2024 is left to give, and 41 was requested', {
        available: 40n,
        requested: 41n,
      });
  });
  it('going up is not for who proposed, nor while suspended; going down is', () => {
    const both = { ...justice, id: 'u-both' };
    const happened = [established(), granted(100n), proposed({ by: both }), funded(60n)];
    given(happened)
      .when(adjust(1n, 'F-1', { by: { ...finance, id: 'u-both' } }))
      .thenRefused('separation-of-duties', 'who proposed i does not fund it');
    given(happened)
      .when(adjust(-1n, 'F-1', { by: { ...finance, id: 'u-both' } }))
      .then(expected('FundingAdjusted', 3, data(-1n), posting('funded'), { by: { ...finance, id: 'u-both' } }));
    given(withFunding(100n, unenforced), suspended()).when(adjust(1n)).thenRefused('initiative-suspended', suspendedDetail);
    given(withFunding(100n), suspended())
      .when(adjust(-1n))
      .then(expected('FundingAdjusted', 4, data(-1n), posting('funded'), { by: finance }));
  });
  it('goes down as far as nothing spent or returned is touched', () => {
    given(withFunding(100n), spent(50n), returned(20n))
      .when(adjust(-30n))
      .then(expected('FundingAdjusted', 5, data(-30n), posting('spending'), { by: finance }));
    given(withFunding(100n), spent(50n), returned(20n))
      .when(adjust(-31n))
      .thenRefused(...below(30n, 31n));
  });
  it('never takes more than the funding it names has, with its earlier adjustments', () => {
    const happened = [...withFunding(60n, unenforced), funded(40n, { id: 'F-2' }), adjusted(-10n, { funding: 'F-1' })];
    given(happened)
      .when(adjust(-50n))
      .then(expected('FundingAdjusted', 5, data(-50n), posting('funded'), { by: finance }));
    given(happened)
      .when(adjust(-51n))
      .thenRefused(...below(50n, 51n));
  });
  it('by year looks at its own year, whenever it happens', () => {
    const happened = [...withFunding(60n, unenforced), funded(40n, { id: 'F-2', year: 2023 }), spent(50n)];
    given(happened)
      .when(adjust(-11n))
      .thenRefused(...below(10n, 11n));
    given(happened)
      .when(adjust(-40n, 'F-2'))
      .then(expected('FundingAdjusted', 5, { ...data(-40n), fundingId: 'F-2' }, posting('spending', 'spending', 2023), { by: finance }));
  });
  it('multi-year looks at all years, and takes of a year at most what that still has', () => {
    const happened = [...withFunding(60n, { ...unenforced, ...multiYear }), funded(40n, { id: 'F-2', year: 2023 }), spent(50n)];
    given(happened)
      .when(adjust(-50n))
      .then(expected('FundingAdjusted', 5, data(-50n), posting('spending'), { by: finance }));
    given(happened)
      .when(adjust(-51n))
      .thenRefused(...below(50n, 51n, 'over all years'));
    given(happened, returned(40n))
      .when(adjust(-11n))
      .thenRefused(...below(10n, 11n, 'over all years'));
    given(withFunding(60n, { ...unenforced, ...multiYear }), funded(60n, { id: 'F-2', year: 2023 }), returned(40n))
      .when(adjust(-21n))
      .thenRefused(...below(20n, 21n, 'over all years'));
  });
  it('is not possible in a closed year, up or down', () => {
    given(withFunding(100n, multiYear), closed()).when(adjust(-1n)).thenRefused('fiscal-year-closed', closedDetail);
    given(withFunding(100n, multiYear), closed()).when(adjust(1n)).thenRefused('fiscal-year-closed', closedDetail);
  });
  it('names a funding that exists', () => {
    given(withFunding(100n)).when(adjust(-1n, 'F-2')).thenRefused('unknown-funding', 'i has no funding F-2');
  });
  it('is not dated before that funding', () => {
    given(withFunding(100n))
      .when(adjust(-1n, 'F-1', { on: '2024-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the funding F-1 is of 2024-02-01; nothing about it is dated before, and the command says 2024-01-31',
      );
    given(withFunding(100n))
      .when(adjust(-1n, 'F-1', { on: '2024-02-01' }))
      .then(expected('FundingAdjusted', 3, data(-1n), posting('funded'), { by: finance, on: '2024-02-01' }));
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(ended[status])
      .when(adjust(-1n))
      .thenRefused('wrong-status', `AdjustFunding is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
  it('names its funding but in an import, an admin on behalf of finance', () => {
    given(withFunding(100n))
      .when(adjustUnnamed(-1n, { by: finance }))
      .thenRefused(
        'forbidden',
        'an adjustment names the funding it adjusts; only an import, an admin on behalf of finance, may leave it out',
      );
    given(withFunding(100n))
      .when(adjustUnnamed(-1n, { by: importForJustice }))
      .thenRefused('forbidden', 'AdjustFunding is for finance, not for ministry');
  });
  it('without a funding posts to the year it happened in, which may then be below zero', () => {
    given(withFunding(100n, multiYear), spent(30n))
      .when(adjustUnnamed(-70n, { on: '2023-03-01' }))
      .then(
        expected('FundingAdjusted', 4, unnamed(-70n), posting('spending', 'spending', 2023), { by: importForFinance, on: '2023-03-01' }),
      );
    given(withFunding(100n, multiYear), spent(30n))
      .when(adjustUnnamed(-71n, { on: '2023-03-01' }))
      .thenRefused(...below(70n, 71n, 'over all years'));
  });
  it('without a funding stays within its year where years are annual', () => {
    given(withFunding(100n))
      .when(adjustUnnamed(-1n, { on: '2023-03-01' }))
      .thenRefused(...below(0n, 1n, 'of 2023'));
    given(withFunding(100n))
      .when(adjustUnnamed(-100n))
      .then(expected('FundingAdjusted', 3, unnamed(-100n), posting('funded'), { by: importForFinance }));
  });
  it('without a funding funds what was only proposed', () => {
    given(established(unenforced), proposed())
      .when(adjustUnnamed(5n))
      .then(expected('FundingAdjusted', 2, unnamed(5n), posting('proposed', 'funded'), { by: importForFinance }));
    given(established(unenforced), proposed())
      .when(adjustUnnamed(-5n))
      .thenRefused(...below(0n, 5n));
  });
  it('that takes everything leaves it funded', () => {
    given(withFunding(100n))
      .when(adjust(-100n))
      .then(expected('FundingAdjusted', 3, data(-100n), posting('funded'), { by: finance }));
  });
  it('never carries a total beyond 18 digits, above or below zero', () => {
    const most = 999_999_999_999_999_999n;
    given(established(unenforced), proposed(), funded(most))
      .when(adjust(1n))
      .thenRefused('amount-too-large', tooLarge(1n), { requested: 1n });
    const happened = [
      established({ ...unenforced, ...multiYear }),
      proposed(),
      funded(most),
      adjusted(-most, { year: 2023 }),
      funded(most, { year: 2022, id: 'F-2' }),
    ];
    given(happened)
      .when(adjustUnnamed(-1n, { on: '2023-03-01' }))
      .thenRefused('amount-too-large', tooLarge(-1n), { requested: -1n });
    given(happened)
      .when(adjustUnnamed(-1n))
      .then(expected('FundingAdjusted', 5, unnamed(-1n), posting('funded'), { by: importForFinance }));
  });
});

describe('spending', () => {
  const data = (amount: bigint) => ({ transactionId: 'T-9', amount });
  const exceeded = (available: bigint, requested: bigint, basis = 'of 2024') =>
    [
      'funding-exceeded',
      `spending never exceeds what was funded and not returned: ${available} ${basis} is left, and ${requested} was requested`,
      { available, requested },
    ] as const;

  it('carries what was funded to spending', () => {
    given(withFunding(100n))
      .when(spend(100n))
      .then(expected('SpendingRecorded', 3, data(100n), posting('funded', 'spending'), { by: justice }));
  });
  it('leaves what is finalising there: the last invoice', () => {
    given(withFunding(100n), finalizationStarted())
      .when(spend(1n))
      .then(expected('SpendingRecorded', 4, data(1n), posting('finalizing'), { by: justice }));
    given(withFunding(100n), spent(1n))
      .when(spend(1n))
      .then(expected('SpendingRecorded', 4, data(1n), posting('spending'), { by: justice }));
  });
  it('never exceeds what was funded and not returned, reversals counted', () => {
    const happened = [...withFunding(100n), spent(50n), reversed(10n, { transaction: 'T-1' }), returned(20n)];
    given(happened)
      .when(spend(40n))
      .then(expected('SpendingRecorded', 6, data(40n), posting('spending'), { by: justice }));
    given(happened)
      .when(spend(41n))
      .thenRefused(...exceeded(40n, 41n));
  });
  it('is always too much for what was only proposed', () => {
    given(established(), granted(100n), proposed())
      .when(spend(1n))
      .thenRefused(...exceeded(0n, 1n));
  });
  it('of an annual year is that year’s money, by the day it occurred', () => {
    const happened = [...withFunding(100n), granted(30n, 2023), funded(30n, { id: 'F-2', year: 2023, on: '2023-03-01' })];
    given(happened)
      .when(spend(31n, { on: '2023-12-31' }))
      .thenRefused(...exceeded(30n, 31n, 'of 2023'));
    given(happened)
      .when(spend(30n, { on: '2023-12-31' }))
      .then(expected('SpendingRecorded', 4, data(30n), posting('funded', 'spending', 2023), { by: justice, on: '2023-12-31' }));
  });
  it('of multi-year money is any year’s', () => {
    const happened = [...withFunding(100n, multiYear), granted(30n, 2023), funded(30n, { id: 'F-2', year: 2023, on: '2023-03-01' })];
    given(happened)
      .when(spend(130n, { on: '2023-12-31' }))
      .then(expected('SpendingRecorded', 4, data(130n), posting('funded', 'spending', 2023), { by: justice, on: '2023-12-31' }));
    given(happened)
      .when(spend(131n, { on: '2023-12-31' }))
      .thenRefused(...exceeded(130n, 131n, 'over all years'));
  });
  it.each(['annual', 'multi-year'] as const)('does not post to a closed %s year', (years) => {
    given(established({ years }), granted(100n), proposed(), closed(), funded(10n))
      .when(spend(1n))
      .thenRefused('fiscal-year-closed', closedDetail);
  });
  it('waits while suspended', () => {
    given(withFunding(100n), suspended()).when(spend(1n)).thenRefused('initiative-suspended', suspendedDetail);
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(ended[status])
      .when(spend(1n))
      .thenRefused('wrong-status', `RecordSpending is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
  it('is not dated before the proposal', () => {
    given(withFunding(100n))
      .when(spend(1n, { on: '2023-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the proposal of i is of 2023-02-01; nothing about it is dated before, and the command says 2023-01-31',
      );
  });
  it('is not dated before the first funding, whichever year’s money that is', () => {
    const happened = [...withFunding(100n, multiYear), funded(5n, { id: 'F-2', on: '2024-01-20' })];
    given(happened)
      .when(spend(1n, { on: '2024-01-19' }))
      .thenRefused(
        'date-out-of-order',
        'the first funding of i is of 2024-01-20; nothing about it is dated before, and the command says 2024-01-19',
      );
    given(happened)
      .when(spend(1n, { on: '2024-01-20' }))
      .then(expected('SpendingRecorded', 4, data(1n), posting('funded', 'spending'), { by: justice, on: '2024-01-20' }));
  });
  it('never carries a total beyond 18 digits', () => {
    const most = 999_999_999_999_999_999n;
    given(
      established({ ...unenforced, ...multiYear }),
      proposed(),
      proposed({ initiative: 'j' }),
      funded(most),
      funded(most, { initiative: 'j' }),
      spent(most, { initiative: 'j' }),
    )
      .when(spend(1n))
      .thenRefused('amount-too-large', tooLarge(1n), { requested: 1n });
  });
  it('of an amount that is none is no decision', () => {
    const happened = historyOf(withFunding(100n));
    expect(() => happened.submit(spend('1' as unknown as bigint), today)).toThrow(TypeError);
  });
});

describe('reversing spending', () => {
  const data = (amount: bigint, transactionId = 'T-1') => ({ reversalId: 'R-9', transactionId, amount, reason: 'why' });
  const unnamed = (amount: bigint) => ({ reversalId: 'R-9', amount, reason: 'why' });
  const exceeds = (available: bigint, requested: bigint) =>
    [
      'reversal-exceeds-spending',
      `reversals never exceed what was spent: ${available} can be reversed, and ${requested} was requested`,
      { available, requested },
    ] as const;

  it.each([
    ['its ministry', justice],
    ['finance', finance],
  ])('is done by %s', (_who, by) => {
    given(withFunding(100n), spent(60n))
      .when(reverse(60n, 'T-1', { by }))
      .then(expected('SpendingReversed', 4, data(60n), posting('spending'), { by }));
  });
  it('is possible while finalising, and while suspended', () => {
    given(withFunding(100n), spent(60n), finalizationStarted(), suspended())
      .when(reverse(1n))
      .then(expected('SpendingReversed', 6, data(1n), posting('finalizing'), { by: justice }));
  });
  it('never exceeds what is left of the spending', () => {
    const happened = [...withFunding(100n), spent(60n), spent(40n, { id: 'T-2' }), reversed(20n, { transaction: 'T-1' })];
    given(happened)
      .when(reverse(40n))
      .then(expected('SpendingReversed', 6, data(40n), posting('spending'), { by: justice }));
    given(happened)
      .when(reverse(41n))
      .thenRefused(...exceeds(40n, 41n));
    given(happened)
      .when(reverse(40n, 'T-2'))
      .then(expected('SpendingReversed', 6, data(40n, 'T-2'), posting('spending'), { by: justice }));
  });
  it('posts to the year of the spending', () => {
    given(withFunding(100n), granted(30n, 2023), funded(30n, { id: 'F-2', year: 2023 }), spent(10n, { on: '2023-12-31', year: 2023 }))
      .when(reverse(10n))
      .then(expected('SpendingReversed', 5, data(10n), posting('spending', 'spending', 2023), { by: justice }));
  });
  it('names spending that exists', () => {
    given(withFunding(100n), spent(60n)).when(reverse(1n, 'T-2')).thenRefused('unknown-spending', 'i has no spending T-2');
  });
  it('is not dated before that spending', () => {
    given(withFunding(100n), spent(60n))
      .when(reverse(1n, 'T-1', { on: '2024-02-28' }))
      .thenRefused(
        'date-out-of-order',
        'the transaction T-1 is of 2024-03-01; nothing about it is dated before, and the command says 2024-02-28',
      );
    given(withFunding(100n), spent(60n))
      .when(reverse(1n, 'T-1', { on: '2024-03-01' }))
      .then(expected('SpendingReversed', 4, data(1n), posting('spending'), { by: justice, on: '2024-03-01' }));
  });
  it('names its spending but in an import', () => {
    const detail = 'a reversal names the spending it reverses; only an import, an admin on behalf of another, may leave it out';
    given(withFunding(100n), spent(60n))
      .when(reverseUnnamed(1n, { by: justice }))
      .thenRefused('forbidden', detail);
    given(withFunding(100n), spent(60n))
      .when(reverseUnnamed(1n, { by: finance }))
      .thenRefused('forbidden', detail);
  });
  it('without a spending posts to the year it happened in, up to what was spent in that year', () => {
    const happened = [...withFunding(100n), granted(30n, 2023), funded(30n, { id: 'F-2', year: 2023 })];
    const inBoth = [...happened, spent(60n), spent(20n, { id: 'T-2', year: 2023, on: '2023-12-01' })];
    given(inBoth)
      .when(reverseUnnamed(20n, { on: '2023-12-31' }))
      .then(
        expected('SpendingReversed', 6, unnamed(20n), posting('spending', 'spending', 2023), { by: importForJustice, on: '2023-12-31' }),
      );
    given(inBoth)
      .when(reverseUnnamed(21n, { on: '2023-12-31' }))
      .thenRefused(...exceeds(20n, 21n));
  });
  it('without a spending goes up to what was spent in all years where money is multi-year', () => {
    const happened = [...withFunding(100n, multiYear), spent(60n)];
    given(happened)
      .when(reverseUnnamed(60n, { on: '2023-12-31', by: importForFinance }))
      .then(
        expected('SpendingReversed', 4, unnamed(60n), posting('spending', 'spending', 2023), { by: importForFinance, on: '2023-12-31' }),
      );
    given(happened)
      .when(reverseUnnamed(61n, { on: '2023-12-31' }))
      .thenRefused(...exceeds(60n, 61n));
  });
  it('never exceeds net spending, even where the spending it names was reversed without being named', () => {
    given(withFunding(100n), spent(60n), reversed(50n, { by: importForJustice }))
      .when(reverse(11n))
      .thenRefused(...exceeds(10n, 11n));
    given(withFunding(100n, multiYear), spent(60n), reversed(50n, { year: 2023, by: importForJustice }))
      .when(reverse(11n))
      .thenRefused(...exceeds(10n, 11n));
  });
  it('needs money to have moved', () => {
    given(established(), proposed())
      .when(reverseUnnamed(1n))
      .thenRefused(
        'wrong-status',
        'ReverseSpending is not possible while i is proposed; possible: AmendInitiative, FundInitiative, CancelInitiative, SuspendInitiative',
      );
    given(withFunding(100n))
      .when(reverseUnnamed(1n))
      .thenRefused(...exceeds(0n, 1n));
  });
  it('never carries a year below 18 digits', () => {
    const most = 999_999_999_999_999_999n;
    given(
      established({ ...unenforced, ...multiYear }),
      proposed(),
      funded(most),
      spent(most),
      reversed(most, { year: 2023 }),
      spent(most, { year: 2022, id: 'T-2' }),
    )
      .when(reverseUnnamed(1n, { on: '2023-03-01' }))
      .thenRefused('amount-too-large', tooLarge(-1n), { requested: -1n });
  });
});

describe('a correction', () => {
  const data = (amount: bigint) => ({ reversalId: 'R-9', transactionId: 'T-1', amount, reason: 'why' });
  const back = (amount: bigint, fiscalYear = 2024) => ({ fiscalYear, amount });
  const prior = { priorYear: true } as const;
  const late = { afterEnd: true } as const;
  const automatic = { automatic: true } as const;

  it('of a closed annual year returns the amount to it in the same append', () => {
    given(withFunding(100n), spent(100n), closed())
      .when(reverse(30n, 'T-1', { by: finance, on: '2024-06-01' }))
      .then(
        expected('SpendingReversed', 4, data(30n), { ...posting('spending'), ...prior }, { by: finance, on: '2024-06-01' }),
        expected('FundsReturned', 5, back(30n), { ...posting('spending'), ...prior, ...automatic }, { by: finance, on: '2024-06-01' }),
      );
  });
  it('of a closed annual year leaves what is unspent of others', () => {
    given(
      established(),
      granted(50n, 2023),
      granted(70n),
      proposed(),
      funded(50n, { year: 2023 }),
      funded(70n, { id: 'F-2' }),
      spent(50n, { year: 2023, on: '2023-05-01' }),
      closed(2023),
    )
      .when(reverse(30n, 'T-1', { by: finance }))
      .then(
        expected('SpendingReversed', 5, data(30n), { ...posting('spending', 'spending', 2023), ...prior }, { by: finance }),
        expected(
          'FundsReturned',
          6,
          back(30n, 2023),
          { ...posting('spending', 'spending', 2023), ...prior, ...automatic },
          { by: finance },
        ),
      );
  });
  it('of a closed annual year is for finance alone', () => {
    given(withFunding(100n), spent(100n), closed())
      .when(reverse(30n))
      .thenRefused('fiscal-year-closed', 'the fiscal year 2024 is closed; finance alone corrects it');
  });
  it('is not needed in a closed multi-year year, which a ministry may still reverse in', () => {
    given(withFunding(100n, multiYear), spent(100n), closed())
      .when(reverse(30n))
      .then(expected('SpendingReversed', 4, data(30n), posting('spending'), { by: justice }));
  });
  it.each([
    ['finalized', 6],
    ['cancelled', 6],
  ] as const)('of what is %s returns the amount in the same append, so that the balance stays zero', (status, version) => {
    given(ended[status])
      .when(reverse(30n, 'T-1', { by: finance }))
      .then(
        expected('SpendingReversed', version, data(30n), { ...posting(status), ...late }, { by: finance }),
        expected('FundsReturned', version + 1, back(30n), { ...posting(status), ...late, ...automatic }, { by: finance }),
      );
  });
  it.each(['finalized', 'cancelled'] as const)('of what is %s is for finance alone', (status) => {
    given(ended[status])
      .when(reverse(30n))
      .thenRefused('wrong-status', `ReverseSpending is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
  it('after the end and in a closed annual year is both', () => {
    given(ended.finalized, closed())
      .when(reverse(30n, 'T-1', { by: importForFinance }))
      .then(
        expected('SpendingReversed', 6, data(30n), { ...posting('finalized'), ...prior, ...late }, { by: importForFinance }),
        expected('FundsReturned', 7, back(30n), { ...posting('finalized'), ...prior, ...late, ...automatic }, { by: importForFinance }),
      );
  });
  it('after the end returns multi-year money to the newest years that have funding', () => {
    given(
      established({ ...unenforced, ...multiYear }),
      proposed(),
      funded(20n, { id: 'F-2', year: 2023 }),
      funded(80n),
      returned(70n),
      spent(30n, { year: 2023, on: '2023-05-01' }),
      finalizationStarted(),
      finalized(30n),
    )
      .when(reverse(25n, 'T-1', { by: finance }))
      .then(
        expected('SpendingReversed', 8, data(25n), { ...posting('finalized', 'finalized', 2023), ...late }, { by: finance }),
        expected('FundsReturned', 9, back(10n), { ...posting('finalized'), ...late, ...automatic }, { by: finance }),
        expected(
          'FundsReturned',
          10,
          back(15n, 2023),
          { ...posting('finalized', 'finalized', 2023), ...late, ...automatic },
          { by: finance },
        ),
      );
  });
  it('in an open year gives room in the appropriation back, in a closed one it lapses', () => {
    const both = [proposed({ initiative: 'j' })];
    const inOpen = historyOf([...ended.finalized, ...both]);
    inOpen.submit(reverse(30n, 'T-1', { by: finance }), today);
    expect(inOpen.submit(fund(30n, { initiative: 'j' }), today)).toHaveLength(1);
    const inClosed = historyOf([...ended.finalized, ...both, closed()]);
    inClosed.submit(reverse(30n, 'T-1', { by: finance }), today);
    expect(inClosed.programme?.fiscalYears[2024]).toEqual({
      appropriated: 100n,
      grantedOn: '2023-12-20',
      funded: 100n,
      spent: 70n,
      returned: 0n,
      returnedSinceClosing: 30n,
      initiativesWithOpenFunds: 0,
      closed: true,
      closing: { by: finance, on: today },
    });
    inClosed.submit(reopen(), today);
    expect(inClosed.submit(fund(30n, { initiative: 'j' }), today)).toHaveLength(1);
  });
});

describe('returning funds', () => {
  const data = (amount: bigint, fiscalYear = 2024) => ({ returnId: 'U-9', fiscalYear, amount });
  const exceeds = (available: bigint, requested: bigint, year = 2024) =>
    [
      'return-exceeds-unspent',
      `only what is unspent is returned: ${available} of ${year} is left, and ${requested} was requested`,
      { available, requested },
    ] as const;

  it.each([
    ['its ministry', justice],
    ['finance', finance],
  ])('is done by %s', (_who, by) => {
    given(withFunding(100n))
      .when(giveBack(100n, { by }))
      .then(expected('FundsReturned', 3, data(100n), posting('funded'), { by }));
  });
  it('gives back no more than is left of an annual year', () => {
    const happened = [...withFunding(100n, unenforced), spent(60n), funded(50n, { year: 2023, id: 'F-2' }), returned(10n)];
    given(happened)
      .when(giveBack(30n))
      .then(expected('FundsReturned', 6, data(30n), posting('spending'), { by: justice }));
    given(happened)
      .when(giveBack(31n))
      .thenRefused(...exceeds(30n, 31n));
    given(happened)
      .when(giveBack(50n, { year: 2023 }))
      .then(expected('FundsReturned', 6, data(50n, 2023), posting('spending', 'spending', 2023), { by: justice }));
  });
  it('gives back of a multi-year year no more than that year’s funding, and no more than is left over all years', () => {
    const happened = [...withFunding(100n, { ...unenforced, ...multiYear }), funded(50n, { year: 2023, id: 'F-2' }), spent(60n)];
    given(happened)
      .when(giveBack(50n, { year: 2023 }))
      .then(expected('FundsReturned', 5, data(50n, 2023), posting('spending', 'spending', 2023), { by: justice }));
    given(happened)
      .when(giveBack(51n, { year: 2023 }))
      .thenRefused(...exceeds(50n, 51n, 2023));
    given(happened)
      .when(giveBack(91n))
      .thenRefused(...exceeds(90n, 91n));
    given(happened, adjusted(-5n, { year: 2022 }))
      .when(giveBack(1n, { year: 2022 }))
      .thenRefused(...exceeds(0n, 1n, 2022));
  });
  it('is possible in a closed multi-year year, not in a closed annual one', () => {
    given(withFunding(100n, multiYear), closed())
      .when(giveBack(100n))
      .then(expected('FundsReturned', 3, data(100n), posting('funded'), { by: justice }));
    given(withFunding(100n), returned(100n), closed()).when(giveBack(1n)).thenRefused('fiscal-year-closed', closedDetail);
  });
  it('is possible while finalising, and while suspended', () => {
    given(withFunding(100n), finalizationStarted(), suspended())
      .when(giveBack(1n))
      .then(expected('FundsReturned', 5, data(1n), posting('finalizing'), { by: justice }));
  });
  it('keeps why', () => {
    const command = { ...giveBack(1n), data: { ...data(1n), reason: 'the tender failed' } };
    given(withFunding(100n))
      .when(command as never)
      .then(expected('FundsReturned', 3, { ...data(1n), reason: 'the tender failed' }, posting('funded'), { by: justice }));
  });
  it.each(['proposed', 'finalized', 'cancelled'] as const)('is not possible while %s', (status) => {
    const possible =
      status === 'proposed' ? 'AmendInitiative, FundInitiative, CancelInitiative, SuspendInitiative' : 'ReverseSpending by finance';
    given(status === 'proposed' ? [established(), proposed()] : ended[status])
      .when(giveBack(1n))
      .thenRefused('wrong-status', `ReturnFunds is not possible while i is ${status}; possible: ${possible}`);
  });
});

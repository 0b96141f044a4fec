import { describe, expect, it } from '@jest/globals';
import {
  adjust,
  cancel,
  changeCommitment,
  close,
  closed,
  commit,
  commitmentChanged,
  committed,
  draw,
  drawn,
  established,
  expected,
  finalizationStarted,
  finalize,
  finance,
  funded,
  given,
  giveBack,
  granted,
  historyOf,
  justice,
  otherFinance,
  proposed,
  release,
  released,
  reverse,
  spend,
  spent,
  suspended,
  today,
  withFunding,
} from '../testing/given.js';
import type { Posting } from '../money/events.js';
import type { Status } from '../vocabulary.js';

const posting = (statusBefore: Status, fiscalYear = 2024, statusAfter = statusBefore): Posting => ({
  authority: 'ministry-of-justice',
  statusBefore,
  statusAfter,
  fiscalYear,
});
const multiYear = { years: 'multi-year' } as const;
/** Money of 2023 and of 2024. */
const twoYears = (rules: object = {}) => [
  ...withFunding(100n, rules),
  granted(50n, 2023),
  funded(50n, { id: 'F-2', year: 2023, on: '2023-03-01' }),
];
const many = Array.from({ length: 200 }, (_, index) => committed(1n, { id: `K-${index}` }));
const tooMany = 'an initiative has at most 200 commitments open at a time, and i has as many; release those that are over';
const wasReleased = 'the commitment C-1 was released: nothing is drawn from it or changed in it; a new contract is a new one';

describe('making a commitment', () => {
  const data = (amount: bigint) => ({ commitmentId: 'C-9', supplier: 'Notary Systems', amount });
  const exceeds = (available: bigint, requested: bigint, said = '', basis = 'of 2024', figures = {}) =>
    [
      'commitment-exceeds-funding',
      `commitments never exceed what is free: ${available} ${basis} is left${said}, and ${requested} was requested`,
      { available, requested, ...figures },
    ] as const;

  it('takes what is free: neither spent nor returned nor committed', () => {
    const happened = [...withFunding(100n), spent(30n), committed(50n)];
    given(happened)
      .when(commit(20n))
      .then(expected('CommitmentMade', 5, data(20n), posting('spending'), { by: justice }));
    given(happened)
      .when(commit(21n))
      .thenRefused(...exceeds(20n, 21n, ' beside 50 committed', 'of 2024', { committed: 50n }));
    given(withFunding(100n))
      .when(commit(101n))
      .thenRefused(...exceeds(100n, 101n));
  });
  it('of an annual programme takes the money of its own year, and of a multi-year one that of all years', () => {
    given(twoYears())
      .when(commit(51n, { on: '2023-12-01' }))
      .thenRefused(...exceeds(50n, 51n, '', 'of 2023'));
    given(twoYears(multiYear))
      .when(commit(150n, { on: '2023-12-01' }))
      .then(expected('CommitmentMade', 4, data(150n), posting('funded', 2023), { by: justice, on: '2023-12-01' }));
    given(twoYears(multiYear))
      .when(commit(151n))
      .thenRefused(...exceeds(150n, 151n, '', 'over all years'));
  });
  it('has an id of its own: the same again changes nothing, other content is refused', () => {
    const happened = [...withFunding(100n), committed(50n, { id: 'C-9' })];
    given(happened).when(commit(50n)).thenNothingNew();
    given(happened)
      .when(commit(49n))
      .thenRefused('commitment-exists', 'the commitment C-9 of 2024-03-01 is there already, with other content');
  });
  it('waits while suspended, and for an open year', () => {
    given(withFunding(100n), suspended())
      .when(commit(1n))
      .thenRefused('initiative-suspended', 'i is suspended; finance resumes it before money moves or it is finalised');
    given(established(multiYear), granted(100n), proposed(), funded(100n), closed())
      .when(commit(1n))
      .thenRefused('fiscal-year-closed', 'the fiscal year 2024 of p is closed: no grants, funding or spending post to it');
  });
  it('is for what is funded and not finalising', () => {
    given(established(), proposed())
      .when(commit(1n))
      .thenRefused(
        'wrong-status',
        'MakeCommitment is not possible while i is proposed; possible: AmendInitiative, FundInitiative, CancelInitiative, SuspendInitiative',
      );
    given(withFunding(100n), finalizationStarted())
      .when(commit(1n))
      .thenRefused(
        'wrong-status',
        'MakeCommitment is not possible while i is finalizing; possible: AmendInitiative, FundInitiative, AdjustFunding, RecordSpending, ReverseSpending, ReturnFunds, ChangeCommitment, ReleaseCommitment, TransferFunding, CarryOver, FinalizeInitiative, CancelInitiative, SuspendInitiative',
      );
  });
  it('is not dated before the first funding, and does not end before its own day', () => {
    given(withFunding(100n))
      .when(commit(1n, { on: '2024-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the first funding of i is of 2024-02-01; nothing about it is dated before, and the command says 2024-01-31',
      );
    given(withFunding(100n))
      .when(commit(1n, {}, { plannedEnd: '2024-06-14' }))
      .thenRefused('period-out-of-order', 'a contract ends on the day of the command or later: 2024-06-14 is before 2024-06-15');
  });
  it('leaves at most 200 open at a time', () => {
    given(withFunding(300n), many).when(commit(1n)).thenRefused('too-many-commitments', tooMany);
    given(withFunding(300n), many, released(1n, { id: 'K-7' }))
      .when(commit(1n))
      .then(expected('CommitmentMade', 204, data(1n), posting('funded'), { by: justice }));
  });
});

describe('changing a commitment', () => {
  const data = (more: object) => ({ commitmentId: 'C-1', changeId: 'H-9', kind: 'value' as const, reason: 'why', ...more });
  const happened = [...withFunding(100n), committed(50n), drawn(30n)];

  it('upward takes only what is free', () => {
    given(happened)
      .when(changeCommitment({ change: 50n }))
      .then(expected('CommitmentChanged', 5, data({ change: 50n }), posting('spending'), { by: justice }));
    given(happened)
      .when(changeCommitment({ change: 51n }))
      .thenRefused(
        'commitment-exceeds-funding',
        'commitments never exceed what is free: 50 of 2024 is left beside 20 committed, and 51 was requested',
        { available: 50n, requested: 51n, committed: 20n },
      );
  });
  it('downward takes nothing that was drawn', () => {
    given(happened)
      .when(changeCommitment({ change: -20n }))
      .then(expected('CommitmentChanged', 5, data({ change: -20n }), posting('spending'), { by: justice }));
    given(happened)
      .when(changeCommitment({ change: -21n }))
      .thenRefused(
        'commitment-below-spending',
        'a commitment never falls below what was drawn from it: C-1 can be cut by 20, and 21 was requested',
        { available: 20n, requested: 21n },
      );
  });
  it('may leave the value, and change the day on which the contract ends', () => {
    given(happened)
      .when(changeCommitment({ kind: 'duration', plannedEnd: '2024-12-01' }))
      .then(expected('CommitmentChanged', 5, data({ kind: 'duration', plannedEnd: '2024-12-01' }), posting('spending'), { by: justice }));
    given(happened)
      .when(changeCommitment({ kind: 'duration', plannedEnd: '2024-06-01' }))
      .thenRefused('period-out-of-order', 'a contract ends on the day of the command or later: 2024-06-01 is before 2024-06-15');
  });
  it('is the same once for each id', () => {
    given(happened, commitmentChanged(5n))
      .when(changeCommitment({ change: 5n }))
      .thenNothingNew();
    given(happened, commitmentChanged(5n))
      .when(changeCommitment({ change: 6n }))
      .thenRefused('commitment-change-exists', 'the commitment-change H-9 of 2024-05-01 is there already, with other content');
  });
  it('opens one again that was fully drawn, unless too many are open', () => {
    const fullyDrawn = [...withFunding(300n), committed(50n), drawn(50n)];
    given(fullyDrawn)
      .when(changeCommitment({ change: 1n }))
      .then(expected('CommitmentChanged', 5, data({ change: 1n }), posting('spending'), { by: justice }));
    given(fullyDrawn, many)
      .when(changeCommitment({ change: 1n }))
      .thenRefused('too-many-commitments', tooMany);
  });
  it('is of one that is there and not released', () => {
    given(withFunding(100n))
      .when(changeCommitment({ change: 1n }))
      .thenRefused('unknown-commitment', 'i has no commitment C-1');
    given(happened, released(20n))
      .when(changeCommitment({ change: 1n }))
      .thenRefused('commitment-released', wasReleased);
  });
});

describe('releasing a commitment', () => {
  const data = (amount: bigint) => ({ commitmentId: 'C-1', amount, reason: 'why' });
  const happened = [...withFunding(100n), committed(50n), drawn(30n)];

  it('frees what is open, by the ministry or finance', () => {
    for (const by of [justice, finance])
      given(happened)
        .when(release('C-1', { by }))
        .then(expected('CommitmentReleased', 5, data(20n), posting('spending'), { by }));
    given(happened, released(20n))
      .when(spend(70n))
      .then(expected('SpendingRecorded', 6, { transactionId: 'T-9', amount: 70n }, posting('spending'), { by: justice }));
  });
  it('ends one that was fully drawn', () => {
    given(withFunding(100n), committed(50n), drawn(50n))
      .when(release())
      .then(expected('CommitmentReleased', 5, data(0n), posting('spending'), { by: justice }));
  });
  it('happens once, to one that is there', () => {
    given(happened, released(20n)).when(release()).thenRefused('commitment-released', wasReleased);
    given(happened).when(release('C-2')).thenRefused('unknown-commitment', 'i has no commitment C-2');
  });
  it('is possible while suspended, not after an end', () => {
    given(happened, suspended())
      .when(release())
      .then(expected('CommitmentReleased', 6, data(20n), posting('spending'), { by: justice }));
    const history = historyOf(happened);
    history.submit(cancel(), today);
    expect(() => history.submit(release(), today)).toThrow('ReleaseCommitment is not possible while i is cancelled');
  });
});

describe('spending', () => {
  const data = (amount: bigint, more: object = {}) => ({ transactionId: 'T-9', amount, ...more });
  const fromFirst = { commitmentId: 'C-1' };
  const happened = [...withFunding(100n), committed(60n)];

  it('is drawn from the commitment that it names, up to what is open', () => {
    const context = { ...posting('funded', 2024, 'spending'), commitment: { id: 'C-1', fiscalYear: 2024 } };
    given(happened)
      .when(draw(60n))
      .then(expected('SpendingRecorded', 4, data(60n, fromFirst), context, { by: justice }));
    given(happened)
      .when(draw(61n))
      .thenRefused('commitment-exceeded', 'drawings never exceed the commitment: 60 of C-1 is open, and 61 was requested', {
        available: 60n,
        requested: 61n,
      });
    given(happened, drawn(60n))
      .when(draw(1n))
      .thenRefused('commitment-exceeded', 'drawings never exceed the commitment: 0 of C-1 is open, and 1 was requested', {
        available: 0n,
        requested: 1n,
      });
  });
  it('takes only what is free where it names none', () => {
    given(happened)
      .when(spend(40n))
      .then(expected('SpendingRecorded', 4, data(40n), posting('funded', 2024, 'spending'), { by: justice }));
    given(happened)
      .when(spend(41n))
      .thenRefused(
        'funding-exceeded',
        'spending never exceeds what was funded and not returned: 40 of 2024 is left beside 60 committed, and 41 was requested',
        { available: 40n, requested: 41n, committed: 60n },
      );
  });
  it('is drawn from one that is there, not released and not of a later day', () => {
    given(happened).when(draw(1n, 'C-2')).thenRefused('unknown-commitment', 'i has no commitment C-2');
    given(happened, released(60n)).when(draw(1n)).thenRefused('commitment-released', wasReleased);
    given(happened)
      .when(draw(1n, 'C-1', { on: '2024-02-28' }))
      .thenRefused(
        'date-out-of-order',
        'the commitment C-1 is of 2024-03-01; nothing about it is dated before, and the command says 2024-02-28',
      );
  });
  it('of annual money is drawn in the commitment’s own year, of multi-year money in any', () => {
    const ofBefore = committed(20n, { on: '2023-05-01', year: 2023 });
    given(twoYears(), ofBefore)
      .when(draw(1n))
      .thenRefused('commitment-exceeded', 'annual money is drawn in the year of its commitment: C-1 is of 2023, and the spending of 2024', {
        available: 0n,
        requested: 1n,
      });
    const context = { ...posting('funded', 2024, 'spending'), commitment: { id: 'C-1', fiscalYear: 2023 } };
    given(twoYears(multiYear), ofBefore)
      .when(draw(20n))
      .then(expected('SpendingRecorded', 5, data(20n, fromFirst), context, { by: justice }));
  });
  it('drawn in another year leaves the sums of both right', () => {
    const history = historyOf([...twoYears(multiYear), committed(20n, { on: '2023-05-01', year: 2023 })]);
    history.submit(draw(15n), today);
    expect(history.initiatives.get('i')?.years).toEqual({
      2023: { funded: 50n, spent: 0n, returned: 0n, committed: 5n },
      2024: { funded: 100n, spent: 15n, returned: 0n },
    });
    expect(history.programme?.fiscalYears[2023]?.committed).toBe(5n);
    expect(history.initiatives.get('i')?.commitments).toEqual([{ id: 'C-1', on: '2023-05-01', fiscalYear: 2023, left: 5n }]);
  });
});

describe('reversing a drawing', () => {
  const data = (amount: bigint) => ({ reversalId: 'R-9', transactionId: 'T-1', amount, reason: 'why' });
  const happened = [...withFunding(100n), committed(60n), drawn(60n)];

  it('gives back to its commitment, though it was fully drawn', () => {
    const context = { ...posting('spending'), commitment: { id: 'C-1', fiscalYear: 2024 } };
    given(happened)
      .when(reverse(10n))
      .then(expected('SpendingReversed', 5, data(10n), context, { by: justice }));
    const history = historyOf(happened);
    history.submit(reverse(10n), today);
    expect(history.initiatives.get('i')?.commitments).toEqual([{ id: 'C-1', on: '2024-03-01', fiscalYear: 2024, left: 10n }]);
    expect(history.initiatives.get('i')?.years[2024]).toEqual({ funded: 100n, spent: 50n, returned: 0n, committed: 10n });
  });
  it('gives nothing back to one that is released: the money is free', () => {
    given(happened, released(0n))
      .when(reverse(10n))
      .then(expected('SpendingReversed', 6, data(10n), posting('spending'), { by: justice }));
  });
  it('of a year that is closed, or after the end, returns the money instead', () => {
    const returned = (version: number, flags: object) =>
      expected(
        'FundsReturned',
        version,
        { fiscalYear: 2024, amount: 10n },
        { ...posting('spending'), ...flags, automatic: true },
        { by: finance, on: '2025-01-31' },
      );
    given(withFunding(60n), committed(60n), drawn(60n), closed(2024, { on: '2025-01-15' }))
      .when(reverse(10n, 'T-1', { by: finance }), '2025-01-31')
      .then(
        expected('SpendingReversed', 5, data(10n), { ...posting('spending'), priorYear: true }, { by: finance, on: '2025-01-31' }),
        returned(6, { priorYear: true }),
      );
    const history = historyOf(happened);
    history.submit(cancel(), today);
    expect(history.submit(reverse(10n, 'T-1', { by: finance }), today).map(({ context }) => context)).toEqual([
      { ...posting('cancelled'), afterEnd: true },
      { ...posting('cancelled'), afterEnd: true, automatic: true },
    ]);
  });
  it('comes free where its commitment would be open beside too many others', () => {
    const history = historyOf([...withFunding(300n), committed(60n), drawn(60n), ...many]);
    expect(history.submit(reverse(10n), today).map(({ type, context }) => [type, context])).toEqual([
      ['SpendingReversed', posting('spending')],
    ]);
    expect(history.initiatives.get('i')?.years[2024]).toMatchObject({ spent: 50n, committed: 200n });
    expect(history.initiatives.get('i')?.commitments).toHaveLength(200);
  });
});

describe('what is committed', () => {
  const happened = [...withFunding(100n), committed(60n)];

  it('is neither returned nor taken back', () => {
    given(happened)
      .when(giveBack(41n))
      .thenRefused(
        'return-exceeds-unspent',
        'only what is unspent is returned: 40 of 2024 is left beside 60 committed, and 41 was requested',
        { available: 40n, requested: 41n, committed: 60n },
      );
    given(happened)
      .when(adjust(-41n))
      .thenRefused(
        'funding-below-spending',
        'funding never falls below what was spent or returned: 40 of 2024 can be taken back beside 60 committed, and 41 was requested',
        { available: 40n, requested: 41n, committed: 60n },
      );
    expect(historyOf(happened).submit(giveBack(40n), today)).toHaveLength(1);
    expect(historyOf(happened).submit(adjust(-40n), today)).toHaveLength(1);
  });
  it('keeps an initiative from being finalised', () => {
    given(happened, committed(10n, { id: 'C-2' }), finalizationStarted())
      .when(finalize({ by: otherFinance }))
      .thenRefused(
        'open-commitments',
        'an initiative is finalised once no commitment is open: i has 2 with 70 left, and each is drawn or released first',
        { committed: 70n },
      );
  });
  it('keeps an annual year from closing', () => {
    given(happened)
      .when(close(2024), '2025-01-31')
      .thenRefused(
        'year-has-open-funds',
        'all money of an annual year is spent or returned before it closes: 100 of 2024 is left, 60 of it committed, initiatives that have some: 1',
        { available: 100n, committed: 60n },
      );
    given(withFunding(100n, multiYear), committed(60n))
      .when(close(2024, { on: '2025-01-31' }), '2025-01-31')
      .then(expected('FiscalYearClosed', 3, { fiscalYear: 2024 }, { fiscalYear: 2024 }, { by: finance, on: '2025-01-31' }));
  });
  it('is released at a cancellation, oldest first, before the money goes back', () => {
    const left = (version: number, id: string, amount: bigint) =>
      expected('CommitmentReleased', version, { commitmentId: id, amount }, { ...posting('spending'), automatic: true }, { by: finance });
    given(happened, committed(20n, { id: 'C-2', on: '2024-02-15' }), drawn(10n))
      .when(cancel())
      .then(
        left(6, 'C-2', 20n),
        left(7, 'C-1', 50n),
        expected('FundsReturned', 8, { fiscalYear: 2024, amount: 90n }, { ...posting('spending'), automatic: true }, { by: finance }),
        expected(
          'InitiativeCancelled',
          9,
          { reason: 'why', legalBasis: 'decree' },
          { authority: 'ministry-of-justice', statusBefore: 'spending', statusAfter: 'cancelled' },
          { by: finance },
        ),
      );
  });
});

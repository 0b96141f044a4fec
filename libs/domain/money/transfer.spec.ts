import { describe, expect, it } from '@jest/globals';
import {
  adjusted,
  cancelled,
  closed,
  committed,
  established,
  expected,
  finalizationStarted,
  finance,
  funded,
  given,
  granted,
  health,
  historyOf,
  justice,
  proposed,
  returned,
  spent,
  suspended,
  transfer,
  transferred,
  withFunding,
  type Happening,
} from '../testing/given.js';
import type { Posting } from './events.js';
import type { Status } from '../vocabulary.js';

const j = { initiative: 'j', authority: 'ministry-of-health', by: health } as const;
const data = (amount: bigint) => ({ transferId: 'X-9', fiscalYear: 2024, amount, legalBasis: 'decree' });
const posting = (authority: string, statusBefore: Status, statusAfter: Status = statusBefore): Posting => ({
  authority,
  statusBefore,
  statusAfter,
  fiscalYear: 2024,
});
const gives = (amount: bigint, version: number, status: Status) =>
  expected('FundingTransferred', version, { ...data(amount), to: 'j' }, posting('ministry-of-justice', status), { by: finance });
const takes = (amount: bigint, version: number, before: Status, after: Status = before) =>
  expected('FundingTransferred', version, { ...data(amount), from: 'i' }, posting('ministry-of-health', before, after), {
    by: finance,
    initiative: 'j',
  });
const two = (...more: Happening[]): Happening[] => [...withFunding(100n), proposed(j), ...more];
const exceeded = (available: bigint, requested: bigint) =>
  [
    'transfer-exceeds-unspent',
    `only what is unspent is transferred: ${available} of 2024 is left in i, and ${requested} was requested`,
    { available, requested },
  ] as const;

describe('a transfer', () => {
  it('leaves the giver and reaches the taker, each in its own history; a proposed taker becomes funded', () => {
    given(two())
      .when(transfer(40n))
      .then(gives(40n, 3, 'funded'), takes(40n, 2, 'proposed', 'funded'));
  });

  it.each(['funded', 'spending', 'finalizing'] as const)('leaves the status of a taker that is %s', (status) => {
    const happened = [granted(10n, 2023), funded(10n, { initiative: 'j', id: 'F-2', year: 2023 })];
    if (status !== 'funded') happened.push(spent(1n, { initiative: 'j', year: 2023, on: '2024-02-02' }));
    if (status === 'finalizing') happened.push(finalizationStarted({ initiative: 'j' }));
    given(two(...happened))
      .when(transfer(40n))
      .then(gives(40n, 3, 'funded'), takes(40n, { funded: 3, spending: 4, finalizing: 5 }[status], status));
  });

  it('takes only what the giver has not spent and not returned', () => {
    given(two(spent(30n), returned(20n)))
      .when(transfer(50n))
      .then(gives(50n, 5, 'spending'), takes(50n, 2, 'proposed', 'funded'));
    given(two(spent(30n), returned(20n)))
      .when(transfer(51n))
      .thenRefused(...exceeded(50n, 51n));
  });

  it('takes nothing that is committed', () => {
    given(two(committed(70n)))
      .when(transfer(30n))
      .then(gives(30n, 4, 'funded'), takes(30n, 2, 'proposed', 'funded'));
    given(two(committed(70n)))
      .when(transfer(31n))
      .thenRefused(
        'transfer-exceeds-unspent',
        'only what is unspent is transferred: 30 of 2024 is left in i beside 70 committed, and 31 was requested',
        { available: 30n, requested: 31n, committed: 70n },
      );
  });

  it('is not dated before the first funding of the giver', () => {
    given(two())
      .when(transfer(10n, { on: '2024-01-31' }))
      .thenRefused(
        'date-out-of-order',
        'the first funding of i is of 2024-02-01; nothing about it is dated before, and the command says 2024-01-31',
      );
  });

  it('takes no money of another year, annual or not', () => {
    for (const years of ['annual', 'multi-year'] as const)
      given(withFunding(100n, { years }), proposed(j), granted(50n, 2023), funded(50n, { year: 2023, id: 'F-2' }))
        .when(transfer(101n))
        .thenRefused(...exceeded(100n, 101n));
  });

  it('takes no multi-year money that was spent of any year', () => {
    given(withFunding(100n, { years: 'multi-year' }), proposed(j), spent(70n, { year: 2023, on: '2024-03-01' }))
      .when(transfer(31n))
      .thenRefused(...exceeded(30n, 31n));
  });

  it('needs no room in the appropriation, and changes no total of the programme', () => {
    const before = historyOf(two());
    const after = historyOf(two(...transferred(40n, { toStatus: 'funded' })));
    expect(after.programme).toEqual({
      ...before.programme,
      fiscalYears: { 2024: { ...before.programme?.fiscalYears[2024], initiativesWithOpenFunds: 2 } },
    });
    expect(after.initiatives.get('i')?.years).toEqual({ 2024: { ...before.initiatives.get('i')?.years[2024], funded: 60n } });
    expect(after.initiatives.get('j')).toMatchObject({ fundedOn: '2024-05-01', years: { 2024: { funded: 40n } } });
  });

  it('may go on, and back', () => {
    given(two(...transferred(100n, { toStatus: 'funded' })))
      .when(transfer(1n))
      .thenRefused(...exceeded(0n, 1n));
    given(two(...transferred(100n, { toStatus: 'funded' }), ...transferred(60n, { initiative: 'j', to: 'i', id: 'X-9' })))
      .when(transfer(60n))
      .then(gives(60n, 5, 'funded'), takes(60n, 4, 'funded'));
  });

  it('is not made out of a closed year', () => {
    const detail = 'the fiscal year 2023 of p is closed: no grants, funding or spending post to it';
    for (const years of ['annual', 'multi-year'] as const)
      given(established({ years }), granted(5n, 2023), granted(100n), proposed(), proposed(j), funded(100n), closed(2023))
        .when(transfer(5n, { year: 2023 }))
        .thenRefused('fiscal-year-closed', detail);
  });

  it('is made by finance alone', () => {
    given(two())
      .when(transfer(1n, { by: justice }))
      .thenRefused('forbidden', 'TransferFunding is for finance, not for ministry');
  });

  it('has another initiative that takes', () => {
    given(two())
      .when(transfer(1n, { to: 'i' }))
      .thenRefused('transfer-to-itself', 'i gives and takes; a transfer names another initiative that takes');
    given(withFunding(100n))
      .when(transfer(1n))
      .thenRefused('unknown-taker', 'p has no initiative j to take the money; a ministry proposes it first');
  });

  it('is not given by an initiative without money or after its end', () => {
    given(established(), proposed(), proposed(j))
      .when(transfer(1n))
      .thenRefused(
        'wrong-status',
        'TransferFunding is not possible while i is proposed; possible: AmendInitiative, FundInitiative, CancelInitiative, SuspendInitiative',
      );
    given(two(returned(100n), cancelled()))
      .when(transfer(1n))
      .thenRefused('wrong-status', 'TransferFunding is not possible while i is cancelled; possible: ReverseSpending by finance');
  });

  it('is not taken after the end, nor while suspended', () => {
    given(two({ ...cancelled(), initiative: 'j' }))
      .when(transfer(1n))
      .thenRefused('wrong-status', 'j is cancelled and takes no money; the taker of a transfer has not ended');
    given(two({ ...suspended(), initiative: 'j' }))
      .when(transfer(1n))
      .thenRefused('initiative-suspended', 'j is suspended; finance resumes it before money moves or it is finalised');
  });

  it('may be given while suspended, as a return may', () => {
    given(two(suspended()))
      .when(transfer(1n))
      .then(gives(1n, 4, 'funded'), takes(1n, 2, 'proposed', 'funded'));
  });

  it('is not made by who proposed the taker', () => {
    given(withFunding(100n), proposed({ ...j, by: { ...health, id: 'u-finance' } }))
      .when(transfer(1n))
      .thenRefused('separation-of-duties', 'who proposed j does not fund it');
  });

  it('is dated after both proposals', () => {
    given(withFunding(100n), proposed({ ...j, on: '2024-06-01' }))
      .when(transfer(1n, { on: '2024-05-31' }))
      .thenRefused(
        'date-out-of-order',
        'the proposal of j is of 2024-06-01; nothing about it is dated before, and the command says 2024-05-31',
      );
  });

  it('never carries the taker’s total beyond 18 digits', () => {
    const most = 999_999_999_999_999_999n;
    given(
      established({ ceiling: 'none', years: 'multi-year' }),
      proposed(),
      proposed(j),
      funded(most, { initiative: 'j' }),
      adjusted(-5n, { initiative: 'j', year: 2022 }),
      funded(5n),
    )
      .when(transfer(1n))
      .thenRefused('amount-too-large', 'no total has more than 18 digits; a change of 1 would make one that has', { requested: 1n });
  });

  it('happens once: the same again changes nothing, other content is refused', () => {
    const happened = two(...transferred(40n, { toStatus: 'funded', id: 'X-9' }));
    given(happened).when(transfer(40n)).thenNothingNew();
    given(happened)
      .when(transfer(41n))
      .thenRefused('transfer-exists', 'the transfer X-9 of 2024-05-01 is there already, with other content');
    given(happened, proposed({ initiative: 'k' }))
      .when(transfer(40n, { to: 'k' }))
      .thenRefused('transfer-exists', 'the transfer X-9 of 2024-05-01 is there already, with other content');
  });

  it('has an id of its giver: the taker may give another under the same', () => {
    given(two(...transferred(40n, { toStatus: 'funded', id: 'X-9' })))
      .when(transfer(10n, { initiative: 'j', to: 'i' }))
      .then(
        expected('FundingTransferred', 3, { ...data(10n), to: 'i' }, posting('ministry-of-health', 'funded'), {
          by: finance,
          initiative: 'j',
        }),
        expected('FundingTransferred', 4, { ...data(10n), from: 'j' }, posting('ministry-of-justice', 'funded'), { by: finance }),
      );
  });

  it('names the version of the giver that its sender saw', () => {
    given(two())
      .when(transfer(1n, { expectedVersion: 2 }))
      .then(gives(1n, 3, 'funded'), takes(1n, 2, 'proposed', 'funded'));
    given(two())
      .when(transfer(1n, { expectedVersion: 1 }))
      .thenRefused('version-mismatch', 'the command was made for version 1, and it is version 2 now');
  });
});

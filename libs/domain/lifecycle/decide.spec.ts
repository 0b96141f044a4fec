import { describe, it } from '@jest/globals';
import {
  admin,
  adjusted,
  amend,
  amended,
  cancel,
  cancelled,
  established,
  expected,
  finalizationStarted,
  finalize,
  finalized,
  finance,
  funded,
  given,
  health,
  importForFinance,
  importForJustice,
  justice,
  otherFinance,
  propose,
  programmeAmended,
  proposed,
  resume,
  resumed,
  returned,
  spent,
  startFinalizing,
  suspend,
  suspended,
  withFunding,
  type Happening,
} from '../testing/given.js';
import type { Standing } from './events.js';
import type { Status } from '../vocabulary.js';

const standing = (statusBefore: Status, statusAfter: Status = statusBefore): Standing => ({
  authority: 'ministry-of-justice',
  statusBefore,
  statusAfter,
});
const why = { reason: 'why' };

/** The ways to each status with no money left. */
const inStatus: Readonly<Record<Status, readonly Happening[]>> = {
  proposed: [established(), proposed()],
  funded: [...withFunding(100n), returned(100n)],
  spending: [...withFunding(100n), spent(100n)],
  finalizing: [...withFunding(100n), spent(100n), finalizationStarted()],
  finalized: [...withFunding(100n), spent(100n), finalizationStarted(), finalized(100n)],
  cancelled: [...withFunding(100n), returned(100n), cancelled()],
};

describe('proposing an initiative', () => {
  const data = { title: { en: 'E-notary' }, authority: 'ministry-of-justice' };
  const context: Standing = { authority: 'ministry-of-justice', statusBefore: null, statusAfter: 'proposed' };

  it('begins its history, with whatever is known of it', () => {
    given(established())
      .when(propose())
      .then(expected('InitiativeProposed', 1, data, context, { by: justice }));
    const said = { authorityName: 'Justice', requestedAmount: 5n, plannedStart: '2024-01-01', plannedEnd: '2024-01-01', region: 'KG-C' };
    given(established())
      .when(propose(said, { on: '2024-01-09' }))
      .then(expected('InitiativeProposed', 1, { ...data, ...said }, context, { by: justice, on: '2024-01-09' }));
  });
  it('is not dated before the programme was established, unless that was amended to an earlier day', () => {
    given(established())
      .when(propose({}, { on: '2022-12-31' }))
      .thenRefused(
        'date-out-of-order',
        'the establishment of p is of 2023-01-01; nothing about it is dated before, and the command says 2022-12-31; an admin may amend the programme to an earlier one',
      );
    given(established(), programmeAmended({ establishedOn: '2012-01-01' }))
      .when(propose({}, { on: '2012-01-01' }))
      .then(expected('InitiativeProposed', 1, data, context, { by: justice, on: '2012-01-01' }));
  });
  it('takes a code that is unique in the programme', () => {
    given(established(), proposed()).when(propose()).thenRefused('initiative-exists', 'p has an initiative i already; a code is used once');
  });
  it('is for the authority itself', () => {
    given(established())
      .when(propose({ authority: 'ministry-of-health' }))
      .thenRefused('forbidden', 'ministry-of-justice proposes initiatives of its own, not of ministry-of-health');
  });
  it('plans an end that is not before the start', () => {
    given(established())
      .when(propose({ plannedStart: '2024-05-02', plannedEnd: '2024-05-01' }))
      .thenRefused('period-out-of-order', 'the planned end 2024-05-01 is before the planned start 2024-05-02');
  });
  it('expects no version, or that there is none yet', () => {
    given(established())
      .when(propose({}, { expectedVersion: 1 }))
      .thenRefused('version-mismatch', 'the command was made for version 1, and it is version 0 now');
    given(established())
      .when(propose({}, { expectedVersion: 0 }))
      .then(expected('InitiativeProposed', 1, data, context, { by: justice }));
  });
  it('is not dated after today', () => {
    given(established())
      .when(propose({}, { on: '2024-06-16' }))
      .thenRefused('date-out-of-order', 'nothing is dated after today, 2024-06-15; the command says 2024-06-16');
  });
});

describe('amending an initiative', () => {
  it('is done by its ministry for title, period and region', () => {
    const changes = { title: { en: 'New' }, plannedStart: '2024-01-01', plannedEnd: '2024-12-31', region: 'KG-O' };
    given(established(), proposed())
      .when(amend(changes))
      .then(expected('InitiativeAmended', 2, { ...why, ...changes }, standing('proposed'), { by: justice }));
  });
  it('merges the title by language, and null removes one; the event has it in all its languages', () => {
    const inThree = { en: 'E-notary', ru: 'Нотариат', ky: 'Нотариус' };
    given(established(), proposed({ title: inThree }))
      .when(amend({ title: { ky: 'Электрондук нотариус', ru: null } }))
      .then(
        expected('InitiativeAmended', 2, { ...why, title: { en: 'E-notary', ky: 'Электрондук нотариус' } }, standing('proposed'), {
          by: justice,
        }),
      );
    given(established(), proposed({ title: inThree }))
      .when(amend({ title: { en: 'E-notary', de: null } }))
      .thenRefused('nothing-to-amend', 'i is as the command says already; an amendment names what changes');
    given(established(), proposed())
      .when(amend({ title: { en: null } }))
      .thenRefused('title-languages', 'a title stays in one language at least; the command removes the last');
  });
  it.each([
    ['authority', { authority: 'ministry-of-health' }],
    ['authorityName', { authorityName: 'Justice' }],
    ['requestedAmount', { requestedAmount: 7n }],
  ])('leaves %s to finance', (name, changes) => {
    given(established(), proposed())
      .when(amend(changes))
      .thenRefused('forbidden', `finance amends ${name}; a ministry the title, the planned period, the region and the sector`);
  });
  it('lets a ministry repeat what is as it was beside what it changes', () => {
    const changes = { title: { en: 'New' }, authority: 'ministry-of-justice', requestedAmount: 7n };
    given(established(), proposed({ requestedAmount: 7n }))
      .when(amend(changes))
      .then(expected('InitiativeAmended', 2, { ...why, ...changes }, standing('proposed'), { by: justice }));
  });
  it('is done by finance for anything', () => {
    const changes = { title: { en: 'New' }, requestedAmount: 7n, authorityName: 'Justice', region: 'KG-O' };
    given(established(), proposed())
      .when(amend(changes, { by: finance }))
      .then(expected('InitiativeAmended', 2, { ...why, ...changes }, standing('proposed'), { by: finance }));
  });
  it('takes the sums along when the initiative changes hands', () => {
    const moved = { from: 'ministry-of-justice', sums: { 2024: { funded: 100n, spent: 30n, returned: 0n } } };
    given(withFunding(100n), spent(30n))
      .when(amend({ authority: 'ministry-of-health' }, { by: finance }))
      .then(
        expected(
          'InitiativeAmended',
          4,
          { ...why, authority: 'ministry-of-health' },
          { ...standing('spending'), authority: 'ministry-of-health', moved },
          { by: finance },
        ),
      );
  });
  it('hands the initiative over for good', () => {
    const happened = [established(), proposed(), amended({ authority: 'ministry-of-health' })];
    given(happened)
      .when(suspend())
      .then(expected('InitiativeSuspended', 3, why, { ...standing('proposed'), authority: 'ministry-of-health' }, { by: finance }));
    given(happened)
      .when(amend({ region: 'KG-O' }))
      .thenRefused('forbidden', 'i is run by ministry-of-health, not by ministry-of-justice');
    given(happened)
      .when(amend({ region: 'KG-O' }, { by: health }))
      .then(
        expected(
          'InitiativeAmended',
          3,
          { ...why, region: 'KG-O' },
          { ...standing('proposed'), authority: 'ministry-of-health' },
          { by: health },
        ),
      );
  });
  it('names what changes', () => {
    const detail = 'i is as the command says already; an amendment names what changes';
    given(established(), proposed()).when(amend({})).thenRefused('nothing-to-amend', detail);
    given(established(), proposed({ region: 'KG-O', requestedAmount: 7n }))
      .when(amend({ title: { en: 'E-notary' }, region: 'KG-O', requestedAmount: 7n }, { by: finance }))
      .thenRefused('nothing-to-amend', detail);
  });
  it('changes nothing only in an import, whose reason keeps what the ledger has no field for', () => {
    const kept = expected('InitiativeAmended', 2, why, standing('proposed'), { by: importForJustice });
    given(established(), proposed())
      .when(amend({}, { by: importForJustice }))
      .then(kept);
    const otherAdmin = { ...admin, onBehalfOf: { organisation: 'ministry-of-justice', role: 'ministry' } } as const;
    given(established(), proposed())
      .when(amend({}, { by: otherAdmin }))
      .thenRefused('nothing-to-amend', 'i is as the command says already; an amendment names what changes');
  });
  it('plans an end that is not before the start, whichever of the two it changes', () => {
    const happened = [established(), proposed({ plannedStart: '2024-03-01', plannedEnd: '2024-05-01' })];
    given(happened)
      .when(amend({ plannedEnd: '2024-02-01' }))
      .thenRefused('period-out-of-order', 'the planned end 2024-02-01 is before the planned start 2024-03-01');
    given(happened, amended({ plannedEnd: '2024-04-01' }))
      .when(amend({ plannedStart: '2024-05-01' }))
      .thenRefused('period-out-of-order', 'the planned end 2024-04-01 is before the planned start 2024-05-01');
  });
  it.each(['proposed', 'funded', 'spending', 'finalizing'] as const)('is possible while %s, suspended or not', (status) => {
    given(inStatus[status], suspended())
      .when(amend({ region: 'KG-O' }))
      .then(
        expected(
          'InitiativeAmended',
          { proposed: 3, funded: 5, spending: 5, finalizing: 6 }[status],
          { ...why, region: 'KG-O' },
          standing(status),
          { by: justice },
        ),
      );
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(inStatus[status])
      .when(amend({ region: 'KG-O' }))
      .thenRefused('wrong-status', `AmendInitiative is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
});

describe('starting to finalise', () => {
  it.each([
    ['funded', 4],
    ['spending', 4],
  ] as const)('is possible while %s', (status, version) => {
    given(inStatus[status])
      .when(startFinalizing())
      .then(expected('FinalizationStarted', version, {}, standing(status, 'finalizing'), { by: justice }));
  });
  it('leaves money for the last invoice', () => {
    given(withFunding(100n))
      .when(startFinalizing())
      .then(expected('FinalizationStarted', 3, {}, standing('funded', 'finalizing'), { by: justice }));
  });
  it.each([
    ['proposed', 'AmendInitiative, FundInitiative, CancelInitiative, SuspendInitiative'],
    [
      'finalizing',
      'AmendInitiative, FundInitiative, AdjustFunding, RecordSpending, ReverseSpending, ReturnFunds, ChangeCommitment, ReleaseCommitment, TransferFunding, CarryOver, FinalizeInitiative, CancelInitiative, SuspendInitiative',
    ],
    ['finalized', 'ReverseSpending by finance'],
    ['cancelled', 'ReverseSpending by finance'],
  ] as const)('is not possible while %s', (status, possible) => {
    given(inStatus[status])
      .when(startFinalizing())
      .thenRefused('wrong-status', `StartFinalizing is not possible while i is ${status}; possible: ${possible}`);
  });
  it('waits while suspended', () => {
    given(withFunding(100n), suspended())
      .when(startFinalizing())
      .thenRefused('initiative-suspended', 'i is suspended; finance resumes it before money moves or it is finalised');
  });
});

describe('finalising', () => {
  it('gives the final value: what was spent, net, over all years', () => {
    given(withFunding(100n), funded(20n, { year: 2023, id: 'F-2' }), spent(90n), spent(20n, { year: 2023, id: 'T-2', on: '2023-05-01' }))
      .when(startFinalizing())
      .then(expected('FinalizationStarted', 6, {}, standing('spending', 'finalizing'), { by: justice }));
    given(withFunding(100n), funded(20n, { year: 2023, id: 'F-2' }), spent(90n), spent(20n, { year: 2023, id: 'T-2' }), returned(10n))
      .when(startFinalizing())
      .then(expected('FinalizationStarted', 7, {}, standing('spending', 'finalizing'), { by: justice }));
    given(
      withFunding(100n),
      funded(20n, { year: 2023, id: 'F-2' }),
      spent(90n),
      spent(20n, { year: 2023, id: 'T-2' }),
      returned(10n),
      finalizationStarted(),
    )
      .when(finalize())
      .then(expected('InitiativeFinalized', 8, { finalValue: 110n }, standing('finalizing', 'finalized'), { by: finance }));
  });
  it('is refused while anything is unspent', () => {
    given(withFunding(100n), spent(60n), finalizationStarted())
      .when(finalize())
      .thenRefused('unspent-funds', 'an initiative is finalised once nothing is left unspent: 40 of i is to be returned', {
        available: 40n,
      });
  });
  it('is not for who started finalising', () => {
    const detail = 'who started finalising i does not sign it off';
    given(withFunding(100n), spent(100n), finalizationStarted({ by: { ...justice, id: 'u-both' } }))
      .when(finalize({ by: { ...finance, id: 'u-both' } }))
      .thenRefused('separation-of-duties', detail);
    given(withFunding(100n), spent(100n), finalizationStarted({ by: finance }))
      .when(finalize({ by: importForFinance }))
      .thenRefused('separation-of-duties', detail);
  });
  it('in an import compares whom the admin acts for', () => {
    given(withFunding(100n), spent(100n), finalizationStarted({ by: importForJustice }))
      .when(finalize({ by: importForFinance }))
      .then(expected('InitiativeFinalized', 5, { finalValue: 100n }, standing('finalizing', 'finalized'), { by: importForFinance }));
  });
  it('waits while suspended', () => {
    given(inStatus.finalizing, suspended())
      .when(finalize())
      .thenRefused('initiative-suspended', 'i is suspended; finance resumes it before money moves or it is finalised');
  });
  it('follows finalising', () => {
    given(inStatus.spending)
      .when(finalize())
      .thenRefused(
        'wrong-status',
        'FinalizeInitiative is not possible while i is spending; possible: AmendInitiative, FundInitiative, AdjustFunding, RecordSpending, ReverseSpending, ReturnFunds, MakeCommitment, ChangeCommitment, ReleaseCommitment, TransferFunding, CarryOver, StartFinalizing, CancelInitiative, SuspendInitiative',
      );
  });
});

describe('cancelling', () => {
  const data = { reason: 'why', legalBasis: 'decree' };
  const automatic = (fiscalYear: number, status: Status) => ({ ...standing(status), fiscalYear, automatic: true as const });

  it.each(['proposed', 'funded', 'spending', 'finalizing'] as const)('ends what is %s', (status) => {
    given(inStatus[status])
      .when(cancel())
      .then(
        expected(
          'InitiativeCancelled',
          { proposed: 2, funded: 4, spending: 4, finalizing: 5 }[status],
          data,
          standing(status, 'cancelled'),
          {
            by: finance,
          },
        ),
      );
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(inStatus[status])
      .when(cancel())
      .thenRefused('wrong-status', `CancelInitiative is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
  it('returns what is unspent first, the newest year first', () => {
    given(withFunding(100n), funded(50n, { year: 2023, id: 'F-2' }), spent(20n), spent(10n, { year: 2023, id: 'T-2' }))
      .when(cancel({ on: '2024-06-01' }))
      .then(
        expected('FundsReturned', 6, { fiscalYear: 2024, amount: 80n }, automatic(2024, 'spending'), { by: finance, on: '2024-06-01' }),
        expected('FundsReturned', 7, { fiscalYear: 2023, amount: 40n }, automatic(2023, 'spending'), { by: finance, on: '2024-06-01' }),
        expected('InitiativeCancelled', 8, data, standing('spending', 'cancelled'), { by: finance, on: '2024-06-01' }),
      );
  });
  it('returns annual money to its own year', () => {
    given(withFunding(100n), funded(50n, { year: 2023, id: 'F-2' }), spent(100n))
      .when(cancel())
      .then(
        expected('FundsReturned', 5, { fiscalYear: 2023, amount: 50n }, automatic(2023, 'spending'), { by: finance }),
        expected('InitiativeCancelled', 6, data, standing('spending', 'cancelled'), { by: finance }),
      );
  });
  it('returns multi-year money to the newest years that have funding, each at most its own', () => {
    const happened = [
      ...withFunding(100n, { years: 'multi-year' as const }),
      funded(50n, { year: 2023, id: 'F-2' }),
      funded(60n, { year: 2022, id: 'F-3' }),
      adjusted(-30n, { year: 2021 }),
      returned(80n),
      spent(50n, { id: 'T-2' }),
    ];
    given(happened)
      .when(cancel())
      .then(
        expected('FundsReturned', 8, { fiscalYear: 2024, amount: 20n }, automatic(2024, 'spending'), { by: finance }),
        expected('FundsReturned', 9, { fiscalYear: 2023, amount: 30n }, automatic(2023, 'spending'), { by: finance }),
        expected('InitiativeCancelled', 10, data, standing('spending', 'cancelled'), { by: finance }),
      );
  });
  it('ends a suspension', () => {
    given(inStatus.proposed, suspended())
      .when(cancel())
      .then(expected('InitiativeCancelled', 3, data, standing('proposed', 'cancelled'), { by: finance }));
    given(inStatus.proposed, suspended(), cancelled())
      .when(resume())
      .thenRefused('wrong-status', 'ResumeInitiative is not possible while i is cancelled; possible: ReverseSpending by finance');
  });
});

describe('suspending and resuming', () => {
  it.each(['proposed', 'funded', 'spending', 'finalizing'] as const)('is possible while %s', (status) => {
    const version = { proposed: 2, funded: 4, spending: 4, finalizing: 5 }[status];
    given(inStatus[status])
      .when(suspend())
      .then(expected('InitiativeSuspended', version, why, standing(status), { by: finance }));
    given(inStatus[status], suspended())
      .when(resume({ by: otherFinance }))
      .then(expected('InitiativeResumed', version + 1, why, standing(status), { by: otherFinance }));
    given(inStatus[status], suspended(), resumed())
      .when(suspend())
      .then(expected('InitiativeSuspended', version + 2, why, standing(status), { by: finance }));
  });
  it('is refused where it changes nothing', () => {
    given(withFunding(100n), suspended())
      .when(suspend())
      .thenRefused(
        'wrong-status',
        'SuspendInitiative is not possible while i is funded and suspended; possible: AmendInitiative, AdjustFunding, ReverseSpending, ReturnFunds, ChangeCommitment, ReleaseCommitment, TransferFunding, CarryOver, CancelInitiative, ResumeInitiative',
      );
    given(withFunding(100n))
      .when(resume())
      .thenRefused(
        'wrong-status',
        'ResumeInitiative is not possible while i is funded; possible: AmendInitiative, FundInitiative, AdjustFunding, RecordSpending, ReverseSpending, ReturnFunds, MakeCommitment, ChangeCommitment, ReleaseCommitment, TransferFunding, CarryOver, StartFinalizing, CancelInitiative, SuspendInitiative',
      );
  });
  it.each(['finalized', 'cancelled'] as const)('is not possible once %s', (status) => {
    given(inStatus[status])
      .when(suspend())
      .thenRefused('wrong-status', `SuspendInitiative is not possible while i is ${status}; possible: ReverseSpending by finance`);
  });
});

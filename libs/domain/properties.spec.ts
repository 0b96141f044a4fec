import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { totalOf } from './money/available.js';
import { brokenInvariants } from './invariants.js';
import { commitmentChangeKinds } from './commitments/commands.js';
import type { Command, CommandData, CommandType } from './commands.js';
import { capabilities, programmeCommandTypes, refusalsOf } from './capabilities.js';
import { milestoneKinds, milestoneStatuses, ratings } from './delivery/commands.js';
import type { DomainEvent } from './events.js';
import { Refusal } from './refusal.js';
import { ruleFor, type ApprovableCommand, type ApprovalRule } from './requests/approvals.js';
import { partyOf, sameHand } from './separation-of-duties.js';
import type { Programme } from './state.js';
import type { Sums } from './vocabulary.js';
import { actor, admin, auditor, finance, health, importForFinance, importForJustice, justice, otherFinance } from './testing/given.js';
import { History } from './testing/history.js';

const runs = { numRuns: 150 };
const today = '2025-01-31';
const initiatives = ['a', 'b', 'c'];
const years = [2023, 2024];

const senders = [admin, finance, otherFinance, justice, health, auditor, importForFinance, importForJustice];
/** Mostly a sender whose role may send it, so that histories grow. Some are imports, which may leave out what a movement refers to. */
const senderOf = (type: CommandType) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...senders.filter((actor) => capabilities[type].by.includes(partyOf(actor).role))) },
    { weight: 1, arbitrary: fc.constantFrom(...senders) },
  );
const amount = fc.bigInt({ min: 1n, max: 60n });
const smallAmount = fc.bigInt({ min: 1n, max: 20n });
const change = fc.bigInt({ min: -40n, max: 40n }).filter((value) => value !== 0n);
const year = fc.constantFrom(...years);
const id = fc.constantFrom('1', '2', '3', '4', '5', '6');
const requestId = fc.integer({ min: 4, max: 12 }).map((version) => `R-${version}`);
const reason = 'why';
const changeOfCommitment = { commitmentId: id, changeId: id, reason: fc.constant(reason) };
const legalBasis = 'law';
const title = { en: 'T' };
const day = fc.constantFrom('2024-03-31', '2024-06-30', '2025-01-01');
const decimal = fc.constantFrom('0', '1.5', '-20');
const authority = fc.constantFrom(justice.organisation, health.organisation);

const dataOf: { [T in Exclude<CommandType, 'EstablishProgramme'>]: fc.Arbitrary<CommandData[T]> } = {
  GrantAppropriation: fc.record({ fiscalYear: year, amount: fc.bigInt({ min: 20n, max: 200n }), legalBasis: fc.constant(legalBasis) }),
  AdjustAppropriation: fc.record({ fiscalYear: year, adjustmentId: id, change, legalBasis: fc.constant(legalBasis) }),
  CloseFiscalYear: fc.record({ fiscalYear: year }),
  ReopenFiscalYear: fc.record({ fiscalYear: year, reason: fc.constant(reason), legalBasis: fc.constant(legalBasis) }),
  ApproveRequest: fc.record({ requestId }),
  ReturnRequest: fc.record({ requestId, reason: fc.constant(reason) }),
  WithdrawRequest: fc.record({ requestId }),
  AmendProgramme: fc.record({ establishedOn: fc.constantFrom('2022-11-01', '2022-12-01'), reason: fc.constant(reason) }),
  OrderStatement: fc.constant({}),
  PublishStatement: fc.record({
    position: fc.integer({ min: 1, max: 40 }),
    size: fc.constant(3),
    root: fc.constant('0'.repeat(64)),
    definition: fc.constant('sums-1' as const),
  }),
  ProposeInitiative: fc.record({ title: fc.constant(title), authority, requestedAmount: amount }),
  AmendInitiative: fc.oneof(
    fc.record({ reason: fc.constant(reason), authority }),
    fc.record({ reason: fc.constant(reason), requestedAmount: amount }),
  ),
  FundInitiative: fc.record({ fundingId: id, fiscalYear: year, amount }),
  AdjustFunding: fc.oneof(
    fc.record({ adjustmentId: id, fundingId: id, change, reason: fc.constant(reason) }),
    fc.record({ adjustmentId: id, change, reason: fc.constant(reason) }),
  ),
  RecordSpending: fc.oneof(
    fc.record({ transactionId: id, amount }),
    fc.record({ transactionId: id, amount: smallAmount, commitmentId: id }),
  ),
  MakeCommitment: fc.record({ commitmentId: id, supplier: fc.constant('S'), amount: smallAmount }),
  ChangeCommitment: fc.oneof(
    fc.record({ ...changeOfCommitment, kind: fc.constant('value' as const), change }),
    fc.record({ ...changeOfCommitment, kind: fc.constantFrom(...commitmentChangeKinds) }),
  ),
  ReleaseCommitment: fc.record({ commitmentId: id, reason: fc.constant(reason) }),
  ReverseSpending: fc.oneof(
    fc.record({ reversalId: id, transactionId: id, amount, reason: fc.constant(reason) }),
    fc.record({ reversalId: id, amount, reason: fc.constant(reason) }),
  ),
  ReturnFunds: fc.record({ returnId: id, fiscalYear: year, amount }),
  TransferFunding: fc.record({
    transferId: id,
    to: fc.constantFrom(...initiatives),
    fiscalYear: year,
    amount,
    legalBasis: fc.constant(legalBasis),
  }),
  CarryOver: fc.record({ carryOverId: id, fiscalYear: year, amount, legalBasis: fc.constant(legalBasis) }),
  StartFinalizing: fc.constant({}),
  FinalizeInitiative: fc.constant({}),
  CancelInitiative: fc.constant({ reason, legalBasis }),
  SuspendInitiative: fc.constant({ reason }),
  ResumeInitiative: fc.constant({ reason }),
  PlanMilestone: fc.record({ milestoneId: id, title: fc.constant(title), dueOn: day, kind: fc.constantFrom(...milestoneKinds) }),
  ReforecastMilestone: fc.record({ milestoneId: id, dueOn: day, reason: fc.constant(reason) }),
  ReportMilestone: fc.record({ milestoneId: id, status: fc.constantFrom(...milestoneStatuses) }),
  ReportProgress: fc.record({ percent: fc.nat(100), note: fc.constant(reason) }),
  AssessConfidence: fc.record({
    assessmentId: id,
    rating: fc.constantFrom(...ratings),
    narrative: fc.constant(reason),
    validUntil: fc.constant('2025-06-30'),
  }),
  DefineIndicator: fc.record({
    indicatorId: id,
    title: fc.constant(title),
    unit: fc.constant('people'),
    baseline: decimal,
    targets: fc.constant([{ period: '2024', value: '5' }]),
  }),
  ReportResult: fc.record({ resultId: id, indicatorId: id, periodEnd: fc.constantFrom('2023-12-31', '2024-06-30'), value: decimal }),
  CorrectResult: fc.record({ resultId: id, value: decimal, reason: fc.constant(reason) }),
};
const isToProgramme = (type: CommandType) => programmeCommandTypes.some((one) => one === type);

function commandOf(type: keyof typeof dataOf): fc.Arbitrary<Command> {
  return fc
    .record({
      data: dataOf[type] as fc.Arbitrary<object>,
      actor: senderOf(type),
      initiative: fc.constantFrom(...initiatives),
      // Funding is early, so that spending is possible on most other days.
      occurredOn:
        type === 'FundInitiative'
          ? fc.constantFrom('2023-01-02', '2023-03-01')
          : fc.constantFrom('2023-03-01', '2023-11-01', '2024-03-01', '2024-11-01', '2024-12-31', undefined),
    })
    .map(({ data, actor: by, initiative, occurredOn }) => {
      const command = {
        type,
        programme: 'p',
        commandId: 'c',
        actor: by,
        data,
        ...(occurredOn !== undefined && { occurredOn }),
        ...(!isToProgramme(type) && { initiative }),
      };
      return command as unknown as Command;
    });
}
const often: (keyof typeof dataOf)[] = [
  'FundInitiative',
  'FundInitiative',
  'RecordSpending',
  'RecordSpending',
  'RecordSpending',
  'AdjustFunding',
  'ReverseSpending',
  'ReturnFunds',
  'MakeCommitment',
  'MakeCommitment',
  'TransferFunding',
  'TransferFunding',
  'CarryOver',
  'ApproveRequest',
  'ApproveRequest',
];
const toInitiative = (initiative: string, parts: readonly object[]) =>
  parts.map((part) => ({ initiative, ...part, programme: 'p', commandId: 'c' }) as unknown as Command);
/** An initiative spends its money to the last unit and the right persons sign it off, which random commands hardly ever do. */
const completed = (given: { initiative: string; amount: bigint; id: string }) =>
  toInitiative(
    given.initiative,
    [
      { type: 'FundInitiative', actor: finance, data: { fundingId: `all-${given.id}`, fiscalYear: 2024, amount: given.amount } },
      { type: 'RecordSpending', actor: justice, data: { transactionId: `all-${given.id}`, amount: given.amount } },
      { type: 'StartFinalizing', actor: justice, data: {} },
      { type: 'FinalizeInitiative', actor: otherFinance, data: {} },
    ].map((part) => ({ ...part, occurredOn: '2024-12-31' })),
  );
const completion: fc.Arbitrary<Command[]> = fc.record({ initiative: fc.constantFrom(...initiatives), amount, id }).map(completed);
/** Commands of an import: money of one year, taken back in that year or a later one without a reference to what is taken back. */
const takenBack = (given: { initiative: string; amount: bigint; id: string; later: string }) => {
  const [occurredOn, one] = [given.later, `i-${given.id}`];
  return toInitiative(given.initiative, [
    {
      type: 'FundInitiative',
      actor: importForFinance,
      occurredOn: '2023-01-02',
      data: { fundingId: one, fiscalYear: 2023, amount: given.amount },
    },
    { type: 'RecordSpending', actor: importForJustice, occurredOn: '2023-03-01', data: { transactionId: one, amount: given.amount } },
    { type: 'ReverseSpending', actor: importForJustice, occurredOn, data: { reversalId: one, amount: given.amount, reason } },
    { type: 'AdjustFunding', actor: importForFinance, occurredOn, data: { adjustmentId: one, change: -given.amount, reason } },
  ]);
};
const imported: fc.Arbitrary<Command[]> = fc
  .record({ initiative: fc.constantFrom('a', 'b'), amount, id, later: fc.constantFrom('2023-11-01', '2024-03-01') })
  .map(takenBack);
/** A contract is made, drawn, and one drawing reversed, which random commands hardly ever do in this order. */
const contracted = (given: { initiative: string; amount: bigint; id: string; then: 'reverse' | 'release' | 'end' }) => {
  const [commitmentId, transactionId, of] = [`k-${given.id}`, `k-${given.id}`, given.amount];
  const reverse = { type: 'ReverseSpending', actor: justice, data: { reversalId: `k-${given.id}`, transactionId, amount: 1n, reason } };
  const release = { type: 'ReleaseCommitment', actor: finance, data: { commitmentId, reason } };
  const end = { type: 'CancelInitiative', actor: finance, data: { reason, legalBasis } };
  return toInitiative(
    given.initiative,
    [
      { type: 'FundInitiative', actor: finance, data: { fundingId: `k-${given.id}`, fiscalYear: 2024, amount: of + 1n } },
      { type: 'MakeCommitment', actor: justice, data: { commitmentId, supplier: 'S', amount: of } },
      { type: 'ChangeCommitment', actor: justice, data: { commitmentId, changeId: commitmentId, kind: 'value', change: 1n, reason } },
      { type: 'RecordSpending', actor: justice, data: { transactionId, amount: of, commitmentId } },
      ...{ reverse: [reverse], release: [release, reverse], end: [reverse, end] }[given.then],
    ].map((part) => ({ ...part, occurredOn: '2024-11-01' })),
  );
};
const contract: fc.Arbitrary<Command[]> = fc
  .record({ initiative: fc.constantFrom('a', 'b'), amount: smallAmount, id, then: fc.constantFrom('reverse', 'release', 'end') })
  .map(contracted);
/** Money goes to another initiative, and in an annual programme into the next year. */
const moved = toInitiative(
  'b',
  [
    { type: 'FundInitiative', actor: finance, data: { fundingId: 'm-1', fiscalYear: 2023, amount: 9n } },
    { type: 'TransferFunding', actor: finance, data: { transferId: 'm-1', to: 'a', fiscalYear: 2023, amount: 1n, legalBasis } },
    { type: 'CarryOver', actor: finance, data: { carryOverId: 'm-1', fiscalYear: 2023, amount: 1n, legalBasis } },
    { type: 'ReturnFunds', initiative: 'a', actor: finance, data: { returnId: 'm-1', fiscalYear: 2023, amount: 1n } },
  ].map((part) => ({ ...part, occurredOn: '2023-11-01' })),
);
const command = fc.constantFrom(...(Object.keys(dataOf) as (keyof typeof dataOf)[]), ...often).chain(commandOf);
const commands = fc
  .array(
    fc.oneof(
      { arbitrary: command.map((one) => [one]), weight: 12 },
      { arbitrary: completion, weight: 1 },
      { arbitrary: imported, weight: 1 },
      { arbitrary: contract, weight: 2 },
    ),
    {
      minLength: 1,
      maxLength: 60,
      size: 'max',
    },
  )
  .map((parts) => parts.flat());
const programme = fc.record({
  ceiling: fc.constantFrom('enforced' as const, 'none' as const),
  years: fc.constantFrom('annual' as const, 'multi-year' as const),
  approvals: fc.constantFrom<ApprovalRule[]>(
    [],
    [],
    [
      { command: 'FundInitiative', above: 30n, role: 'finance' },
      { command: 'RecordSpending', above: 40n, role: 'ministry' },
      { command: 'ReturnFunds', role: 'finance' },
    ],
  ),
});
type Rules = { ceiling: 'enforced' | 'none'; years: 'annual' | 'multi-year'; approvals?: readonly ApprovalRule[] };

/** Sequences that always meet the assertions on coverage; random ones meet them nearly always. */
const examples = (['annual', 'multi-year'] as const).map(
  (rule): [{ ceiling: 'none'; years: typeof rule; approvals: ApprovalRule[] }, Command[]] => [
    { ceiling: 'none', years: rule, approvals: [{ command: 'FundInitiative', above: 30n, role: 'finance' }] },
    [
      ...moved,
      ...takenBack({ initiative: 'a', amount: 10n, id: '1', later: '2023-11-01' }),
      ...completed({ initiative: 'a', amount: 10n, id: '1' }),
      ...toInitiative('b', [{ type: 'FundInitiative', actor: finance, data: { fundingId: 'held', fiscalYear: 2024, amount: 31n } }]),
      { type: 'ApproveRequest', programme: 'p', commandId: 'c', actor: otherFinance, data: { requestId: 'R-4' } },
      ...contracted({ initiative: 'b', amount: 3n, id: '1', then: 'reverse' }),
      ...contracted({ initiative: 'b', amount: 3n, id: '2', then: 'release' }),
      ...toInitiative('b', [{ type: 'CancelInitiative', actor: finance, occurredOn: '2024-12-31', data: { reason, legalBasis } }]),
    ],
  ],
);

/** A programme with two appropriations and three proposed initiatives. */
function begin(rules: Rules): History {
  const history = new History();
  const submit = (one: object) => history.submit({ programme: 'p', commandId: 'c', ...one } as unknown as Command, today);
  submit({
    type: 'EstablishProgramme',
    actor: admin,
    occurredOn: '2022-12-01',
    data: { title, currency: 'KGS', timeZone: 'UTC', ...rules },
  });
  for (const fiscalYear of years)
    submit({ type: 'GrantAppropriation', actor: finance, occurredOn: '2022-12-02', data: { fiscalYear, amount: 100n, legalBasis } });
  for (const initiative of ['a', 'b'])
    submit({
      type: 'ProposeInitiative',
      initiative,
      actor: justice,
      occurredOn: '2023-01-01',
      data: { title, authority: justice.organisation },
    });
  return history;
}

/** Submits every command. A command may fail only with a refusal, which changes nothing. */
function play(history: History, commands: readonly Command[], after: (events: DomainEvent[], sent: Command) => void): void {
  for (const sent of commands) {
    const before = snapshot(history);
    try {
      after(history.submit(sent, today), sent);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(refusalsOf(sent.type)).toContain(error.code);
      expect(snapshot(history)).toEqual(before);
    }
  }
}
const snapshot = ({ programme: known, initiatives: all, movements, requests }: History) => ({
  known,
  all: new Map(all),
  movements: new Map(movements),
  requests: new Map(requests),
});

const sumsIn = (fiscalYears: Programme['fiscalYears']) =>
  Object.entries(fiscalYears).map(([fiscalYear, { appropriated, funded, spent, returned }]) => ({
    fiscalYear,
    appropriated,
    funded,
    spent,
    returned,
  }));
const unspent = ({ funded, spent, returned }: Sums) => funded - spent - returned;
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);

/** What is left of each commitment of an initiative, from its events alone. */
function leftOfCommitments(events: readonly DomainEvent[]): Map<string, bigint> {
  const left = new Map<string, bigint>();
  const add = (commitment: string, amount: bigint) => left.set(commitment, (left.get(commitment) ?? 0n) + amount);
  for (const { type, data, context } of events) {
    if (type === 'CommitmentMade') add(data.commitmentId, data.amount);
    if (type === 'CommitmentChanged') add(data.commitmentId, data.change ?? 0n);
    if (type === 'CommitmentReleased') add(data.commitmentId, -data.amount);
    if (type === 'SpendingRecorded' && context.commitment) add(context.commitment.id, -data.amount);
    if (type === 'SpendingReversed' && context.commitment) add(context.commitment.id, data.amount);
  }
  return left;
}

function forAll(check: (history: History, events: DomainEvent[], sent: Command) => void): void {
  fc.assert(
    fc.property(programme, commands, (rules, sequence) => {
      const history = begin(rules);
      play(history, sequence, (events, sent) => {
        check(history, events, sent);
      });
    }),
    { ...runs, examples },
  );
}

describe('no sequence of commands', () => {
  it('makes available money negative', () => {
    forAll((history) => {
      for (const { years: sums } of history.initiatives.values()) {
        expect(unspent({ funded: 0n, spent: 0n, returned: 0n }) <= sum(Object.values(sums).map(unspent))).toBe(true);
        if (history.programme!.years === 'annual') for (const one of Object.values(sums)) expect(unspent(one) >= 0n).toBe(true);
      }
    });
  });

  it('commits more than is free, and what is left of every commitment is what its events say', () => {
    const reached = new Set<string>();
    forAll((history, events) => {
      const { years: rule } = history.programme!;
      for (const initiative of history.initiatives.values()) {
        const sums = Object.values(initiative.years);
        for (const basis of rule === 'annual' ? sums.map((one) => [one]) : [sums])
          expect(sum(basis.map((one) => one.committed ?? 0n)) <= sum(basis.map(unspent))).toBe(true);
        const left = leftOfCommitments(history.events.filter((event) => event.initiative === initiative.code));
        expect([...left.values()].every((amount) => amount >= 0n)).toBe(true);
        const open = [...left].filter(([, amount]) => amount > 0n);
        expect(new Map(initiative.commitments?.map((one) => [one.id, one.left]))).toEqual(new Map(open));
        if (initiative.status === 'finalized' || initiative.status === 'cancelled') expect(open).toEqual([]);
      }
      for (const [fiscalYear, total] of Object.entries(history.programme!.fiscalYears)) {
        const parts = [...history.initiatives.values()].map((one) => one.years[Number(fiscalYear)]?.committed ?? 0n);
        expect(total.committed ?? 0n).toBe(sum(parts));
      }
      for (const { type, context } of events) if ('commitment' in context || type.startsWith('Commitment')) reached.add(type);
    });
    // The sequences reach every event that changes a commitment.
    expect([...reached].sort()).toEqual([
      'CommitmentChanged',
      'CommitmentMade',
      'CommitmentReleased',
      'SpendingRecorded',
      'SpendingReversed',
    ]);
  });

  it('breaks a ceiling', () => {
    forAll((history) => {
      if (history.programme!.ceiling === 'none') return;
      for (const fiscalYear of Object.values(history.programme!.fiscalYears))
        expect(fiscalYear.funded - fiscalYear.returned <= (fiscalYear.appropriated ?? 0n)).toBe(true);
    });
  });

  it('changes an ended initiative’s balance, or brings it back', () => {
    const ended = new Set<string>();
    forAll((history, events) => {
      for (const { status, years: sums } of history.initiatives.values()) {
        if (status === 'finalized' || status === 'cancelled') expect(sum(Object.values(sums).map(unspent))).toBe(0n);
      }
      for (const event of events) {
        if (event.type !== 'InitiativeFinalized' && event.type !== 'InitiativeCancelled') continue;
        ended.add(event.type);
        expect(history.initiatives.get(event.initiative)!.suspended).toBe(false);
      }
    });
    // The sequences reach both ends.
    expect([...ended].sort()).toEqual(['InitiativeCancelled', 'InitiativeFinalized']);
  });

  it('leaves versions with gaps', () => {
    forAll((history, events) => {
      const versions = new Map<string, number>();
      for (const event of history.events) {
        const stream = event.initiative ?? '';
        expect(event.version).toBe((versions.get(stream) ?? 0) + 1);
        versions.set(stream, event.version);
      }
      for (const event of events)
        expect(history.initiatives.get(event.initiative ?? '')?.version ?? history.programme!.version).toBeGreaterThanOrEqual(
          event.version,
        );
    });
  });

  it('makes the parts differ from the programme’s totals', () => {
    forAll((history) => {
      for (const [fiscalYear, total] of Object.entries(history.programme!.fiscalYears)) {
        const parts = [...history.initiatives.values()].map(({ years: sums }) => sums[Number(fiscalYear)]);
        expect(total.funded).toBe(sum(parts.map((part) => part?.funded ?? 0n)));
        expect(total.spent).toBe(sum(parts.map((part) => part?.spent ?? 0n)));
        const returned = sum(parts.map((part) => part?.returned ?? 0n));
        // Returns after the closing of the year give no room.
        if (total.closed) expect(total.returned <= returned).toBe(true);
        else expect(total.returned).toBe(returned);
        expect(total.initiativesWithOpenFunds).toBe(parts.filter((part) => part && unspent(part) !== 0n).length);
      }
    });
  });

  it('changes a total of the programme by a transfer', () => {
    let transfers = 0;
    let before: Programme['fiscalYears'] = {};
    forAll((history, events) => {
      const after = history.programme!.fiscalYears;
      if (events[0]?.type === 'FundingTransferred') {
        transfers++;
        expect(sumsIn(after)).toEqual(sumsIn(before));
        expect(events.map(({ version }) => version)).toEqual(
          events.map(({ initiative = '' }) => history.initiatives.get(initiative)?.version),
        );
      }
      before = after;
    });
    expect(transfers).toBeGreaterThan(0);
  });

  it('changes a sum over all years by a carry-over', () => {
    let carried = 0;
    let before: Programme['fiscalYears'] = {};
    let initiatives: Record<string, Sums> = {};
    forAll((history, events) => {
      const after = history.programme!.fiscalYears;
      const sums = Object.fromEntries([...history.initiatives].map(([code, { years: byYear }]) => [code, totalOf(byYear)]));
      if (events[0]?.type === 'FundsCarriedOver') {
        carried++;
        const overYears = (years: Programme['fiscalYears'], name: 'funded' | 'spent' | 'returned' | 'appropriated') =>
          sum(Object.values(years).map((one) => one[name] ?? 0n));
        for (const name of ['funded', 'spent', 'returned', 'appropriated'] as const)
          expect([name, overYears(after, name)]).toEqual([name, overYears(before, name)]);
        expect(sums).toEqual(initiatives);
      }
      [before, initiatives] = [after, sums];
    });
    expect(carried).toBeGreaterThan(0);
  });

  it('breaks an invariant that verify looks at', () => {
    const reached = new Set<string>();
    forAll((history, events) => {
      for (const initiative of history.initiatives.values()) expect(brokenInvariants(history.programme!, initiative)).toEqual([]);
      for (const { type, data } of events)
        if (
          (type === 'FundingAdjusted' && data.fundingId === undefined) ||
          (type === 'SpendingReversed' && data.transactionId === undefined)
        )
          reached.add(`${type} in a programme of ${history.programme!.years} money`);
    });
    // The sequences reach what only an import may send.
    expect([...reached].sort()).toEqual([
      'FundingAdjusted in a programme of annual money',
      'FundingAdjusted in a programme of multi-year money',
      'SpendingReversed in a programme of annual money',
      'SpendingReversed in a programme of multi-year money',
    ]);
  });

  it('moves money or plans twice with one id: the same again changes nothing, and while it waits makes no second request', () => {
    const movements = new Set([
      'FundInitiative',
      'AdjustFunding',
      'RecordSpending',
      'ReverseSpending',
      'ReturnFunds',
      'TransferFunding',
      'CarryOver',
      'GrantAppropriation',
      'AdjustAppropriation',
      'MakeCommitment',
      'ChangeCommitment',
      'PlanMilestone',
      'AssessConfidence',
      'DefineIndicator',
      'ReportResult',
    ]);
    forAll((history, events, sent) => {
      if (events.length === 0 || !movements.has(sent.type)) return;
      expect(history.submit({ ...sent, commandId: 'again' }, today)).toEqual([]);
    });
  });
});

describe('a programme’s approvals', () => {
  it('let nothing that they name happen before somebody else has approved it', () => {
    const reached = new Set<string>();
    forAll((history, events, sent) => {
      const rule = ruleFor(sent as ApprovableCommand, history.programme!.approvals);
      if (rule && events.length > 0) expect(events.map(({ type }) => type)).toEqual(['CommandSubmitted']);
      const [first, ...held] = events;
      if (first?.type !== 'RequestApproved') {
        for (const { approvedBy } of events) expect(approvedBy).toBeUndefined();
        return;
      }
      for (const { type, actor: sender, approvedBy } of held) {
        reached.add(type);
        expect(approvedBy).toBe(first.actor);
        expect(sameHand(sender, first.actor)).toBe(false);
      }
    });
    expect([...reached]).toEqual(expect.arrayContaining(['InitiativeFunded']));
  });
});

describe('the events decided', () => {
  it('folded again, give the state decided on', () => {
    fc.assert(
      fc.property(programme, commands, (rules, sequence) => {
        const history = begin(rules);
        play(history, sequence, () => undefined);
        const again = new History();
        for (const event of history.events) again.happen(event);
        expect(snapshot(again)).toEqual(snapshot(history));
      }),
      runs,
    );
  });

  it('tell of themselves what was before and what is after', () => {
    forAll((history, events) => {
      for (const event of events) {
        if (event.initiative === undefined) continue;
        const known = history.initiatives.get(event.initiative)!;
        expect(event.context.authority).toBe(known.terms.authority);
        if (event === events.findLast(({ initiative }) => initiative === event.initiative))
          expect(event.context.statusAfter).toBe(known.status);
      }
    });
  });

  it('are refused to an organisation that has no part in the ledger', () => {
    const stranger = actor('auditor', 'chamber-of-accounts', 'u-9');
    fc.assert(
      fc.property(programme, command, (rules, sent) => {
        // An auditor may assess confidence and order statements, and sends no other command.
        fc.pre(sent.type !== 'AssessConfidence' && sent.type !== 'OrderStatement');
        expect(() => begin(rules).submit({ ...sent, actor: stranger }, today)).toThrow(Refusal);
      }),
      runs,
    );
  });
});

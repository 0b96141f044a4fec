/** Random histories of one programme that a real processor records, and read models folded from them; for specs. */
import fc from 'fast-check';
import type { Command, CommandData } from '../../domain/commands.js';
import { sourceKinds } from '../../domain/papers/source.js';
import type { ApprovalRule } from '../../domain/requests/approvals.js';
import { milestoneKinds, milestoneStatuses, ratings } from '../../domain/delivery/commands.js';
import { ceilings, yearRules, type Actor, type IsoDate } from '../../domain/vocabulary.js';
import { actor, admin, finance, openTestLedger, type TestLedger } from '../../command-processing/testing/ledger.js';
import type { ReadModels } from '../../read-models/ports.js';
import { build } from '../runner.js';

const authorities = ['ministry-of-justice', 'ministry-of-health', 'agency-of-land'];
const regions = ['Чүй', 'Ош.$', 'a/b'];
const initiatives = ['a', 'b', 'c'];
const firstDay = Date.parse('2023-11-01T00:00:00Z');
const day = 86_400_000;
const dayAt = (days: number): IsoDate => new Date(firstDay + days * day).toISOString().slice(0, 10);

/** One attempt: the day of entry (days after the attempt before), the days of lateness, the sender and the command. */
export type Attempt = { later: number; late: number; initiative: string; what: What; amount: number; authority: string; pick: number };
export const whats = [
  'propose',
  'fund',
  'fund',
  'adjust',
  'spend',
  'spend',
  'spend',
  'reverse',
  'return',
  'commit',
  'commit',
  'draw',
  'draw',
  'change-commitment',
  'release-commitment',
  'transfer',
  'transfer',
  'carry-over',
  'amend',
  'hand-over',
  'relocate',
  'start',
  'finalize',
  'cancel',
  'suspend',
  'resume',
  'appropriate',
  'close',
  'reopen',
  'order-statement',
  'amend-programme',
  'approvals',
  'approve',
  'approve',
  'return-request',
  'withdraw-request',
  'plan',
  'reforecast',
  'report',
  'progress',
  'assess',
  'define',
  'result',
  'correct',
] as const;
export type What = (typeof whats)[number];

const attempt: fc.Arbitrary<Attempt> = fc.record({
  later: fc.integer({ min: 0, max: 20 }),
  late: fc.integer({ min: 0, max: 60 }),
  initiative: fc.constantFrom(...initiatives),
  what: fc.constantFrom(...whats),
  amount: fc.integer({ min: 1, max: 100 }),
  authority: fc.constantFrom(...authorities),
  pick: fc.integer({ min: 1, max: 8 }),
});
export const attempts: fc.Arbitrary<Attempt[]> = fc.array(attempt, { minLength: 1, maxLength: 60 });
/** Long histories that begin with money to move, which random attempts hardly ever reach. */
export const manyAttempts: fc.Arbitrary<Attempt[]> = fc
  .array(attempt, { minLength: 20, maxLength: 80, size: 'max' })
  .map((tried) => [
    ...initiatives.flatMap((initiative) => (['propose', 'fund', 'spend'] as const).map((what) => ({ ...first, initiative, what }))),
    ...tried,
  ]);
const first = { later: 1, late: 0, amount: 90, authority: 'ministry-of-justice', pick: 1 };

function ministryOf(authority: string): Actor {
  return actor('ministry', authority);
}

/** The rules that a programme is established with. */
export type Rules = Pick<CommandData['EstablishProgramme'], 'ceiling' | 'years'>;
export const rules: fc.Arbitrary<Rules> = fc.record({ ceiling: fc.constantFrom(...ceilings), years: fc.constantFrom(...yearRules) });

/** A ledger after all attempts, many of them refused. */
export async function ledgerOf(
  tried: readonly Attempt[],
  { ceiling, years }: Rules = { ceiling: 'enforced', years: 'annual' },
): Promise<TestLedger> {
  const ledger = await openTestLedger({ clock: { now: firstDay + day / 2 } });
  const hands = new Map<string, string>();
  const movements = new Map<string, Earlier>();
  let made = 0;
  const submit = async (parts: Partial<Command>) => {
    const command = { programme: 'p', commandId: `c-${made++}`, ...parts } as Command;
    return ledger.commands.submit(command);
  };
  await submit({
    type: 'EstablishProgramme',
    actor: admin,
    data: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling, years },
  });
  for (const fiscalYear of [2023, 2024])
    await submit({
      type: 'GrantAppropriation',
      actor: finance,
      data: { fiscalYear, amount: 300n, legalBasis: 'law', ...(fiscalYear % 2 === 0 && { source: { kind: 'budget' } }) },
    });
  let days = 0;
  let requestId: string | undefined;
  for (const { later, late, initiative, what, amount, authority, pick } of tried) {
    days += later;
    ledger.clock.now = firstDay + days * day + day / 2;
    const owner = ministryOf(hands.get(initiative) ?? authority);
    const occurredOn = dayAt(Math.max(0, days - late));
    const parts = { initiative, occurredOn, fiscalYear: Number(occurredOn.slice(0, 4)) };
    const earlier = { ...movements.get(initiative), ...(requestId !== undefined && { requestId }) };
    const command = commandParts(what, parts, { amount: BigInt(amount), authority, pick, made, owner, earlier });
    const outcome = await submit(command);
    if (outcome.kind === 'accepted') movements.set(initiative, named(earlier, command));
    if (outcome.kind === 'accepted') requestId = outcome.receipt.requestId ?? requestId;
    if (outcome.kind === 'accepted' && what === 'propose') hands.set(initiative, owner.organisation);
    if (outcome.kind === 'accepted' && what === 'hand-over') hands.set(initiative, authority);
  }
  return ledger;
}

export type Parts = { initiative: string; occurredOn: IsoDate; fiscalYear: number };
export type Chosen = { amount: bigint; authority: string; pick: number; made: number; owner: Actor; earlier: Earlier };
/** The ids that a later command to an initiative may name. */
export type Earlier = {
  fundingId?: string;
  transactionId?: string;
  commitmentId?: string;
  requestId?: string;
  milestoneId?: string;
  indicatorId?: string;
  resultId?: string;
};

/** The ids with that of a command added, for later commands to name. */
export function named(earlier: Earlier, command: Partial<Command>): Earlier {
  if (command.type === 'FundInitiative' && command.data) return { ...earlier, fundingId: command.data.fundingId };
  if (command.type === 'RecordSpending' && command.data) return { ...earlier, transactionId: command.data.transactionId };
  if (command.type === 'MakeCommitment' && command.data) return { ...earlier, commitmentId: command.data.commitmentId };
  if (command.type === 'PlanMilestone' && command.data) return { ...earlier, milestoneId: command.data.milestoneId };
  if (command.type === 'DefineIndicator' && command.data) return { ...earlier, indicatorId: command.data.indicatorId };
  if (command.type === 'ReportResult' && command.data) return { ...earlier, resultId: command.data.resultId };
  return earlier;
}

const sectorOf = (pick: number) => (pick % 2 === 0 ? '04.6' : '09');
const regionOf = (pick: number) => regions[pick % regions.length] ?? '';

/** Rules by which some of the commands here wait for a second person. */
export const someApprovals: readonly ApprovalRule[] = [
  { command: 'FundInitiative', above: 15n, role: 'finance' },
  { command: 'RecordSpending', above: 10n, role: 'ministry' },
  { command: 'AdjustAppropriation', role: 'finance' },
  { command: 'CancelInitiative', role: 'finance' },
];

/** A command of a kind, from a sender that may send it. */
export function commandParts(what: What, { fiscalYear, ...at }: Parts, chosen: Chosen): Partial<Command> {
  const { amount, authority, pick, made, owner, earlier } = chosen;
  const otherFinance = actor('finance', 'ministry-of-finance', 'second');
  switch (what) {
    case 'propose':
      return {
        type: 'ProposeInitiative',
        actor: owner,
        ...at,
        data: {
          title: { en: at.initiative },
          authority: owner.organisation,
          authorityName: `${owner.organisation} ${pick}`,
          requestedAmount: amount,
          // Some initiatives have no region, or get one only later.
          ...(pick > 4 && { region: regionOf(pick) }),
          ...(pick % 3 === 0 && { sector: sectorOf(pick) }),
        },
      };
    case 'fund':
      return {
        type: 'FundInitiative',
        actor: finance,
        ...at,
        data: { fundingId: `F-${made}`, fiscalYear, amount, ...(pick > 4 && { source: { kind: sourceKinds[pick % 4] ?? 'own' } }) },
      };
    case 'adjust':
      return {
        type: 'AdjustFunding',
        actor: { ...admin, onBehalfOf: finance },
        ...at,
        data: {
          adjustmentId: `A-${made}`,
          // Only an import may leave out the funding.
          ...(pick % 2 === 0 && earlier.fundingId !== undefined && { fundingId: earlier.fundingId }),
          change: pick > 4 ? amount : -amount,
          reason: 'why',
        },
      };
    case 'spend':
      return { type: 'RecordSpending', actor: owner, ...at, data: { transactionId: `T-${made}`, amount: amount / 3n + 1n } };
    case 'reverse':
      return {
        type: 'ReverseSpending',
        actor: { ...admin, onBehalfOf: pick > 4 ? finance : owner },
        ...at,
        data: {
          reversalId: `R-${made}`,
          ...(pick % 2 === 0 && earlier.transactionId !== undefined && { transactionId: earlier.transactionId }),
          amount: amount / 9n + 1n,
          reason: 'why',
        },
      };
    case 'return':
      return { type: 'ReturnFunds', actor: finance, ...at, data: { returnId: `U-${made}`, fiscalYear, amount: amount / 5n + 1n } };
    case 'commit':
      return {
        type: 'MakeCommitment',
        actor: owner,
        ...at,
        data: { commitmentId: `C-${made}`, supplier: `S ${pick}`, amount: amount / 4n + 1n },
      };
    case 'draw':
      return {
        type: 'RecordSpending',
        actor: owner,
        ...at,
        data: { transactionId: `T-${made}`, amount: amount / 8n + 1n, commitmentId: earlier.commitmentId ?? 'C-0' },
      };
    case 'change-commitment':
      return {
        type: 'ChangeCommitment',
        actor: owner,
        ...at,
        data: {
          commitmentId: earlier.commitmentId ?? 'C-0',
          changeId: `H-${made}`,
          ...(pick === 1 ? { kind: 'scope' } : { kind: 'value', change: pick > 4 ? amount / 8n + 1n : -(amount / 8n) - 1n }),
          reason: 'why',
        },
      };
    case 'release-commitment':
      return {
        type: 'ReleaseCommitment',
        actor: pick > 4 ? finance : owner,
        ...at,
        data: { commitmentId: earlier.commitmentId ?? 'C-0', reason: 'why' },
      };
    case 'transfer':
      return {
        type: 'TransferFunding',
        actor: finance,
        ...at,
        data: {
          transferId: `X-${made}`,
          to: initiatives[pick % initiatives.length] ?? '',
          fiscalYear,
          amount: amount / 4n + 1n,
          legalBasis: 'law',
        },
      };
    case 'carry-over':
      return {
        type: 'CarryOver',
        actor: finance,
        ...at,
        data: { carryOverId: `O-${made}`, fiscalYear, amount: amount / 4n + 1n, legalBasis: 'law' },
      };
    case 'amend':
      return { type: 'AmendInitiative', actor: owner, ...at, data: { title: { en: `${at.initiative} ${pick}` }, reason: 'why' } };
    case 'hand-over':
      return {
        type: 'AmendInitiative',
        actor: finance,
        ...at,
        data: { authority, ...(pick > 4 && { authorityName: `${authority} ${pick}` }), reason: 'why' },
      };
    case 'relocate':
      return { type: 'AmendInitiative', actor: owner, ...at, data: { region: regionOf(pick), sector: sectorOf(pick), reason: 'why' } };
    case 'start':
      return { type: 'StartFinalizing', actor: owner, ...at, data: {} };
    case 'finalize':
      return { type: 'FinalizeInitiative', actor: finance, ...at, data: {} };
    case 'cancel':
      return pick > 6
        ? { type: 'CancelInitiative', actor: finance, ...at, data: { reason: 'why', legalBasis: 'law' } }
        : commandParts('start', { fiscalYear, ...at }, chosen);
    case 'suspend':
      return { type: 'SuspendInitiative', actor: otherFinance, ...at, data: { reason: 'why' } };
    case 'resume':
      return { type: 'ResumeInitiative', actor: otherFinance, ...at, data: { reason: 'why' } };
    case 'appropriate':
      return {
        type: 'AdjustAppropriation',
        actor: finance,
        programme: 'p',
        occurredOn: at.occurredOn,
        data: { fiscalYear, adjustmentId: `B-${made}`, change: amount, legalBasis: 'law' },
      };
    case 'reopen':
      return {
        type: 'ReopenFiscalYear',
        actor: otherFinance,
        programme: 'p',
        occurredOn: at.occurredOn,
        data: { fiscalYear: 2023, reason: 'why', legalBasis: 'law' },
      };
    case 'order-statement':
      return {
        type: 'OrderStatement',
        actor: actor('auditor', 'chamber-of-accounts'),
        programme: 'p',
        occurredOn: at.occurredOn,
        data: {},
      };
    case 'amend-programme':
      return {
        type: 'AmendProgramme',
        actor: admin,
        programme: 'p',
        occurredOn: at.occurredOn,
        data:
          pick > 6
            ? { establishedOn: `2023-10-0${pick}`, reason: 'why' }
            : { title: { en: `P ${pick}`, [`q${pick}`]: 'P' }, reason: 'why' },
      };
    case 'approvals':
      return { type: 'AmendProgramme', actor: admin, programme: 'p', data: { approvals: pick > 5 ? [] : someApprovals, reason: 'why' } };
    case 'approve':
      return {
        type: 'ApproveRequest',
        actor: pick > 3 ? otherFinance : actor('ministry', owner.organisation, 'second'),
        programme: 'p',
        data: { requestId: earlier.requestId ?? `R-${pick}` },
      };
    case 'return-request':
      return {
        type: 'ReturnRequest',
        actor: otherFinance,
        programme: 'p',
        data: { requestId: earlier.requestId ?? `R-${pick}`, reason: 'why' },
      };
    case 'withdraw-request':
      return { type: 'WithdrawRequest', actor: finance, programme: 'p', data: { requestId: earlier.requestId ?? `R-${pick}` } };
    case 'plan':
    case 'reforecast':
    case 'report':
    case 'progress':
    case 'assess':
    case 'define':
    case 'result':
    case 'correct':
      return deliveryParts(what, at, chosen);
    case 'close':
      return { type: 'CloseFiscalYear', actor: finance, programme: 'p', occurredOn: at.occurredOn, data: { fiscalYear: 2023 } };
  }
}

type Delivery = 'plan' | 'reforecast' | 'report' | 'progress' | 'assess' | 'define' | 'result' | 'correct';
const oneOf = <T>(all: readonly [T, ...T[]], pick: number): T => all[pick % all.length] ?? all[0];

function deliveryParts(what: Delivery, at: Omit<Parts, 'fiscalYear'>, { amount, pick, made, owner, earlier }: Chosen): Partial<Command> {
  const { milestoneId = 'M-0', indicatorId = 'I-0', resultId = 'Q-0' } = earlier;
  const value = pick % 2 === 0 ? `-${amount}.${pick}` : amount.toString();
  const day = `2024-0${pick}-15`;
  switch (what) {
    case 'plan':
      return {
        type: 'PlanMilestone',
        actor: owner,
        ...at,
        data: { milestoneId: `M-${made}`, title: { en: `M ${pick}` }, dueOn: day, kind: oneOf(milestoneKinds, pick) },
      };
    case 'reforecast':
      return { type: 'ReforecastMilestone', actor: owner, ...at, data: { milestoneId, dueOn: day, reason: 'why' } };
    case 'report':
      return {
        type: 'ReportMilestone',
        actor: owner,
        ...at,
        data: { milestoneId, status: oneOf(milestoneStatuses, pick), ...(pick > 4 && { reason: 'why' }) },
      };
    case 'progress':
      return { type: 'ReportProgress', actor: owner, ...at, data: { percent: Math.min(100, Number(amount)), note: 'why' } };
    case 'assess':
      return {
        type: 'AssessConfidence',
        actor: oneOf([owner, finance, actor('auditor', 'chamber-of-accounts')], pick),
        ...at,
        data: { assessmentId: `C-${made}`, rating: oneOf(ratings, pick), narrative: 'why', validUntil: '2025-06-30' },
      };
    case 'define':
      return {
        type: 'DefineIndicator',
        actor: owner,
        ...at,
        data: {
          indicatorId: `I-${made}`,
          title: { en: `I ${pick}` },
          unit: 'people',
          baseline: value,
          targets: [
            { period: '2023', value },
            { period: `2024-0${pick}`, value: '0' },
          ],
        },
      };
    case 'result':
      return { type: 'ReportResult', actor: owner, ...at, data: { resultId: `Q-${made}`, indicatorId, periodEnd: '2023-12-31', value } };
    case 'correct':
      return { type: 'CorrectResult', actor: owner, ...at, data: { resultId, value, reason: 'why' } };
  }
}

/** Folds a ledger's log into read models, as generation `g`. */
export async function project({ log }: Pick<TestLedger, 'log'>, models: ReadModels, generation = 'g'): Promise<void> {
  await build({ log, partition: 0, models, generation, remembered: 1_000 }, new AbortController().signal);
}

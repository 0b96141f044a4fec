/** `given` what happened, `when` a command comes, `then` these events, or a refusal. Programme `p`, initiative `i`, 15 June 2024. */
import { expect } from '@jest/globals';
import type { Command, CommandData, CommandEnvelope, CommandType } from '../commands.js';
import { programmeCommandTypes, type RefusalCode, refusalsOf } from '../capabilities.js';
import type { DomainEvent, EventType, InitiativeEvents, ProgrammeEvents } from '../events.js';
import { Refusal, type RefusalFigures } from '../refusal.js';
import type { Actor, FiscalYear, IsoDate, Party, Role, Status } from '../vocabulary.js';
import type { ApproverRole } from '../requests/approvals.js';
import { digest, History } from './history.js';

export const today: IsoDate = '2024-06-15';

export const actor = (role: Role, organisation: string, id: string): Actor => ({ id, organisation, role });
export const admin = actor('admin', 'cabinet', 'u-admin');
export const finance = actor('finance', 'ministry-of-finance', 'u-finance');
export const otherFinance = actor('finance', 'ministry-of-finance', 'u-other-finance');
export const justice = actor('ministry', 'ministry-of-justice', 'u-justice');
export const health = actor('ministry', 'ministry-of-health', 'u-health');
export const auditor = actor('auditor', 'audit-chamber', 'u-auditor');
const forFinance: Party = { organisation: 'ministry-of-finance', role: 'finance' };
const forJustice: Party = { organisation: 'ministry-of-justice', role: 'ministry' };
/** An admin who imports what finance, or the ministry, did before the ledger existed. */
export const importer = actor('admin', 'ledger-import', 'u-import');
export const importForFinance: Actor = { ...importer, onBehalfOf: forFinance };
export const importForJustice: Actor = { ...importer, onBehalfOf: forJustice };

type EventData<T extends EventType> = (ProgrammeEvents & InitiativeEvents)[T]['data'];
type EventContext<T extends EventType> = (ProgrammeEvents & InitiativeEvents)[T]['context'];

/** What happened. The event's version and the initiative's standing follow from the history before it. */
export type Happening = {
  type: EventType;
  data: object;
  initiative?: string;
  on?: IsoDate;
  by?: Actor;
  statusAfter?: Status;
  context?: object;
};
type More = Pick<Happening, 'initiative' | 'on' | 'by'> & { id?: string; year?: FiscalYear };

const happening = (type: EventType, data: object, { initiative, on, by }: More, context?: object, statusAfter?: Status): Happening => ({
  type,
  data,
  ...(initiative !== undefined && { initiative }),
  ...(on !== undefined && { on }),
  ...(by !== undefined && { by }),
  ...(context !== undefined && { context }),
  ...(statusAfter !== undefined && { statusAfter }),
});
const posting = (more: More) => ({ fiscalYear: more.year ?? 2024 });

export const terms: CommandData['EstablishProgramme'] = {
  title: { en: 'Digital P' },
  currency: 'KGS',
  timeZone: 'Asia/Bishkek',
  ceiling: 'enforced',
  years: 'annual',
};
export const established = (more: Partial<typeof terms> = {}) =>
  happening('ProgrammeEstablished', { ...terms, ...more }, { on: '2023-01-01', by: admin });
export const granted = (amount: bigint, year = 2024, on = '2023-12-20') =>
  happening('AppropriationGranted', { fiscalYear: year, amount, legalBasis: 'law' }, { on, by: finance });
export const appropriationAdjusted = (change: bigint, id = 'B-1', year = 2024) =>
  happening('AppropriationAdjusted', { fiscalYear: year, adjustmentId: id, change, legalBasis: 'law' }, { on: '2024-02-01', by: finance });
export const closed = (year = 2024, more: More = {}) => happening('FiscalYearClosed', { fiscalYear: year }, { by: finance, ...more });
export const reopened = (year = 2024) =>
  happening('FiscalYearReopened', { fiscalYear: year, reason: 'why', legalBasis: 'decree' }, { by: otherFinance });
export const programmeAmended = (changes: Omit<ProgrammeEvents['ProgrammeAmended']['data'], 'reason'>) =>
  happening('ProgrammeAmended', { ...changes, reason: 'why' }, { by: admin });
export const proposed = (more: Partial<CommandData['ProposeInitiative']> & More = {}) => {
  const { initiative, on, by, ...said } = more;
  const data = { title: { en: 'E-notary' }, authority: 'ministry-of-justice', ...said };
  return happening(
    'InitiativeProposed',
    data,
    { on: on ?? '2023-02-01', by: by ?? justice, ...(initiative !== undefined && { initiative }) },
    undefined,
    'proposed',
  );
};
export const funded = (amount: bigint, more: More & { status?: Status } = {}) =>
  happening(
    'InitiativeFunded',
    { fundingId: more.id ?? 'F-1', fiscalYear: more.year ?? 2024, amount },
    { on: '2024-02-01', by: finance, ...more },
    posting(more),
    more.status ?? 'funded',
  );
export const adjusted = (change: bigint, more: More & { funding?: string } = {}) =>
  happening(
    'FundingAdjusted',
    { adjustmentId: more.id ?? 'A-1', ...(more.funding !== undefined && { fundingId: more.funding }), change, reason: 'why' },
    { on: '2024-03-01', by: finance, ...more },
    posting(more),
  );
export const spent = (amount: bigint, more: More & { status?: Status } = {}) =>
  happening(
    'SpendingRecorded',
    { transactionId: more.id ?? 'T-1', amount },
    { on: '2024-03-01', by: justice, ...more },
    posting(more),
    more.status ?? 'spending',
  );
export const reversed = (amount: bigint, more: More & { transaction?: string } = {}) =>
  happening(
    'SpendingReversed',
    { reversalId: more.id ?? 'R-1', ...(more.transaction !== undefined && { transactionId: more.transaction }), amount, reason: 'why' },
    { on: '2024-04-01', by: justice, ...more },
    posting(more),
  );
export const returned = (amount: bigint, more: More = {}) =>
  happening(
    'FundsReturned',
    { returnId: more.id ?? 'U-1', fiscalYear: more.year ?? 2024, amount },
    { on: '2024-05-01', by: justice, ...more },
    posting(more),
  );
export const committed = (amount: bigint, more: More = {}) =>
  happening(
    'CommitmentMade',
    { commitmentId: more.id ?? 'C-1', supplier: 'Notary Systems', amount },
    { on: '2024-03-01', by: justice, ...more },
    posting(more),
  );
/** A spending drawn from a commitment, which is of 2024 unless `committedIn` says otherwise. */
export const drawn = (amount: bigint, more: More & { commitment?: string; committedIn?: FiscalYear } = {}) => {
  const { commitment = 'C-1', committedIn = 2024, ...rest } = more;
  return happening(
    'SpendingRecorded',
    { transactionId: rest.id ?? 'T-1', amount, commitmentId: commitment },
    { on: '2024-04-01', by: justice, ...rest },
    { ...posting(rest), commitment: { id: commitment, fiscalYear: committedIn } },
    'spending',
  );
};
export const commitmentChanged = (change: bigint, more: More = {}) =>
  happening(
    'CommitmentChanged',
    { commitmentId: 'C-1', changeId: more.id ?? 'H-9', kind: 'value', reason: 'why', change },
    { on: '2024-05-01', by: justice, ...more },
    posting(more),
  );
export const released = (amount: bigint, more: More = {}) =>
  happening(
    'CommitmentReleased',
    { commitmentId: more.id ?? 'C-1', amount, reason: 'why' },
    { on: '2024-05-01', by: justice, ...more },
    posting(more),
  );
/** Both halves of a transfer from `i` to `j`. */
export const transferred = (amount: bigint, more: More & { to?: string; toStatus?: Status } = {}): Happening[] => {
  const [from, to] = [more.initiative ?? 'i', more.to ?? 'j'];
  const transfer = { transferId: more.id ?? 'X-1', fiscalYear: more.year ?? 2024, amount, legalBasis: 'decree' };
  const half = { on: '2024-05-01', by: finance, ...more };
  return [
    happening('FundingTransferred', { ...transfer, to }, { ...half, initiative: from }, posting(more)),
    happening('FundingTransferred', { ...transfer, from }, { ...half, initiative: to }, posting(more), more.toStatus),
  ];
};
export const carriedOver = (
  amount: bigint,
  more: More & { appropriated?: bigint; committed?: bigint; commitments?: readonly string[] } = {},
) =>
  happening(
    'FundsCarriedOver',
    { carryOverId: more.id ?? 'O-1', fiscalYear: more.year ?? 2024, amount, legalBasis: 'decree' },
    { on: '2024-05-01', by: finance, ...more },
    {
      ...posting(more),
      appropriated: more.appropriated ?? amount,
      ...(more.commitments && { committed: more.committed ?? 0n, commitments: more.commitments }),
    },
  );
const statement = { size: 2, root: 'ab'.repeat(32), definition: 'sums-1' } as const;
export const statementOrdered = () => happening('StatementOrdered', {}, { by: auditor });
export const statementPublished = (position: number) => happening('StatementPublished', { ...statement, position }, { by: admin });
export const amended = (changes: Partial<CommandData['AmendInitiative']>) =>
  happening('InitiativeAmended', { reason: 'why', ...changes }, { by: finance });
/** A command that waits, sent today unless `on` says otherwise. */
export const submitted = (held: Command, { requestId = 'R-2', role = 'finance' }: { requestId?: string; role?: ApproverRole } = {}) => {
  const { programme: _programme, commandId: _id, actor: by, ...sent } = held;
  const context = held.initiative === undefined ? {} : { authority: 'ministry-of-justice' };
  const command = { ...sent, occurredOn: held.occurredOn ?? today };
  return happening('CommandSubmitted', { requestId, command, digest, role, expiresOn: '2024-07-15' }, { by }, context);
};
export const requestApproved = (requestId = 'R-2') => happening('RequestApproved', { requestId }, { by: otherFinance });
export const requestReturned = (requestId = 'R-2') => happening('RequestReturned', { requestId, reason: 'why' }, { by: otherFinance });
export const requestWithdrawn = (requestId = 'R-2') => happening('RequestWithdrawn', { requestId }, { by: finance });
export const finalizationStarted = (more: More = {}) => happening('FinalizationStarted', {}, { by: justice, ...more }, {}, 'finalizing');
export const finalized = (finalValue: bigint) => happening('InitiativeFinalized', { finalValue }, { by: finance }, {}, 'finalized');
export const cancelled = () => happening('InitiativeCancelled', { reason: 'why', legalBasis: 'decree' }, { by: finance }, {}, 'cancelled');
export const suspended = () => happening('InitiativeSuspended', { reason: 'why' }, { by: finance });
export const resumed = () => happening('InitiativeResumed', { reason: 'why' }, { by: finance });

/** A programme and its initiative `i` with `amount` of 2024 appropriated and funded. */
export const withFunding = (amount: bigint, more: Partial<typeof terms> = {}): Happening[] => [
  established(more),
  granted(amount),
  proposed(),
  funded(amount),
];

const isOfProgramme = (type: EventType) =>
  !/^(Initiative|Fund|Spending|Finalization|Commitment|Milestone|Progress|Confidence|Indicator|Result)/.test(type);
const isOfRequest = (type: EventType) => /^(CommandS|Request)/.test(type);

/** The event of what happened. Its version and standing follow from the history it continues. */
export function eventOf(history: History, { type, data, initiative, on, by, statusAfter, context }: Happening): DomainEvent {
  const happened = { programme: 'p', occurredOn: on ?? today, actor: by ?? admin };
  const year = 'fiscalYear' in data ? { fiscalYear: data.fiscalYear } : {};
  if (isOfProgramme(type))
    return {
      type,
      ...happened,
      version: (history.programme?.version ?? 0) + 1,
      data,
      context: isOfRequest(type) ? (context ?? {}) : year,
    } as DomainEvent;
  const code = initiative ?? 'i';
  const known = history.initiatives.get(code);
  const authority = 'authority' in data ? data.authority : known?.terms.authority;
  const statusBefore = known?.status ?? null;
  return {
    type,
    ...happened,
    initiative: code,
    version: (known?.version ?? 0) + 1,
    data,
    context: { authority, statusBefore, statusAfter: statusAfter ?? statusBefore, ...context },
  } as DomainEvent;
}

/** The history of what happened. */
export function historyOf(happenings: readonly Happening[]): History {
  const history = new History();
  for (const one of happenings) history.happen(eventOf(history, one));
  return history;
}

type Envelope = Partial<Pick<CommandEnvelope, 'expectedVersion'>> & { by?: Actor; on?: IsoDate; initiative?: string };

/** The usual sender of each command. */
const sender: Readonly<Record<CommandType, Actor>> = {
  EstablishProgramme: admin,
  GrantAppropriation: finance,
  AdjustAppropriation: finance,
  CloseFiscalYear: finance,
  ReopenFiscalYear: otherFinance,
  AmendProgramme: admin,
  ApproveRequest: otherFinance,
  ReturnRequest: otherFinance,
  WithdrawRequest: finance,
  OrderStatement: auditor,
  PublishStatement: admin,
  ProposeInitiative: justice,
  AmendInitiative: justice,
  FundInitiative: finance,
  AdjustFunding: finance,
  RecordSpending: justice,
  ReverseSpending: justice,
  ReturnFunds: justice,
  MakeCommitment: justice,
  ChangeCommitment: justice,
  ReleaseCommitment: justice,
  TransferFunding: finance,
  CarryOver: finance,
  StartFinalizing: justice,
  FinalizeInitiative: finance,
  CancelInitiative: finance,
  SuspendInitiative: finance,
  ResumeInitiative: finance,
  PlanMilestone: justice,
  ReforecastMilestone: justice,
  ReportMilestone: justice,
  ReportProgress: justice,
  AssessConfidence: auditor,
  DefineIndicator: justice,
  ReportResult: justice,
  CorrectResult: justice,
};

/** A command to `p`, or to its initiative `i` if its type names an initiative. */
export function command<T extends CommandType>(
  type: T,
  data: CommandData[T],
  { by, on, initiative, expectedVersion }: Envelope = {},
): Command {
  const toProgramme = programmeCommandTypes.some((one) => one === type);
  return {
    type,
    programme: 'p',
    ...(!toProgramme && { initiative: initiative ?? 'i' }),
    commandId: 'c',
    actor: by ?? sender[type],
    data,
    ...(on !== undefined && { occurredOn: on }),
    ...(expectedVersion !== undefined && { expectedVersion }),
  } as Command;
}

export const grant = (amount: bigint, fiscalYear = 2024, envelope?: Envelope) =>
  command('GrantAppropriation', { fiscalYear, amount, legalBasis: 'law' }, envelope);
export const adjustAppropriation = (change: bigint, envelope?: Envelope) =>
  command('AdjustAppropriation', { fiscalYear: 2024, adjustmentId: 'B-9', change, legalBasis: 'law' }, envelope);
export const close = (fiscalYear = 2024, envelope?: Envelope) => command('CloseFiscalYear', { fiscalYear }, envelope);
export const reopen = (fiscalYear = 2024, envelope?: Envelope) =>
  command('ReopenFiscalYear', { fiscalYear, reason: 'why', legalBasis: 'decree' }, envelope);
export const approve = (requestId = 'R-2', envelope?: Envelope) => command('ApproveRequest', { requestId }, envelope);
export const returnRequest = (requestId = 'R-2', envelope?: Envelope) => command('ReturnRequest', { requestId, reason: 'why' }, envelope);
export const withdraw = (requestId = 'R-2', envelope?: Envelope) => command('WithdrawRequest', { requestId }, envelope);
export const orderStatement = (envelope?: Envelope) => command('OrderStatement', {}, envelope);
export const publishStatement = (position: number, envelope?: Envelope) =>
  command('PublishStatement', { ...statement, position }, envelope);
export const amendProgramme = (changes: Partial<CommandData['AmendProgramme']>, envelope?: Envelope) =>
  command('AmendProgramme', { reason: 'why', ...changes }, envelope);
export const propose = (said: Partial<CommandData['ProposeInitiative']> = {}, envelope?: Envelope) =>
  command('ProposeInitiative', { title: { en: 'E-notary' }, authority: 'ministry-of-justice', ...said }, envelope);
export const amend = (changes: Partial<CommandData['AmendInitiative']>, envelope?: Envelope) =>
  command('AmendInitiative', { reason: 'why', ...changes }, envelope);
export const fund = (amount: bigint, envelope?: Envelope & { year?: FiscalYear }) =>
  command('FundInitiative', { fundingId: 'F-9', fiscalYear: envelope?.year ?? 2024, amount }, envelope);
export const adjust = (change: bigint, fundingId: string | undefined = 'F-1', envelope?: Envelope) =>
  command('AdjustFunding', { adjustmentId: 'A-9', fundingId, change, reason: 'why' }, envelope);
export const adjustUnnamed = (change: bigint, envelope?: Envelope) =>
  command('AdjustFunding', { adjustmentId: 'A-9', change, reason: 'why' }, { by: importForFinance, ...envelope });
export const spend = (amount: bigint, envelope?: Envelope) => command('RecordSpending', { transactionId: 'T-9', amount }, envelope);
export const reverse = (amount: bigint, transactionId = 'T-1', envelope?: Envelope) =>
  command('ReverseSpending', { reversalId: 'R-9', transactionId, amount, reason: 'why' }, envelope);
export const reverseUnnamed = (amount: bigint, envelope?: Envelope) =>
  command('ReverseSpending', { reversalId: 'R-9', amount, reason: 'why' }, { by: importForJustice, ...envelope });
export const giveBack = (amount: bigint, envelope?: Envelope & { year?: FiscalYear }) =>
  command('ReturnFunds', { returnId: 'U-9', fiscalYear: envelope?.year ?? 2024, amount }, envelope);
export const commit = (amount: bigint, envelope?: Envelope, more: Partial<CommandData['MakeCommitment']> = {}) =>
  command('MakeCommitment', { commitmentId: 'C-9', supplier: 'Notary Systems', amount, ...more }, envelope);
export const changeCommitment = (changes: Partial<CommandData['ChangeCommitment']>, envelope?: Envelope) =>
  command('ChangeCommitment', { commitmentId: 'C-1', changeId: 'H-9', kind: 'value', reason: 'why', ...changes }, envelope);
export const release = (commitmentId = 'C-1', envelope?: Envelope) =>
  command('ReleaseCommitment', { commitmentId, reason: 'why' }, envelope);
export const draw = (amount: bigint, commitmentId = 'C-1', envelope?: Envelope) =>
  command('RecordSpending', { transactionId: 'T-9', amount, commitmentId }, envelope);
export const transfer = (amount: bigint, { to = 'j', year = 2024, ...envelope }: Envelope & { to?: string; year?: FiscalYear } = {}) =>
  command('TransferFunding', { transferId: 'X-9', to, fiscalYear: year, amount, legalBasis: 'decree' }, envelope);
export const carryOver = (amount: bigint, envelope?: Envelope & { year?: FiscalYear }) =>
  command('CarryOver', { carryOverId: 'O-9', fiscalYear: envelope?.year ?? 2024, amount, legalBasis: 'decree' }, envelope);
export const startFinalizing = (envelope?: Envelope) => command('StartFinalizing', {}, envelope);
export const finalize = (envelope?: Envelope) => command('FinalizeInitiative', {}, envelope);
export const cancel = (envelope?: Envelope) => command('CancelInitiative', { reason: 'why', legalBasis: 'decree' }, envelope);
export const suspend = (envelope?: Envelope) => command('SuspendInitiative', { reason: 'why' }, envelope);
export const resume = (envelope?: Envelope) => command('ResumeInitiative', { reason: 'why' }, envelope);

/** An expected event, dated today unless `on` says otherwise. */
export function expected<T extends EventType>(
  type: T,
  version: number,
  data: EventData<T>,
  context: EventContext<T>,
  { by, on, initiative }: Envelope & { by: Actor },
): DomainEvent {
  const ofProgramme = isOfProgramme(type);
  return {
    type,
    programme: 'p',
    ...(!ofProgramme && { initiative: initiative ?? 'i' }),
    version,
    occurredOn: on ?? today,
    actor: by,
    data,
    context,
  } as DomainEvent;
}

/** Given what happened, when a command comes, then its outcome. */
export function given(...happenings: (Happening | readonly Happening[])[]) {
  const history = historyOf(happenings.flat());
  return {
    when: (command: Command, day: IsoDate = today) => ({
      then: (...events: DomainEvent[]) => {
        expect(history.submit(command, day)).toEqual(events);
      },
      thenNothingNew: () => {
        expect(history.submit(command, day)).toEqual([]);
      },
      thenRefused: (code: RefusalCode, detail: string, figures: RefusalFigures = {}) => {
        expect(refusalsOf(command.type)).toContain(code);
        expect(refusalOf(history, command, day)).toEqual({ code, detail, figures });
      },
    }),
  };
}

function refusalOf(history: History, command: Command, day: IsoDate) {
  try {
    return { decided: history.submit(command, day) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, detail: error.message, figures: error.figures };
  }
}

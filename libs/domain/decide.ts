import { refuseNotYours, refuseWrongRole } from './authorisation.js';
import { decideDelivery, isOfDelivery, type DeliveryCommand } from './delivery/decide.js';
import type { Command, CommandOf, InitiativeCommand, ProgrammeCommand } from './commands.js';
import { refuseBefore, refuseBeforeProgramme, refuseFuture } from './dates.js';
import { amend, cancel, finalize, propose, resume, startFinalizing, suspend, type InitiativeDecision } from './lifecycle/decide.js';
import { changeCommitment, makeCommitment, releaseCommitment } from './commitments/decide.js';
import { carryOver } from './money/carry-over.js';
import { adjustFunding, fund, returnFunds, reverse, spend } from './money/decide.js';
import { transferFunding } from './money/transfer.js';
import {
  adjustAppropriation,
  amendProgramme,
  closeFiscalYear,
  establish,
  grantAppropriation,
  reopenFiscalYear,
} from './programme/decide.js';
import { orderStatement, publishStatement } from './statements/decide.js';
import type { DomainEvent } from './events.js';
import { evolve } from './evolve.js';
import { isMovement, movementsOf, sameAgain } from './money/movements.js';
import { refuse } from './refusal.js';
import { isApprovable, ruleFor, type ApprovableCommand } from './requests/approvals.js';
import { endsRequest } from './requests/commands.js';
import { approve, giveBack, heldCommand, openRequest, submit, waitsAlready, withdraw, type RequestCommandType } from './requests/decide.js';
import type { Programme, Situation } from './state.js';
import type { Actor, IsoDate } from './vocabulary.js';

/**
 * Decides a command. Its shape is valid already: amounts are above zero, a change is not zero, dates exist.
 *
 * The order serves the sender. The first check is whether the sender may ask at all. The second is whether the same has happened already: that answer
 * never changes, whatever is recorded later. The third is whether the sender saw the present version. The rules come last.
 * @param situation the command's target, the taker of a transfer, and the {@link movementsOf movements} that it names, as far as the ledger knows them
 * @param today in the programme's time zone
 * @param digest identifies the command as it was sent; a request keeps it
 * @returns the events, in order; none if the same, by content, has happened or waits already. A command that waits for a second person leaves its request instead.
 * @throws {Refusal} a rule forbids the command
 */
export function decide(command: Command, situation: Situation, today: IsoDate, digest: string): DomainEvent[] {
  const events = decideNow(command, situation, today);
  const { programme } = situation;
  if (events.length === 0 || !programme || !waits(command)) return events;
  const rule = ruleFor(command, programme.approvals);
  return rule ? [submit(command, rule, { ...situation, programme }, today, digest)] : events;
}

function waits(command: Command): command is ApprovableCommand {
  return isApprovable(command.type);
}

/** Whether the same has happened already, or waits for a second person, as commands of its kind do. @throws {Refusal} `…-exists` */
function isRepeated(command: Command, situation: Situation & { programme: Programme }, today: IsoDate): boolean {
  if (sameAgain(command, situation)) return true;
  return waitsAlready(command, situation, today) && waits(command) && ruleFor(command, situation.programme.approvals) !== undefined;
}

/** Decides a command by the rules alone, whether or not it waits for a second person. */
function decideNow(command: Command, situation: Situation, today: IsoDate): DomainEvent[] {
  const events = eventsOf(command, situation, today);
  const { references } = command;
  return references && !endsRequest(command) ? events.map((event) => ({ ...event, references })) : events;
}

function eventsOf(command: Command, situation: Situation, today: IsoDate): DomainEvent[] {
  refuseWrongRole(command);
  if (command.type === 'EstablishProgramme') return establish(command, situation.programme, today);
  const { programme } = situation;
  if (!programme) refuse('unknown-programme', `there is no programme ${command.programme}; an admin establishes it first`);
  return command.initiative === undefined
    ? decideForProgramme(command, situation, programme, today)
    : decideForInitiative(command, situation, programme, today);
}

function decideForProgramme(
  command: Exclude<ProgrammeCommand, { type: 'EstablishProgramme' }>,
  situation: Situation,
  programme: Programme,
  today: IsoDate,
): DomainEvent[] {
  if (endsRequest(command)) return decideOnRequest(command, situation, programme, today);
  if (isRepeated(command, { ...situation, programme }, today)) return [];
  refuseOtherVersion(command, programme.version);
  const occurredOn = command.occurredOn ?? today;
  refuseFuture(occurredOn, today);
  if (command.type === 'AmendProgramme') return amendProgramme({ command, programme, occurredOn });
  refuseBeforeProgramme(occurredOn, programme);
  switch (command.type) {
    case 'GrantAppropriation':
      return grantAppropriation({ command, programme, occurredOn });
    case 'AdjustAppropriation':
      return adjustAppropriation({ command, programme, occurredOn });
    case 'CloseFiscalYear':
      return closeFiscalYear({ command, programme, occurredOn });
    case 'ReopenFiscalYear':
      return reopenFiscalYear({ command, programme, occurredOn });
    case 'OrderStatement':
      return orderStatement({ command, programme, occurredOn });
    case 'PublishStatement':
      return publishStatement({ command, programme, occurredOn }, situation.head ?? 0);
  }
}

/** Ends a request. An approval decides the held command now; a rule that forbids it forbids the approval. */
function decideOnRequest(
  command: CommandOf<RequestCommandType>,
  situation: Situation,
  programme: Programme,
  today: IsoDate,
): DomainEvent[] {
  const request = openRequest(command, situation, today);
  refuseOtherVersion(command, programme.version);
  const occurredOn = command.occurredOn ?? today;
  refuseFuture(occurredOn, today);
  const ended = { programme, request, occurredOn };
  if (command.type === 'WithdrawRequest') return [withdraw({ command, ...ended })];
  if (command.type === 'ReturnRequest') return [giveBack({ command, ...ended })];
  const approved = approve({ command, ...ended });
  // It waits in this request itself.
  const { awaited: _, ...known } = evolve(situation, approved);
  const decided = decideNow(heldCommand(request), known, today);
  return [approved, ...decided.map((event) => withApproval(event, command.actor))];
}

function withApproval<E extends DomainEvent>(event: E, approvedBy: Actor): E {
  return { ...event, approvedBy };
}

function decideForInitiative(command: InitiativeCommand, situation: Situation, programme: Programme, today: IsoDate): DomainEvent[] {
  const { initiative } = situation;
  const occurredOn = command.occurredOn ?? today;
  if (command.type === 'ProposeInitiative') {
    if (initiative)
      refuse('initiative-exists', `${command.programme} has an initiative ${command.initiative} already; a code is used once`);
    refuseOtherVersion(command, 0);
    refuseFuture(occurredOn, today);
    refuseBeforeProgramme(occurredOn, programme);
    return propose(command, occurredOn);
  }
  if (!initiative)
    refuse('unknown-initiative', `${command.programme} has no initiative ${command.initiative}; a ministry proposes it first`);
  refuseNotYours(command, initiative);
  if (isRepeated(command, { ...situation, programme }, today)) return [];
  refuseOtherVersion(command, initiative.version);
  refuseUnknownOrigin(command, situation);
  refuseFuture(occurredOn, today);
  refuseBefore(occurredOn, `the proposal of ${initiative.code}`, initiative.proposedOn);
  const { origin, commitment, taker } = situation;
  if (origin) refuseBefore(occurredOn, `the ${origin.kind} ${origin.id}`, origin.occurredOn);
  if (isOfDelivery(command))
    return decideDelivery(command, { initiative, occurredOn, ...(origin && !isMovement(origin) && { about: origin }) });
  const referred = { ...(origin && isMovement(origin) && { origin }), ...(commitment && { commitment }), ...(taker && { taker }) };
  return decideByType(command, { programme, initiative, occurredOn, ...referred });
}

function decideByType(
  command: Exclude<InitiativeCommand, DeliveryCommand | { type: 'ProposeInitiative' }>,
  known: Omit<InitiativeDecision<'AmendInitiative'>, 'command'>,
): DomainEvent[] {
  switch (command.type) {
    case 'AmendInitiative':
      return amend({ command, ...known });
    case 'FundInitiative':
      return fund({ command, ...known });
    case 'AdjustFunding':
      return adjustFunding({ command, ...known });
    case 'RecordSpending':
      return spend({ command, ...known });
    case 'ReverseSpending':
      return reverse({ command, ...known });
    case 'ReturnFunds':
      return returnFunds({ command, ...known });
    case 'MakeCommitment':
      return makeCommitment({ command, ...known });
    case 'ChangeCommitment':
      return changeCommitment({ command, ...known });
    case 'ReleaseCommitment':
      return releaseCommitment({ command, ...known });
    case 'TransferFunding':
      return transferFunding({ command, ...known });
    case 'CarryOver':
      return carryOver({ command, ...known });
    case 'StartFinalizing':
      return startFinalizing({ command, ...known });
    case 'FinalizeInitiative':
      return finalize({ command, ...known });
    case 'CancelInitiative':
      return cancel({ command, ...known });
    case 'SuspendInitiative':
      return suspend({ command, ...known });
    case 'ResumeInitiative':
      return resume({ command, ...known });
  }
}

/** @throws {Refusal} `version-mismatch` if the sender names a version other than the present one */
function refuseOtherVersion({ expectedVersion }: Command, version: number): void {
  if (expectedVersion !== undefined && expectedVersion !== version)
    refuse('version-mismatch', `the command was made for version ${expectedVersion}, and it is version ${version} now`);
}

/** @throws {Refusal} `unknown-…` */
function refuseUnknownOrigin(command: InitiativeCommand, { origin }: Situation): void {
  const key = movementsOf(command).origin;
  if (!key || origin) return;
  if (key.kind === 'funding') refuse('unknown-funding', `${command.initiative} has no funding ${key.id}`);
  if (key.kind === 'commitment') refuse('unknown-commitment', `${command.initiative} has no commitment ${key.id}`);
  if (key.kind === 'milestone' || key.kind === 'indicator' || key.kind === 'result')
    refuse(`unknown-${key.kind}`, `${command.initiative} has no ${key.kind} ${key.id}`);
  refuse('unknown-spending', `${command.initiative} has no spending ${key.id}`);
}

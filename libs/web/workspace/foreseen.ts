/** The changes of a command before it is recorded, computed by the same fold that makes the documents. */
import { fiscalYearOf } from '../../domain/calendar.js';
import { capabilities } from '../../domain/capabilities.js';
import type { DrawnFrom } from '../../domain/commitments/events.js';
import type { InitiativeCommand } from '../../domain/commands.js';
import type { IsoDate } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import { foldInitiative, type InitiativeView } from '../../projections/initiatives/initiative-view.js';
import { trusted } from '../../trusted/trusted.js';

/**
 * The initiative after a command that the ledger would accept.
 * @param today in the programme's time zone
 * @param correctedYear the fiscal year of the payment or funding that the command corrects, if it corrects one
 * @param commitment the commitment that the command names, or that the payment it reverses was drawn from
 */
export function foreseen(
  view: InitiativeView,
  command: InitiativeCommand,
  today: IsoDate,
  correctedYear?: number,
  commitment?: CommitmentView,
): InitiativeView {
  const occurredOn = command.occurredOn ?? today;
  const corrects = command.type === 'ReverseSpending' || command.type === 'AdjustFunding' ? correctedYear : undefined;
  const open = commitment?.released ? undefined : commitment;
  const year =
    ofCommitment(command, open) ?? ('fiscalYear' in command.data ? command.data.fiscalYear : (corrects ?? fiscalYearOf(occurredOn)));
  const event = (type: string, data: object, fiscalYear: number) =>
    // Folding reads an event's money, status, terms and assessor; the rest of it serves freshness only.
    trusted<EventRecord>({
      programme: view.programme,
      initiative: view.initiative,
      version: view.version + 1,
      position: view.position,
      type,
      data,
      context: { fiscalYear, authority: view.authority, ...drawnFrom(command, open), ...carriedAlong(command, view) },
      occurredOn,
      recordedAt: view.lastRecordedAt,
      actor: command.actor,
    });
  const events: EventRecord[] = [];
  // Cancelling releases what is committed and gives back what is unspent, year by year.
  if (command.type === 'CancelInitiative')
    for (const { fiscalYear, committed } of view.fiscalYears)
      if (BigInt(committed) > 0n) events.push(event('CommitmentReleased', { amount: BigInt(committed) }, fiscalYear));
  if (command.type === 'CancelInitiative')
    for (const { fiscalYear, available } of view.fiscalYears)
      if (BigInt(available) > 0n) events.push(event('FundsReturned', { fiscalYear, amount: BigInt(available) }, fiscalYear));
  events.push(event(capabilities[command.type].event, dataOf(command, view, open), year));
  return events.reduce<InitiativeView>((before, next) => foldInitiative({ view: before, daysLate: 0 }, next, 'UTC')?.view ?? before, view);
}

/** A change or release of a commitment counts in the commitment's year. */
function ofCommitment({ type }: InitiativeCommand, commitment: CommitmentView | undefined): number | undefined {
  return type === 'ChangeCommitment' || type === 'ReleaseCommitment' ? commitment?.fiscalYear : undefined;
}

/** What goes along with a carry-over: an amount that covers the committed money of the year takes all of it. */
function carriedAlong(command: InitiativeCommand, { fiscalYears }: InitiativeView): object {
  if (command.type !== 'CarryOver') return {};
  const committed = BigInt(fiscalYears.find(({ fiscalYear }) => fiscalYear === command.data.fiscalYear)?.committed ?? '0');
  return { appropriated: 0n, ...(committed > 0n && command.data.amount >= committed && { committed }) };
}

function drawnFrom({ type }: InitiativeCommand, commitment: CommitmentView | undefined): DrawnFrom {
  if (!commitment || (type !== 'RecordSpending' && type !== 'ReverseSpending')) return {};
  return { commitment: { id: commitment.commitmentId, fiscalYear: commitment.fiscalYear } };
}

function dataOf(command: InitiativeCommand, view: InitiativeView, commitment: CommitmentView | undefined): object {
  if (command.type === 'FinalizeInitiative') return { finalValue: BigInt(view.spent) };
  return command.type === 'ReleaseCommitment' ? { ...command.data, amount: BigInt(commitment?.open ?? '0') } : command.data;
}

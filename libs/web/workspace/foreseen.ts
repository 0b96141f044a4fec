/** What a command will have changed once it is recorded, as the same fold shows it that the documents are made with. */
import { fiscalYearOf } from '../../domain/calendar.js';
import { capabilities } from '../../domain/capabilities.js';
import type { InitiativeCommand } from '../../domain/commands.js';
import type { IsoDate } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';
import { foldInitiative, type InitiativeView } from '../../projections/initiatives/initiative-view.js';
import { trusted } from '../../trusted/trusted.js';

/**
 * The initiative after a command that the ledger would accept.
 * @param today in the programme's time zone
 * @param correctedYear the fiscal year of the payment or funding that the command corrects, if it corrects one
 */
export function foreseen(view: InitiativeView, command: InitiativeCommand, today: IsoDate, correctedYear?: number): InitiativeView {
  const occurredOn = command.occurredOn ?? today;
  const corrects = command.type === 'ReverseSpending' || command.type === 'AdjustFunding' ? correctedYear : undefined;
  const year = 'fiscalYear' in command.data ? command.data.fiscalYear : (corrects ?? fiscalYearOf(occurredOn));
  const event = (type: string, data: object, fiscalYear: number) =>
    // Folding reads what an event says of money, status and terms, and its frame for freshness alone.
    trusted<EventRecord>({
      programme: view.programme,
      initiative: view.initiative,
      version: view.version + 1,
      position: view.position,
      type,
      data,
      context: { fiscalYear, authority: view.authority },
      occurredOn,
      recordedAt: view.lastRecordedAt,
    });
  const events: EventRecord[] = [];
  // Cancelling gives back what is unspent, year by year.
  if (command.type === 'CancelInitiative')
    for (const { fiscalYear, available } of view.fiscalYears)
      if (BigInt(available) > 0n) events.push(event('FundsReturned', { fiscalYear, amount: BigInt(available) }, fiscalYear));
  const data = command.type === 'FinalizeInitiative' ? { finalValue: BigInt(view.spent) } : command.data;
  events.push(event(capabilities[command.type].event, data, year));
  return events.reduce<InitiativeView>((before, next) => foldInitiative({ view: before, daysLate: 0 }, next, 'UTC')?.view ?? before, view);
}

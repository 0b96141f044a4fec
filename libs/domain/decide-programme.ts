/** What a programme and its appropriations allow. Amounts are minor units. */
import { atLeastZero, committed, refuseBeyondDigits, totalIn, yearOf } from './available.js';
import { canonicalText } from './canonical-text.js';
import type { CommandOf } from './commands.js';
import { refuseBefore, refuseFuture } from './dates.js';
import type { EventOf } from './events.js';
import { isSame } from './movements.js';
import { refuse } from './refusal.js';
import type { Programme } from './state.js';
import type { FiscalYear, IsoDate } from './vocabulary.js';

/** Established once; the same again, by content, is nothing new. */
export function establish(
  { programme: code, data, actor, occurredOn, expectedVersion }: CommandOf<'EstablishProgramme'>,
  programme: Programme | undefined,
  today: IsoDate,
): EventOf<'ProgrammeEstablished'>[] {
  if (programme) {
    const { title, currency, timeZone, ceiling, years, establishedOn } = programme;
    const content = canonicalText({ title, currency, timeZone, ceiling, years });
    if (isSame({ content, occurredOn: establishedOn }, canonicalText(data), occurredOn)) return [];
    refuse('programme-exists', `${code} was established on ${establishedOn}, with other content`);
  }
  if (expectedVersion !== undefined && expectedVersion !== 0)
    refuse('version-mismatch', `${code} is not established yet, so it has no version ${expectedVersion}`);
  refuseFuture(occurredOn ?? today, today);
  return [{ type: 'ProgrammeEstablished', programme: code, version: 1, occurredOn: occurredOn ?? today, actor, data, context: {} }];
}

type Decision<T extends 'GrantAppropriation' | 'AdjustAppropriation' | 'CloseFiscalYear'> = {
  command: CommandOf<T>;
  programme: Programme;
  occurredOn: IsoDate;
};

export function grantAppropriation({ command, programme, occurredOn }: Decision<'GrantAppropriation'>): EventOf<'AppropriationGranted'>[] {
  const { fiscalYear, amount } = command.data;
  refuseClosedYear(programme, fiscalYear);
  refuseBeyondDigits([totalIn(programme, 'appropriated')], amount);
  return [{ type: 'AppropriationGranted', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** Where appropriations limit funding, one never falls below what was funded out of it; where they don't, not below zero. */
export function adjustAppropriation({
  command,
  programme,
  occurredOn,
}: Decision<'AdjustAppropriation'>): EventOf<'AppropriationAdjusted'>[] {
  const { fiscalYear, change } = command.data;
  const year = yearOf(programme, fiscalYear);
  if (year.appropriated === undefined || year.grantedOn === undefined)
    refuse('unknown-appropriation', `nothing was appropriated for ${fiscalYear} yet, so there is nothing to adjust`);
  refuseBefore(occurredOn, `the appropriation for ${fiscalYear}`, year.grantedOn);
  refuseClosedYear(programme, fiscalYear);
  const floor = programme.ceiling === 'enforced' ? atLeastZero(committed(year)) : 0n;
  const available = year.appropriated - floor;
  if (available + change < 0n)
    refuse(
      'appropriation-below-funding',
      `an appropriation never falls below what was funded out of it: that of ${fiscalYear} can be cut by ${available}, and ${-change} was requested`,
      { available, requested: -change },
    );
  refuseBeyondDigits([totalIn(programme, 'appropriated')], change);
  return [{ type: 'AppropriationAdjusted', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** Annual money must be spent or returned before its year closes. */
export function closeFiscalYear({ command, programme, occurredOn }: Decision<'CloseFiscalYear'>): EventOf<'FiscalYearClosed'>[] {
  const { fiscalYear } = command.data;
  const year = yearOf(programme, fiscalYear);
  if (year.grantedOn !== undefined) refuseBefore(occurredOn, `the appropriation for ${fiscalYear}`, year.grantedOn);
  refuseClosedYear(programme, fiscalYear);
  if (programme.years === 'annual' && year.initiativesWithOpenFunds > 0) {
    const available = committed(year) - year.spent;
    refuse(
      'year-has-open-funds',
      `all money of an annual year is spent or returned before it closes: ${available} of ${fiscalYear} is left, initiatives that have some: ${year.initiativesWithOpenFunds}`,
      { available },
    );
  }
  return [{ type: 'FiscalYearClosed', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** @throws {Refusal} `fiscal-year-closed` */
export function refuseClosedYear(programme: Programme, fiscalYear: FiscalYear): void {
  if (yearOf(programme, fiscalYear).closed)
    refuse('fiscal-year-closed', `the fiscal year ${fiscalYear} of ${programme.code} is closed: no grants, funding or spending post to it`);
}

function happened({ command, programme, occurredOn }: Decision<'GrantAppropriation' | 'AdjustAppropriation' | 'CloseFiscalYear'>) {
  return { programme: programme.code, version: programme.version + 1, occurredOn, actor: command.actor };
}

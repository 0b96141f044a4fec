/** Decisions on a programme and its appropriations. Amounts are minor units. */
import { atLeastZero, outstandingFunding, refuseBeyondDigits, totalIn, yearOf } from '../money/available.js';
import { canonicalText } from '../canonical-text.js';
import type { CommandOf, ProgrammeCommandType } from '../commands.js';
import { fiscalYearOf } from '../calendar.js';
import { refuseBefore, refuseBeforeProgramme, refuseFuture } from '../dates.js';
import type { EventOf } from '../events.js';
import { isSame } from '../money/movements.js';
import { contentOf } from '../papers/references.js';
import { refuse } from '../refusal.js';
import { defaultThresholds } from '../requests/approvals.js';
import { sameHand } from '../separation-of-duties.js';
import type { Programme } from '../state.js';
import { mergedTitle } from '../lifecycle/terms.js';
import type { Actor, FiscalYear, IsoDate, Money } from '../vocabulary.js';

/** A programme is established once; the same command again, by content, gives no events. */
export function establish(
  command: CommandOf<'EstablishProgramme'>,
  programme: Programme | undefined,
  today: IsoDate,
): EventOf<'ProgrammeEstablished'>[] {
  const { programme: code, data, actor, occurredOn, expectedVersion } = command;
  if (programme) {
    const { established } = programme;
    if (isSame(established, contentOf(command), occurredOn)) return [];
    refuse('programme-exists', `${code} was established on ${established.occurredOn}, with other content`);
  }
  if (expectedVersion !== undefined && expectedVersion !== 0)
    refuse('version-mismatch', `${code} is not established yet, so it has no version ${expectedVersion}`);
  refuseFuture(occurredOn ?? today, today);
  return [{ type: 'ProgrammeEstablished', programme: code, version: 1, occurredOn: occurredOn ?? today, actor, data, context: {} }];
}

/** What a decision on a programme is made of. */
export type ProgrammeDecision<T extends ProgrammeCommandType> = {
  command: CommandOf<T>;
  programme: Programme;
  occurredOn: IsoDate;
};

export function grantAppropriation({
  command,
  programme,
  occurredOn,
}: ProgrammeDecision<'GrantAppropriation'>): EventOf<'AppropriationGranted'>[] {
  const { fiscalYear, amount } = command.data;
  refuseClosedYear(programme, fiscalYear);
  refuseBeyondDigits([totalIn(programme, 'appropriated')], amount);
  return [{ type: 'AppropriationGranted', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** If appropriations limit funding, an appropriation never falls below what was funded out of it; otherwise, never below zero. */
export function adjustAppropriation({
  command,
  programme,
  occurredOn,
}: ProgrammeDecision<'AdjustAppropriation'>): EventOf<'AppropriationAdjusted'>[] {
  const { fiscalYear, change } = command.data;
  const year = yearOf(programme, fiscalYear);
  if (year.appropriated === undefined || year.grantedOn === undefined) refuseUngranted(fiscalYear, year.appropriated ?? 0n);
  refuseBefore(occurredOn, `the appropriation for ${fiscalYear}`, year.grantedOn);
  refuseClosedYear(programme, fiscalYear);
  const floor = programme.ceiling === 'enforced' ? atLeastZero(outstandingFunding(year)) : 0n;
  const available = year.appropriated - floor;
  if (available + change < 0n)
    refuse(
      'appropriation-below-funding',
      `an appropriation never falls below what was funded out of it: that of ${fiscalYear} can be cut by ${available}, and ${-change} was requested`,
      { available, requested: -change },
    );
  refuseBeyondDigits([totalIn(programme, 'appropriated')], change);
  const context = { fiscalYear, ...(year.source && { source: year.source }) };
  return [{ type: 'AppropriationAdjusted', ...happened({ command, programme, occurredOn }), data: command.data, context }];
}

/** @throws {Refusal} `unknown-appropriation` always: the law granted nothing for the year, though money may have been carried over into it */
function refuseUngranted(fiscalYear: FiscalYear, carriedOver: Money): never {
  refuse(
    'unknown-appropriation',
    carriedOver === 0n
      ? `nothing was appropriated for ${fiscalYear} yet, so there is nothing to adjust`
      : `no law granted an appropriation for ${fiscalYear} yet (${carriedOver} was carried over); grant it first`,
  );
}

/**
 * An amendment changes a programme's title, its approvals, its thresholds, whether indicators are required, and the day of its establishment; its currency,
 * time zone and rules never change. The establishment only moves back: nothing may be dated before it, so a later day could contradict the history.
 */
export function amendProgramme({ command, programme, occurredOn }: ProgrammeDecision<'AmendProgramme'>): EventOf<'ProgrammeAmended'>[] {
  const { title: changes, establishedOn, approvals, thresholds, indicators, reason } = command.data;
  const title = changes && mergedTitle(programme.title, changes);
  if (establishedOn !== undefined && establishedOn > programme.establishedOn)
    refuse(
      'date-out-of-order',
      `${programme.code} was established on ${programme.establishedOn}, and the command says ${establishedOn}; an establishment moves back, never forward`,
    );
  const moves = establishedOn !== undefined && establishedOn < programme.establishedOn;
  const renames = title !== undefined && canonicalText(title) !== canonicalText(programme.title);
  const ruled = approvals !== undefined && canonicalText(approvals) !== canonicalText(programme.approvals ?? []);
  const warned = thresholds !== undefined && canonicalText(thresholds) !== canonicalText(programme.thresholds ?? defaultThresholds);
  const requires = indicators !== undefined && indicators !== (programme.indicators ?? 'optional');
  if (!moves && !renames && !ruled && !warned && !requires)
    refuse('nothing-to-amend', `${programme.code} is as the command says already; an amendment names what changes`);
  refuseBeforeProgramme(occurredOn, { code: programme.code, establishedOn: moves ? establishedOn : programme.establishedOn });
  const data = {
    ...(renames && { title }),
    ...(moves && { establishedOn }),
    ...(ruled && { approvals }),
    ...(warned && { thresholds }),
    ...(requires && { indicators }),
    reason,
  };
  return [{ type: 'ProgrammeAmended', ...happened({ command, programme, occurredOn }), data, context: {} }];
}

/** A fiscal year closes after its end; annual money must be spent or returned before. */
export function closeFiscalYear({ command, programme, occurredOn }: ProgrammeDecision<'CloseFiscalYear'>): EventOf<'FiscalYearClosed'>[] {
  const { fiscalYear } = command.data;
  const year = programme.fiscalYears[fiscalYear];
  if (!year)
    refuse(
      'unknown-fiscal-year',
      `nothing was appropriated, funded or spent in ${fiscalYear}, so there is nothing to close; the fiscal years of ${programme.code} are ${Object.keys(programme.fiscalYears).join(', ') || 'none yet'}`,
    );
  refuseClosedYear(programme, fiscalYear);
  if (fiscalYearOf(occurredOn) <= fiscalYear)
    refuse(
      'fiscal-year-not-over',
      `the fiscal year ${fiscalYear} is over after ${fiscalYear}-12-31, and the command says ${occurredOn}; close it from ${fiscalYear + 1}-01-01 on`,
    );
  if (year.grantedOn !== undefined) refuseBefore(occurredOn, `the appropriation for ${fiscalYear}`, year.grantedOn);
  if (programme.years === 'annual' && year.initiativesWithOpenFunds > 0) {
    const available = outstandingFunding(year) - year.spent;
    const { committed = 0n } = year;
    refuse(
      'year-has-open-funds',
      `all money of an annual year is spent or returned before it closes: ${available} of ${fiscalYear} is left${committed === 0n ? '' : `, ${committed} of it committed`}, initiatives that have some: ${year.initiativesWithOpenFunds}`,
      { available, ...(committed !== 0n && { committed }) },
    );
  }
  return [{ type: 'FiscalYearClosed', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** Opens a closed year to grants, funding and spending. Corrections made since its closing stay, and returns made since give room in its appropriation. */
export function reopenFiscalYear({
  command,
  programme,
  occurredOn,
}: ProgrammeDecision<'ReopenFiscalYear'>): EventOf<'FiscalYearReopened'>[] {
  const { fiscalYear } = command.data;
  const { closing } = yearOf(programme, fiscalYear);
  if (!closing)
    refuse('fiscal-year-open', `the fiscal year ${fiscalYear} of ${programme.code} is not closed, so there is nothing to reopen`);
  if (sameHand(command.actor, closing.by)) refuse('separation-of-duties', `who closed ${fiscalYear} does not reopen it`);
  refuseBefore(occurredOn, `the closing of ${fiscalYear}`, closing.on);
  return [{ type: 'FiscalYearReopened', ...happened({ command, programme, occurredOn }), data: command.data, context: { fiscalYear } }];
}

/** @throws {Refusal} `fiscal-year-closed` */
export function refuseClosedYear(programme: Programme, fiscalYear: FiscalYear): void {
  if (yearOf(programme, fiscalYear).closed)
    refuse('fiscal-year-closed', `the fiscal year ${fiscalYear} of ${programme.code} is closed: no grants, funding or spending post to it`);
}

/** What every event of a programme has. */
export function happened({
  command,
  programme,
  occurredOn,
}: Pick<ProgrammeDecision<never>, 'programme' | 'occurredOn'> & { command: { actor: Actor } }) {
  return { programme: programme.code, version: programme.version + 1, occurredOn, actor: command.actor };
}

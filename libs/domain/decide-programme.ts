import type { ProgrammeCommand } from './commands.js';
import type { ProgrammeEvent } from './events.js';
import { availableAppropriation, yearOf } from './money.js';
import { contentOf } from './movements.js';
import { refuse } from './refusal.js';
import type { Programme, Situation } from './state.js';
import { largestAmount, type FiscalYear, type IsoDate } from './vocabulary.js';

/** Decides a command to a programme itself. @throws {Refusal} */
export function decideForProgramme(command: ProgrammeCommand, situation: Situation, occurredOn: IsoDate): ProgrammeEvent[] {
  const { programme } = situation;
  const { actor } = command;
  const version = (programme?.version ?? 0) + 1;
  const happened = { programme: command.programme, version, occurredOn, actor };
  if (command.type === 'EstablishProgramme') {
    if (!programme) return [{ ...happened, type: 'ProgrammeEstablished', data: command.data, context: {} }];
    if (isEstablishedWith(programme, command.data)) return [];
    return refuse('programme-exists', `${programme.code} was established on ${programme.establishedOn} with other content`);
  }
  if (!programme) return refuse('unknown-programme', `there is no programme ${command.programme}; an admin establishes it first`);
  checkVersion(command.expectedVersion, programme);
  const { fiscalYear } = command.data;
  const year = yearOf(programme, fiscalYear);
  checkYearOpen(programme, fiscalYear);
  const context = { fiscalYear };
  switch (command.type) {
    case 'GrantAppropriation': {
      checkTotal(programme, command.data.amount);
      return [{ ...happened, type: 'AppropriationGranted', data: command.data, context }];
    }
    case 'AdjustAppropriation': {
      const { change } = command.data;
      if (year.appropriated === undefined || year.grantedOn === undefined)
        return refuse('unknown-appropriation', `no appropriation was granted for ${fiscalYear} that could be adjusted`);
      if (occurredOn < year.grantedOn)
        refuse(
          'date-out-of-order',
          `an adjustment is not dated before the appropriation it adjusts (${year.grantedOn}), not ${occurredOn}`,
        );
      const least = programme.ceiling === 'enforced' ? year.funded - year.returned : 0n;
      if (year.appropriated + change < (least > 0n ? least : 0n))
        refuse(
          'appropriation-below-funding',
          `${least} of ${fiscalYear} is given to initiatives; its appropriation of ${year.appropriated} can be lowered by at most ${availableAppropriation(year)}`,
          { available: availableAppropriation(year), requested: -change },
        );
      checkTotal(programme, change);
      return [{ ...happened, type: 'AppropriationAdjusted', data: command.data, context }];
    }
    case 'CloseFiscalYear': {
      if (programme.years === 'annual' && year.initiativesWithOpenFunds > 0)
        refuse(
          'year-has-open-funds',
          `${year.initiativesWithOpenFunds} initiatives have money of ${fiscalYear} that is neither spent nor returned`,
        );
      return [{ ...happened, type: 'FiscalYearClosed', data: command.data, context }];
    }
  }
}

/** @throws {Refusal} `version-mismatch` */
export function checkVersion(expected: number | undefined, { version, code }: { version: number; code: string }): void {
  if (expected !== undefined && expected !== version) refuse('version-mismatch', `${code} is at version ${version}, not ${expected}`);
}

/** @throws {Refusal} `fiscal-year-closed` */
export function checkYearOpen(programme: Programme, fiscalYear: FiscalYear): void {
  if (yearOf(programme, fiscalYear).closed) refuse('fiscal-year-closed', `the fiscal year ${fiscalYear} of ${programme.code} is closed`);
}

/** No total grows beyond 18 digits, so that every reader's numbers hold it. @throws {Refusal} `amount-too-large` */
export function checkTotal(programme: Programme, more: bigint): void {
  const years = Object.values(programme.fiscalYears);
  const appropriated = years.reduce((total, year) => total + (year.appropriated ?? 0n), 0n);
  const funded = years.reduce((total, year) => total + year.funded, 0n);
  const largest = (appropriated > funded ? appropriated : funded) + more;
  if (largest > largestAmount) refuse('amount-too-large', `the programme's total would be ${largest}; at most ${largestAmount} is kept`);
}

function isEstablishedWith({ title, currency, timeZone, ceiling, years }: Programme, data: object): boolean {
  return contentOf({ title, currency, timeZone, ceiling, years }) === contentOf(data);
}

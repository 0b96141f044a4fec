import type { Initiative, Programme, YearState } from './state.js';
import type { FiscalYear, IsoDate, Money, Sums } from './vocabulary.js';

const nothing: Sums = { funded: 0n, spent: 0n, returned: 0n };
const untouchedYear: YearState = { funded: 0n, spent: 0n, returned: 0n, initiativesWithOpenFunds: 0, closed: false };

/** A fiscal year is a calendar year in the programme's time zone. */
export function fiscalYearOf(date: IsoDate): FiscalYear {
  return Number(date.slice(0, 4));
}

/** What an initiative was given, spent and returned of one fiscal year. */
export function sumsOf(initiative: Initiative, fiscalYear: FiscalYear): Sums {
  return initiative.years[fiscalYear] ?? nothing;
}

/** The same over all fiscal years. */
export function totalOf(initiative: Initiative): Sums {
  return Object.values(initiative.years).reduce(
    (total, year) => ({ funded: total.funded + year.funded, spent: total.spent + year.spent, returned: total.returned + year.returned }),
    nothing,
  );
}

/** Neither spent nor returned. */
export function unspentOf({ funded, spent, returned }: Sums): Money {
  return funded - returned - spent;
}

/** What an initiative may spend in a fiscal year: the rest of that year's money, or of all its money where years may lend to each other. */
export function availableTo(programme: Programme, initiative: Initiative, fiscalYear: FiscalYear): Money {
  return unspentOf(programme.years === 'annual' ? sumsOf(initiative, fiscalYear) : totalOf(initiative));
}

/** What deciding knows of a programme's fiscal year, also of one that nothing was said about yet. */
export function yearOf(programme: Programme, fiscalYear: FiscalYear): YearState {
  return programme.fiscalYears[fiscalYear] ?? untouchedYear;
}

/** How much of a year's appropriation may still be given to initiatives. */
export function availableAppropriation({ appropriated = 0n, funded, returned }: YearState): Money {
  return appropriated - (funded - returned);
}

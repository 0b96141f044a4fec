/** What holds of every programme and initiative after every command, whatever was sent: the rules' own bounds, seen from the state. */
import { bases, committed, isBeyondDigits, roomInAppropriation, totalIn, totalOf, unspent } from './available.js';
import type { Initiative, Programme } from './state.js';
import { hasEnded } from './status.js';

/** The first rule that does not hold, in words; `undefined` where all do. */
export function brokenInvariant(programme: Programme, initiative: Initiative | undefined): string | undefined {
  return brokenInProgramme(programme) ?? (initiative && brokenInInitiative(programme, initiative));
}

function brokenInProgramme(programme: Programme): string | undefined {
  const { ceiling, years: rule, fiscalYears } = programme;
  for (const [fiscalYear, year] of Object.entries(fiscalYears)) {
    if (ceiling === 'enforced' && roomInAppropriation(year) < 0n)
      return `${committed(year)} of ${fiscalYear} is funded and not returned, above the appropriation of ${year.appropriated ?? 0n}`;
    if ([year.funded, year.spent].some(isBeyondDigits)) return `a total of ${fiscalYear} has more than 18 digits`;
  }
  for (const { sums, inWords } of bases(fiscalYears, rule)) if (sums.spent < 0n) return `${sums.spent} ${inWords} is spent, below zero`;
  if ((['appropriated', 'funded', 'spent'] as const).some((kind) => isBeyondDigits(totalIn(programme, kind))))
    return 'a total has more than 18 digits';
  return undefined;
}

function brokenInInitiative({ years: rule }: Programme, initiative: Initiative): string | undefined {
  const { code, years } = initiative;
  for (const { sums, inWords } of bases(years, rule)) {
    if (unspent(sums) < 0n) return `${code} has ${unspent(sums)} ${inWords} available, below zero`;
    if (sums.spent < 0n) return `${code} has spent ${sums.spent} ${inWords}, below zero`;
  }
  for (const [fiscalYear, { funded, spent }] of Object.entries(years))
    if ([funded, spent].some(isBeyondDigits)) return `a total of ${code} of ${fiscalYear} has more than 18 digits`;
  const left = unspent(totalOf(years));
  if (hasEnded(initiative) && left !== 0n) return `${code} has ended with ${left} unspent`;
  return undefined;
}

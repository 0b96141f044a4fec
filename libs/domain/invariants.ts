/** What holds of every programme and initiative after every command, whatever was sent. */
import { committed, totalOf, unspent } from './available.js';
import type { Initiative, Programme } from './state.js';
import { hasEnded } from './status.js';
import { largestAmount } from './vocabulary.js';

/** The first rule that does not hold, in words; `undefined` where all do. */
export function brokenInvariant(programme: Programme, initiative: Initiative | undefined): string | undefined {
  return brokenInProgramme(programme) ?? (initiative && brokenInInitiative(programme, initiative));
}

function brokenInProgramme({ ceiling, fiscalYears }: Programme): string | undefined {
  let [appropriated, spent] = [0n, 0n];
  for (const [fiscalYear, year] of Object.entries(fiscalYears)) {
    if (ceiling === 'enforced' && committed(year) > (year.appropriated ?? 0n))
      return `${committed(year)} of ${fiscalYear} is funded and not returned, above the appropriation of ${year.appropriated ?? 0n}`;
    if (year.spent < 0n) return `${year.spent} of ${fiscalYear} is spent, below zero`;
    appropriated += year.appropriated ?? 0n;
    spent += year.spent;
  }
  if (appropriated > largestAmount || spent > largestAmount) return 'a total has more than 18 digits';
  return undefined;
}

function brokenInInitiative({ years: rule }: Programme, initiative: Initiative): string | undefined {
  const { code, years } = initiative;
  const total = totalOf(years);
  if (unspent(total) < 0n) return `${code} has ${unspent(total)} available, below zero`;
  if (total.spent < 0n) return `${code} has spent ${total.spent}, below zero`;
  if (rule === 'annual')
    for (const [fiscalYear, sums] of Object.entries(years))
      if (unspent(sums) < 0n) return `${code} has ${unspent(sums)} of ${fiscalYear} available, below zero`;
  if (hasEnded(initiative) && unspent(total) !== 0n) return `${code} has ended with ${unspent(total)} unspent`;
  return undefined;
}

/** The invariants of every programme and initiative after every command: the bounds of the rules, checked on the state. */
import { mostIndicators, mostMilestones } from './delivery/commands.js';
import {
  bases,
  basisInWords,
  isBeyondDigits,
  outstandingFunding,
  roomInAppropriation,
  totalOf,
  totalsIn,
  unspent,
} from './money/available.js';
import { openCommitments } from './commitments/open.js';
import type { Initiative, Programme } from './state.js';
import { hasEnded } from './lifecycle/status.js';
import { largestAmount, type Money } from './vocabulary.js';

/** An invariant that does not hold. */
export type BrokenInvariant = {
  rule: 'ceiling' | 'digits' | 'spent' | 'available' | 'committed' | 'end' | 'limit';
  /** The total or initiative that breaks it: `funded of 2024`, `i over all years`. */
  subject: string;
  /** By how much, above zero. */
  excess: Money;
  inWords: string;
};

/** Every invariant that a programme and one of its initiatives break. */
export function brokenInvariants(programme: Programme, initiative: Initiative | undefined): BrokenInvariant[] {
  const broken: BrokenInvariant[] = [];
  addBrokenInProgramme(broken, programme);
  if (initiative) addBrokenInInitiative(broken, programme, initiative);
  return broken;
}

/** The first invariant that a command broke or broke further. */
export function firstWorsened(before: readonly BrokenInvariant[], after: readonly BrokenInvariant[]): BrokenInvariant | undefined {
  return after.find(
    ({ rule, subject, excess }) => !before.some((one) => one.rule === rule && one.subject === subject && one.excess >= excess),
  );
}

function addBrokenInProgramme(broken: BrokenInvariant[], programme: Programme): void {
  const { ceiling, years: rule, fiscalYears } = programme;
  for (const [fiscalYear, year] of Object.entries(fiscalYears)) {
    const room = roomInAppropriation(year);
    if (ceiling === 'enforced' && room < 0n) {
      const inWords = `${outstandingFunding(year)} of ${fiscalYear} is funded and not returned, above the appropriation of ${year.appropriated ?? 0n}`;
      broken.push({ rule: 'ceiling', subject: fiscalYear, excess: -room, inWords });
    }
    for (const kind of ['funded', 'spent'] as const)
      if (isBeyondDigits(year[kind])) broken.push(tooManyDigits(`${kind} of ${fiscalYear}`, year[kind], `a total of ${fiscalYear}`));
  }
  for (const { sums, year } of bases(fiscalYears, rule))
    if (sums.spent < 0n) {
      const inWords = basisInWords(rule, year);
      broken.push({ rule: 'spent', subject: inWords, excess: -sums.spent, inWords: `${sums.spent} ${inWords} is spent, below zero` });
    }
  for (const [kind, total] of Object.entries(totalsIn(fiscalYears)))
    if (isBeyondDigits(total)) broken.push(tooManyDigits(kind, total, 'a total'));
}

function addBrokenInInitiative(broken: BrokenInvariant[], { years: rule }: Programme, initiative: Initiative): void {
  const { code, years } = initiative;
  for (const { sums, year } of bases(years, rule)) {
    const available = unspent(sums);
    const { committed = 0n } = sums;
    if (available >= committed && sums.spent >= 0n && committed >= 0n) continue;
    const inWords = basisInWords(rule, year);
    const subject = `${code} ${inWords}`;
    if (available < 0n)
      broken.push({ rule: 'available', subject, excess: -available, inWords: `${code} has ${available} ${inWords} available, below zero` });
    // Open commitments, spending and returns together stay within the funding.
    if (committed !== 0n && (available < committed || committed < 0n))
      broken.push({
        rule: 'committed',
        subject,
        excess: committed < 0n ? -committed : committed - available,
        inWords: `${code} has ${committed} ${inWords} committed, and ${available} unspent`,
      });
    if (sums.spent < 0n)
      broken.push({ rule: 'spent', subject, excess: -sums.spent, inWords: `${code} has spent ${sums.spent} ${inWords}, below zero` });
  }
  addBrokenCommitments(broken, initiative);
  for (const [fiscalYear, sums] of Object.entries(years))
    for (const kind of ['funded', 'spent'] as const)
      if (isBeyondDigits(sums[kind]))
        broken.push(tooManyDigits(`${code} ${kind} of ${fiscalYear}`, sums[kind], `a total of ${code} of ${fiscalYear}`));
  addBeyondLimits(broken, initiative);
  if (!hasEnded(initiative)) return;
  const left = unspent(totalOf(years));
  if (left !== 0n) broken.push({ rule: 'end', subject: code, excess: abs(left), inWords: `${code} has ended with ${left} unspent` });
}

/** What is left of the open commitments is what the sums say is committed. */
function addBrokenCommitments(broken: BrokenInvariant[], initiative: Initiative): void {
  const { committed = 0n } = totalOf(initiative.years);
  const left = openCommitments(initiative).reduce((sum, one) => sum + one.left, 0n);
  if (left === committed) return;
  const inWords = `the open commitments of ${initiative.code} have ${left} left, and its sums say ${committed}`;
  broken.push({ rule: 'committed', subject: `${initiative.code} open commitments`, excess: abs(left - committed), inWords });
}

function addBeyondLimits(broken: BrokenInvariant[], { code, delivery }: Initiative): void {
  if (!delivery) return;
  for (const [name, most] of [
    ['milestones', mostMilestones],
    ['indicators', mostIndicators],
  ] as const) {
    const excess = delivery[name] - most;
    if (excess > 0)
      broken.push({
        rule: 'limit',
        subject: `${name} of ${code}`,
        excess: BigInt(excess),
        inWords: `${code} has ${delivery[name]} ${name}, above the limit of ${most}`,
      });
  }
}

function tooManyDigits(subject: string, total: Money, called: string): BrokenInvariant {
  return { rule: 'digits', subject, excess: abs(total) - largestAmount, inWords: `${called} has more than 18 digits` };
}

function abs(amount: Money): Money {
  return amount < 0n ? -amount : amount;
}

/** What records add to a figure. */
import { effectsOf } from '../../domain/effects.js';
import type { FiscalYear, Money } from '../../domain/vocabulary.js';
import type { EventRecord, LedgerRecord } from '../../event-log/record.js';
import type { Change } from '../totals/changes.js';
import { termsOf, valueOf, type Amount, type Formula } from '../totals/formulas.js';
import { addTo, totalsOf, type RunningTotals, type Totals, type YearTotals } from '../totals/totals.js';
import { isClosed } from '../totals/views.js';
import { isInitiative, type Figure, type FigureAsked } from './figures.js';
import { isCounted, type Counted } from './sums.js';

/** The changes of the amounts that make up a figure, for example of what is funded and of what is committed; those that stay are absent. */
export type AmountChanges = { [A in Amount]?: string };
/** One of the amounts that make up a figure: added or subtracted, with its own sum. */
export type PartView = { amount: Amount; sign: '+' | '-'; sum: string };
/** An event that changes a figure. Amounts are minor units. */
export type EffectView = {
  programme: string;
  /** In the programme's history. */
  position: number;
  initiative?: string;
  /** In its initiative's or programme's own history. */
  version: number;
  type: EventRecord['type'];
  occurredOn: string;
  recordedAt: string;
  /** What it adds to the figure; negative if it takes away. */
  effect: string;
  /** The figure after it: the sum of its effect and of all before it. */
  sum: string;
  /** The changes behind the effect, for a figure that is made of several amounts. */
  changes?: AmountChanges;
};

/** The fiscal years that a figure counts, among those that its owner's totals have. */
export function yearsOf({ years }: Figure, { fiscalYear }: Pick<FigureAsked, 'fiscalYear'>, { byYear = {} }: Totals): FiscalYear[] {
  return Object.entries(byYear).flatMap(([year, totals]) => {
    const counts =
      (fiscalYear === undefined || fiscalYear === Number(year)) && (years === undefined || (years === 'closed') === isClosed(totals));
    return counts ? [Number(year)] : [];
  });
}

/** The value of a formula in some fiscal years. */
export function valueIn(formula: Formula, years: readonly FiscalYear[], totals: Totals): Money {
  return valueOf(formula, yearTotals(years, totals));
}

/** The changes of a record that count towards a figure of an owner, as totals; `changes` are those that it makes to the totals of groups. */
export function countedTotals(counted: Counted, record: LedgerRecord, changes: () => readonly Change[]): Totals {
  if (record.type === 'CommandRefused') return {};
  const { owner, asOf, occurredAfter } = counted;
  if (isInitiative(owner))
    return owner === `initiative/${record.initiative}` && isCounted(counted, record) ? totalsOf(effectsOf(record).sums ?? []) : {};
  const sum: RunningTotals = {};
  for (const { on, groups } of changes())
    if ((asOf.occurredBy === undefined || on <= asOf.occurredBy) && (occurredAfter === undefined || on >= occurredAfter))
      addTo(sum, groups.get(owner) ?? {});
  return sum;
}

/** The changes of the single amounts of a formula in some fiscal years. */
export function amountChanges(formula: Formula, years: readonly FiscalYear[], totals: Totals): AmountChanges {
  const changes: AmountChanges = {};
  for (const [amount] of termsOf(formula)) {
    const change = valueIn({ [amount]: 1n }, years, totals);
    if (change !== 0n) changes[amount] = change.toString();
  }
  return changes;
}

/** An event with what it adds to a figure that stood at `before`; `undefined` if it adds nothing. */
export function effectView(
  { formula }: Figure,
  years: readonly FiscalYear[],
  event: EventRecord,
  totals: Totals,
  before: Money,
): EffectView | undefined {
  const effect = valueIn(formula, years, totals);
  if (effect === 0n) return undefined;
  const { programme, position, initiative, version, type, occurredOn, recordedAt } = event;
  return {
    programme,
    position,
    ...(initiative !== undefined && { initiative }),
    version,
    type,
    occurredOn,
    recordedAt,
    effect: effect.toString(),
    sum: (before + effect).toString(),
    ...(termsOf(formula).length > 1 && { changes: amountChanges(formula, years, totals) }),
  };
}

/** The parts of a figure, beside its effects. */
export type Composition = {
  /** The amounts that make it up; absent for a figure that is one amount. */
  parts?: PartView[];
  /** The fiscal years that it counts; only of a figure that counts the open or the closed ones. */
  fiscalYears?: FiscalYear[];
};
/** What a figure is made of: its amounts with their sums, and the years among which it chooses. */
export function compositionOf({ formula, years: chosen }: Figure, years: readonly FiscalYear[], totals: Totals): Composition {
  return { ...partsOf(formula, years, totals), ...(chosen !== undefined && { fiscalYears: [...years] }) };
}

function partsOf(formula: Formula, years: readonly FiscalYear[], totals: Totals): Pick<Composition, 'parts'> {
  const terms = termsOf(formula);
  if (terms.length === 1) return {};
  const sumOf = (amount: Amount) => valueIn({ [amount]: 1n }, years, totals).toString();
  return { parts: terms.map(([amount, sign]) => ({ amount, sign: sign > 0n ? '+' : '-', sum: sumOf(amount) })) };
}

function yearTotals(years: readonly FiscalYear[], { byYear = {} }: Totals): YearTotals[] {
  return years.flatMap((year) => byYear[year] ?? []);
}

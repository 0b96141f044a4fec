/** Distributes the demo's money over initiatives and years, so that the sums are those of the founding case. Amounts in thousands of som. */
import type { FiscalYear } from '../../../libs/domain/vocabulary.js';
import { foundations, services, type NamedInitiative } from './initiatives.js';
import { seeded, share } from './seeded.js';

/** The state of an initiative at the end of the demo. */
export type Fate = 'proposed' | 'funded' | 'spending' | 'finalizing' | 'finalized' | 'suspended' | 'cancelled';
export type YearPlan = { year: FiscalYear; funded: number; spent: number; returned: number };
export type InitiativePlan = NamedInitiative & { index: number; begins: FiscalYear; fate: Fate; years: readonly YearPlan[] };

/** The appropriation of each year's budget law: 500 M som, and 600 M in 2024. */
export const appropriations: readonly { year: FiscalYear; amount: number }[] = [
  ...[2019, 2020, 2021, 2022, 2023].map((year) => ({ year, amount: 500_000 })),
  { year: 2024, amount: 600_000 },
];
/** The year with returned money, the amount, and the initiatives that returned most of it. */
export const returnedOf2023 = 200_000;
const flagships: Readonly<Record<string, { funded: number; returned: number }>> = {
  'state-data-centre': { funded: 90_000, returned: 84_000 },
  'government-cloud': { funded: 70_000, returned: 61_000 },
  'regional-networks': { funded: 50_000, returned: 32_000 },
};
/** The part of the running year's appropriation that is funded when the demo ends. */
const fundedIn2024 = 540_000;
const beginning: readonly (readonly [year: FiscalYear, count: number])[] = [
  [2019, 36],
  [2020, 38],
  [2021, 42],
  [2022, 44],
  [2023, 46],
  [2024, 26],
];

type Draft = NamedInitiative & { index: number; begins: FiscalYear; fate: Fate; active: readonly FiscalYear[] };

/** The 232 initiatives of the demo, in the order in which they begin. */
export function initiativePlans(): InitiativePlan[] {
  const drafts = draftAll();
  const years = new Map<number, YearPlan[]>(drafts.map(({ index }) => [index, []]));
  for (const { year, amount } of appropriations)
    for (const [index, plan] of planYear(
      drafts.filter(({ active }) => active.includes(year)),
      year,
      year === 2024 ? fundedIn2024 : amount,
    ))
      years.get(index)?.push(plan);
  return drafts.map(({ active: _active, ...draft }) => ({ ...draft, years: years.get(draft.index) ?? [] }));
}

function draftAll(): Draft[] {
  const random = seeded(2019);
  const waiting = random.shuffled(services);
  const drafts: Draft[] = [];
  for (const [begins, count] of beginning) {
    const own = foundations.filter(({ year }) => year === begins).map(({ year: _year, ...named }) => named);
    const chosen = [...own, ...waiting.splice(0, count - own.length)];
    chosen.forEach((named, place) => {
      const fate = fateOf(begins, place);
      drafts.push({ ...named, index: drafts.length, begins, fate, active: activeYears(begins, fate, random.chance(0.4)) });
    });
  }
  return drafts;
}

function fateOf(begins: FiscalYear, place: number): Fate {
  if (begins === 2021 && place === 20) return 'cancelled';
  if (begins === 2022 && place === 20) return 'suspended';
  if (begins === 2023) return place < 10 ? 'finalizing' : 'finalized';
  if (begins < 2024) return 'finalized';
  if (place < 6) return 'spending';
  if (place < 15) return 'finalizing';
  if (place < 18) return 'finalized';
  return place < 22 ? 'funded' : 'proposed';
}

function activeYears(begins: FiscalYear, fate: Fate, long: boolean): FiscalYear[] {
  if (fate === 'proposed') return [];
  const next = begins + 1;
  if (fate === 'cancelled' || fate === 'suspended') return [begins, next];
  if (begins === 2024) return [begins];
  return (begins === 2023 ? fate === 'finalizing' : long) ? [begins, next] : [begins];
}

/** One year's money: all of it funded, with what each initiative spends and returns. */
function planYear(drafts: readonly Draft[], year: FiscalYear, total: number): Map<number, YearPlan> {
  const random = seeded(year);
  const flagship = (draft: Draft) => (year === 2023 ? flagships[draft.code] : undefined);
  const fixed = drafts.reduce((sum, draft) => sum + (flagship(draft)?.funded ?? 0), 0);
  const funding = share(
    total - fixed,
    drafts.map((draft) => (flagship(draft) ? 0 : 1 + 5 * random.next() ** 2)),
  );
  const planned = drafts.map((draft, place) => ({ draft, funded: flagship(draft)?.funded ?? funding[place] ?? 0 }));
  const returns =
    year === 2023 ? returnsOf2023(planned, random) : planned.map(({ draft, funded }) => returnOf(draft, year, funded, random));
  return new Map(
    planned.map(({ draft, funded }, place) => {
      const returned = returns[place] ?? 0;
      const spent = Math.floor((funded - returned) * spentShare(draft, year, random));
      return [draft.index, { year, funded, returned, spent }];
    }),
  );
}

type Funded = { draft: Draft; funded: number };

function returnsOf2023(planned: readonly Funded[], random: ReturnType<typeof seeded>): number[] {
  const known = planned.map(
    ({ draft, funded }) => flagships[draft.code]?.returned ?? (draft.fate === 'suspended' ? Math.floor(funded * 0.6) : 0),
  );
  const rest = share(
    returnedOf2023 - known.reduce((sum, amount) => sum + amount, 0),
    planned.map(({ funded }, place) => (known[place] === 0 ? funded * random.next() : 0)),
  );
  return known.map((amount, place) => amount + (rest[place] ?? 0));
}

function returnOf({ fate }: Draft, year: FiscalYear, funded: number, random: ReturnType<typeof seeded>): number {
  const some = random.chance(0.4) ? Math.floor(funded * (0.01 + 0.07 * random.next())) : 0;
  return year < 2024 || fate === 'finalized' ? some : 0;
}

/** Past years are spent except for returns; the running year is partly spent. */
function spentShare({ fate }: Draft, year: FiscalYear, random: ReturnType<typeof seeded>): number {
  if (fate === 'cancelled' && year === 2022) return 0.2;
  if (year < 2024 || fate === 'finalized') return 1;
  if (fate === 'funded') return 0;
  return fate === 'finalizing' ? 0.85 + 0.15 * random.next() : 0.3 + 0.4 * random.next();
}

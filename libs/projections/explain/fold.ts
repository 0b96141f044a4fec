/** Explains a figure from the records themselves, one by one; the command line does, and specs check the read models against it. */
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { EventRecord, LedgerRecord } from '../../event-log/record.js';
import { isLater, type AsOf } from '../as-of.js';
import { changesOf, ownChange, postingOf, type Change, type Posting } from '../totals/changes.js';
import { advanced, noProgress, type Progress } from '../totals/progress.js';
import { addTo, type RunningTotals, type Totals } from '../totals/totals.js';
import { countedTotals, effectView, compositionOf, valueIn, yearsOf, type EffectView, type Composition } from './effects.js';
import { kindOfOwner, type Figure, type FigureAsked } from './figures.js';
import { countedBy, type Counted } from './sums.js';

/** A figure with every event that adds up to it. Amounts are minor units. */
export type WholeExplanation = Composition & { sum: string; items: EffectView[] };

/** Folds the records of one programme as of then, in the order of their positions, into the explanation of a figure. */
export class ExplainFold {
  private readonly totals: RunningTotals = {};
  private readonly found: { event: EventRecord; totals: Totals }[] = [];
  private readonly moving = new Map<string, { progress: Progress; postings: Posting[] }>();
  private readonly counted: Counted;

  constructor(
    private readonly figure: Figure,
    private readonly asked: FigureAsked,
    private readonly asOf: AsOf,
  ) {
    this.counted = countedBy(figure, asked, asOf);
  }

  add(record: LedgerRecord): void {
    if (record.type === 'CommandRefused' || isLater(this.asOf, record)) return;
    const changes = this.changesOf(record);
    const totals = countedTotals(this.counted, record, () => changes);
    addTo(this.totals, totals);
    if (totals.byYear) this.found.push({ event: record, totals });
  }

  explanation(): WholeExplanation {
    const years = yearsOf(this.figure, this.asked, this.totals);
    const sum = valueIn(this.figure.formula, years, this.totals).toString();
    return { sum, ...compositionOf(this.figure, years, this.totals), items: this.effects(years) };
  }

  private effects(years: readonly FiscalYear[]): EffectView[] {
    let sum = 0n;
    return this.found.flatMap(({ event, totals }) => {
      const view = effectView(this.figure, years, event, totals, sum);
      if (view) sum = BigInt(view.sum);
      return view ?? [];
    });
  }

  /** The changes of a record. Only money of groups moves with an initiative, so only for groups is its course followed. */
  private changesOf(event: EventRecord): readonly Change[] {
    const { initiative } = event;
    if (initiative === undefined || kindOfOwner(this.asked.owner) !== 'group') return [ownChange(event)];
    const { progress, postings } = this.moving.get(initiative) ?? { progress: noProgress, postings: [] };
    const after = advanced(progress, event);
    const changes = changesOf(event, progress, after, () => postings);
    const posting = postingOf(event);
    if (posting) postings.push(posting);
    this.moving.set(initiative, { progress: after, postings });
    return changes;
  }
}

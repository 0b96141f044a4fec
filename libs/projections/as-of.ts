/**
 * Totals as they had been. Sums are kept by stretch of recording and day of occurring: whole stretches are added up, the long ones first, then the short
 * ones of the long one in which the history is cut, and of the short one its records one by one.
 */
import type { LedgerRecord } from '../event-log/record.js';
import type { Document, ReadModels } from '../read-models/ports.js';
import {
  bodyOf,
  contentOf,
  longSums,
  programmes,
  recordKey,
  records,
  shortSums,
  stretchOf,
  stretchStart,
  type Sums,
} from './collections.js';
import type { Cut } from './cut.js';
import { recordIn } from './recorded.js';
import { addTurnTo, plainTurns, runningTurn, turnFromBody, type Turn } from './turns.js';
import { termsIn, type ProgrammeTerms } from './views.js';

/** A programme as of a cut; `position` is that of the last record within it. */
export type ProgrammeAsOf = { terms: ProgrammeTerms; position: number; totals: Omit<Turn, 'on'> };

/** How many documents are read at once. */
const pageSize = 1_000;

/** @returns `undefined` where the programme is unknown, or was not established yet */
export async function programmeAsOf(models: ReadModels, generation: string, code: string, cut: Cut): Promise<ProgrammeAsOf | undefined> {
  const [document] = await models.get(generation, programmes.name, [code]);
  if (!document) return undefined;
  const programme = bodyOf(programmes, document);
  const history = new History(models, generation, code);
  const last = cut.knownBy === undefined ? programme.position : await history.lastKnownBy(cut.knownBy, programme.position);
  if (last === 0 || (cut.occurredBy !== undefined && programme.establishedOn > cut.occurredBy)) return undefined;
  const sum = new Sum(cut.occurredBy);
  for await (const { turns, position } of history.turnsUpTo(last)) for (const turn of turns) sum.add(turn, position);
  return { terms: termsIn(programme), position: sum.position, totals: sum.total };
}

class Sum {
  readonly total = runningTurn();
  position = 0;
  constructor(private readonly occurredBy: string | undefined) {}

  /** Adds what changed from a day on, and up to which position. */
  add(turn: Turn, position: number): void {
    if (this.occurredBy !== undefined && turn.on > this.occurredBy) return;
    addTurnTo(this.total, turn);
    this.position = Math.max(this.position, position);
  }
}

/** What one record changed, or all of a stretch and day, the last at this position. */
type Turned = { turns: readonly Turn[]; position: number };

/** The history of a programme, as its documents tell it. */
class History {
  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    private readonly programme: string,
  ) {}

  /** The last position, up to one, that was recorded by a moment, 0 where there is none: `recordedAt` never decreases, so halving finds it. */
  async lastKnownBy(knownBy: string, last: number): Promise<number> {
    let [known, unknown] = [0, last + 1];
    while (unknown - known > 1) {
      const middle = Math.floor((known + unknown) / 2);
      if ((await this.recordAt(middle)).recordedAt <= knownBy) known = middle;
      else unknown = middle;
    }
    return known;
  }

  async *turnsUpTo(last: number): AsyncIterable<Turned> {
    const { recordedAt } = await this.recordAt(last);
    const long = stretchOf(longSums, recordedAt, last);
    const short = stretchOf(shortSums, recordedAt, last);
    yield* this.turnsOfStretches(longSums, { before: long });
    yield* this.turnsOfStretches(shortSums, { from: stretchOf(shortSums, recordedAt, stretchStart(longSums, last)), before: short });
    yield* this.turnsOfRecords(short, last);
  }

  private async *turnsOfStretches({ collection }: Sums, { before, ...from }: { from?: string; before: string }): AsyncIterable<Turned> {
    let cursor: string | undefined;
    do {
      const page = await this.models.find(this.generation, collection.name, {
        scope: this.programme,
        range: { ...from, to: before },
        sort: 'stretch',
        limit: pageSize,
        ...(cursor !== undefined && { cursor }),
      });
      for (const document of page.documents) {
        const { stretch, turn } = bodyOf(collection, document);
        if (stretch < before) yield { turns: [turnFromBody(turn)], position: document.position };
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  private async *turnsOfRecords(stretch: string, last: number): AsyncIterable<Turned> {
    const first = stretchStart(shortSums, last);
    for (const document of await this.recordsAt(Array.from({ length: last - first + 1 }, (_, index) => first + index))) {
      const record = recordIn(document);
      const { turns } = contentOf(records, document).internal;
      if (stretchOf(shortSums, record.recordedAt, record.position) === stretch)
        yield { turns: turns?.map(turnFromBody) ?? plainTurns(record), position: record.position };
    }
  }

  private async recordAt(position: number): Promise<LedgerRecord> {
    const [document] = await this.recordsAt([position]);
    if (!document) throw new Error(`the read models have no record ${position} of ${this.programme}`);
    return recordIn(document);
  }
  private async recordsAt(positions: readonly number[]): Promise<Document[]> {
    const keys = positions.map((position) => recordKey(this.programme, position));
    return (await this.models.get(this.generation, records.name, keys)).filter((document) => document !== undefined);
  }
}

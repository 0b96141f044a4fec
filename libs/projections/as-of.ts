/**
 * Totals as they had been. Sums are kept by stretch of recording and day of occurring: whole stretches are added up, and of the stretch in which the
 * history is cut its records one by one. What is read is bounded by how many days and stretches there are, not by the number of records.
 */
import type { LedgerRecord } from '../event-log/record.js';
import type { ReadModels } from '../read-models/ports.js';
import { bodyOf, contentOf, programmes, recordKey, records, stretchOf, stretchStart, sums } from './collections.js';
import type { Cut } from './cut.js';
import { recordIn } from './recorded.js';
import { addTurnTo, plainTurns, runningTurn, turnFromBody, type Turn } from './turns.js';
import { termsIn, type ProgrammeTerms, type ProgrammeView } from './views.js';

/** A programme as of a cut; `position` is that of the last record within it. */
export type ProgrammeAsOf = { terms: ProgrammeTerms; position: number; totals: Omit<Turn, 'on'> };

/** How many documents are read at once. */
const pageSize = 1_000;

/** @returns `undefined` where the programme is unknown, or was not established yet */
export async function programmeAsOf(models: ReadModels, generation: string, code: string, cut: Cut): Promise<ProgrammeAsOf | undefined> {
  const [document] = await models.get(generation, programmes.name, [code]);
  if (!document) return undefined;
  const programme = bodyOf(programmes, document);
  const last = cut.knownBy === undefined ? programme.position : await lastKnownBy(models, generation, programme, cut.knownBy);
  if (last === 0 || (cut.occurredBy !== undefined && programme.establishedOn > cut.occurredBy)) return undefined;
  const sum = new Sum(cut.occurredBy);
  const stretch = await stretchAt(models, generation, code, last);
  await addStretchesBefore(models, generation, code, stretch, sum);
  await addRecords(models, generation, code, { from: stretchStart(last), to: last, stretch }, sum);
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

async function addStretchesBefore(models: ReadModels, generation: string, programme: string, stretch: string, sum: Sum): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await models.find(generation, sums.name, {
      scope: programme,
      range: { to: stretch },
      sort: 'stretch',
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    for (const document of page.documents) {
      const body = bodyOf(sums, document);
      if (body.stretch < stretch) sum.add(turnFromBody(body.turn), document.position);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

type Part = { from: number; to: number; stretch: string };

async function addRecords(models: ReadModels, generation: string, programme: string, { from, to, stretch }: Part, sum: Sum): Promise<void> {
  for (let next = from; next <= to; next += pageSize) {
    const positions = Array.from({ length: Math.min(pageSize, to - next + 1) }, (_, index) => next + index);
    const found = await models.get(
      generation,
      records.name,
      positions.map((position) => recordKey(programme, position)),
    );
    for (const document of found) {
      if (!document) continue;
      const { turns } = contentOf(records, document).internal;
      const record = recordIn(document);
      if (stretchOf(record.recordedAt, record.position) !== stretch) continue;
      for (const turn of turns?.map(turnFromBody) ?? plainTurns(record)) sum.add(turn, record.position);
    }
  }
}

async function recordAt(models: ReadModels, generation: string, programme: string, position: number): Promise<LedgerRecord | undefined> {
  const [document] = await models.get(generation, records.name, [recordKey(programme, position)]);
  return document && recordIn(document);
}

async function stretchAt(models: ReadModels, generation: string, programme: string, position: number): Promise<string> {
  const record = await recordAt(models, generation, programme, position);
  if (!record) throw new Error(`the read models have no record ${position} of ${programme}`);
  return stretchOf(record.recordedAt, position);
}

/** The last position recorded by a moment, 0 where there is none: `recordedAt` never decreases, so halving finds it. */
async function lastKnownBy(models: ReadModels, generation: string, programme: ProgrammeView, knownBy: string): Promise<number> {
  let [known, unknown] = [0, programme.position + 1];
  while (unknown - known > 1) {
    const middle = Math.floor((known + unknown) / 2);
    const record = await recordAt(models, generation, programme.programme, middle);
    if (record && record.recordedAt <= knownBy) known = middle;
    else unknown = middle;
  }
  return known;
}

/** Folds what a batch changes into the totals of programmes, their authorities, and each stretch and day. */
import type { EventRecord } from '../event-log/record.js';
import type { BatchDocuments } from './batch-documents.js';
import { authorities, authorityKey, longSums, programmes, shortSums, stretchOf, type Sums } from './collections.js';
import type { Recorded } from './recorded.js';
import { addTo, tallyFromBody, tallyToBody, type RunningTally, type Tally } from './tally.js';
import { addTurnTo, runningTurn, turnFromBody, turnToBody, type RunningTurn, type Turn } from './turns.js';
import { authorityView, programmeView, termsIn, type ProgrammeTerms } from './views.js';

/** A record with what it changes in the totals; `plain` where the record alone says so. */
export type Turned = { recorded: Recorded; turns: readonly Turn[]; plain: boolean };
/** Totals being added up: what is recorded up to `seen` is in them already, and the newest that is added to them. */
type Running<S> = { sum: S; seen: number; position: number };
type RunningSums = Running<RunningTurn> & { programme: string; stretch: string; on: string };
type RunningAuthority = Running<RunningTally> & { programme: string; authority: string };

export async function foldTotals(documents: BatchDocuments, turned: readonly Turned[]): Promise<void> {
  for (const sums of [shortSums, longSums]) await foldSums(documents, turned, sums);
  await foldAuthorities(documents, turned);
  foldProgrammes(documents, turned);
}

async function foldSums(documents: BatchDocuments, turned: readonly Turned[], sums: Sums): Promise<void> {
  const { collection } = sums;
  const running = new Map<string, RunningSums>();
  const additions: { one: RunningSums; turn: Turn; position: number }[] = [];
  let last: RunningSums | undefined;
  for (const {
    recorded: { record },
    turns,
  } of turned) {
    const { programme, position } = record;
    const stretch = stretchOf(sums, record.recordedAt, position);
    for (const turn of turns) {
      const { on } = turn;
      // One record after another is of the same programme, stretch and day.
      if (last?.programme !== programme || last.stretch !== stretch || last.on !== on) {
        const key = sumsKey(programme, stretch, on);
        last = running.get(key) ?? { programme, stretch, on, sum: runningTurn(), seen: 0, position: 0 };
        running.set(key, last);
      }
      additions.push({ one: last, turn, position });
    }
  }
  await documents.load(collection, running.keys());
  for (const [key, one] of running) {
    const known = documents.get(collection, key);
    if (known) Object.assign(one, { sum: runningTurn(turnFromBody(known.body.turn)), seen: known.position });
  }
  for (const { one, turn, position } of additions) {
    if (position <= one.seen) continue;
    addTurnTo(one.sum, turn);
    one.position = position;
  }
  for (const [key, { programme, stretch, on, sum, position }] of running)
    if (position > 0)
      documents.set(collection, key, position, { body: { programme, stretch, turn: turnToBody({ on, ...sum }) }, internal: undefined });
}

async function foldAuthorities(documents: BatchDocuments, turned: readonly Turned[]): Promise<void> {
  const running = new Map<string, RunningAuthority>();
  const additions: { one: RunningAuthority; tally: Tally; position: number }[] = [];
  for (const { recorded, turns } of turned)
    for (const turn of turns)
      for (const [authority, tally] of turn.authorities) {
        const { programme, position } = recorded.record;
        const key = authorityKey(programme, authority);
        const one = running.get(key) ?? { programme, authority, sum: {}, seen: 0, position: 0 };
        running.set(key, one);
        additions.push({ one, tally, position });
      }
  await documents.load(authorities, running.keys());
  for (const [key, one] of running) {
    const known = documents.get(authorities, key);
    if (known) Object.assign(one, { sum: tallyFromBody(known.internal.tally), seen: known.position });
  }
  for (const { one, tally, position } of additions) {
    if (position <= one.seen) continue;
    addTo(one.sum, tally);
    one.position = position;
  }
  for (const [key, { programme, authority, sum, position }] of running)
    if (position > 0)
      documents.set(authorities, key, position, {
        body: authorityView(programme, authority, sum),
        internal: { tally: tallyToBody(sum) },
      });
}

function foldProgrammes(documents: BatchDocuments, turned: readonly Turned[]): void {
  const running = new Map<string, Running<RunningTally> & { terms: ProgrammeTerms | undefined }>();
  for (const { recorded, turns } of turned) {
    const { record } = recorded;
    const one = running.get(record.programme) ?? asKnown(documents, record.programme);
    running.set(record.programme, one);
    if (record.position <= one.seen) continue;
    if (record.type === 'ProgrammeEstablished') one.terms = termsOf(record);
    for (const turn of turns) addTo(one.sum, turn.programme);
    one.position = record.position;
  }
  for (const [key, { terms, sum, position }] of running)
    if (terms && position > 0)
      documents.set(programmes, key, position, {
        body: programmeView(terms, position, sum),
        internal: { everyProgramme: 'programmes', tally: tallyToBody(sum) },
      });
}

function asKnown(documents: BatchDocuments, programme: string): Running<RunningTally> & { terms: ProgrammeTerms | undefined } {
  const known = documents.get(programmes, programme);
  if (!known) return { terms: undefined, sum: {}, seen: 0, position: 0 };
  return { terms: termsIn(known.body), sum: tallyFromBody(known.internal.tally), seen: known.position, position: 0 };
}

function termsOf({ programme, data, occurredOn }: EventRecord & { type: 'ProgrammeEstablished' }): ProgrammeTerms {
  const { title, currency, timeZone, ceiling, years } = data;
  return { programme, title: { ...title }, currency, timeZone, ceiling, years, establishedOn: occurredOn };
}

const sumsKey = (programme: string, stretch: string, on: string) => `${programme}/${stretch}/${on}`;

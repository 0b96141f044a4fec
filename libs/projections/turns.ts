/**
 * What one record changes in the totals as of each day. Totals as of a day are those of the history cut there: the records dated by then, folded in the
 * order of their positions. So a record that comes late changes the past as well, and this says by how much from which day on.
 */
import type { EventRecord, LedgerRecord } from '../event-log/record.js';
import type { FiscalYear, IsoDate } from '../domain/vocabulary.js';
import {
  addTo,
  negated,
  running,
  tallyFromBody,
  tallyToBody,
  type RunningTally,
  type Tally,
  type TallyBody,
  type YearTally,
} from './tally.js';
import { authorityBy, daysOf, statusBy, yearsBy, type Track } from './track.js';

/** From `on` on, the totals differ by this. */
export type Turn = { on: IsoDate; programme: Tally; authorities: ReadonlyMap<string, Tally> };
/** What turns change of one day, while they are added up. */
export type RunningTurn = { programme: RunningTally; authorities: Map<string, RunningTally> };
/** A {@link Turn} as it stands in a document. */
export type TurnBody = { on: string; programme: TallyBody; authorities: { [authority: string]: TallyBody } };

/** Money of one fiscal year that an initiative was given, spent or gave back on a day. */
export type Posting = { on: IsoDate; fiscalYear: FiscalYear; money: Pick<YearTally, 'funded' | 'spent' | 'returned'> };

/** What an event posts to its fiscal year, if it moves an initiative's money. */
export function postingOf(event: EventRecord): Posting | undefined {
  const posting = (money: Posting['money']) =>
    'fiscalYear' in event.context ? { on: event.occurredOn, fiscalYear: event.context.fiscalYear, money } : undefined;
  switch (event.type) {
    case 'InitiativeFunded':
      return posting({ funded: event.data.amount });
    case 'FundingAdjusted':
      return posting({ funded: event.data.change });
    case 'SpendingRecorded':
      return posting({ spent: event.data.amount });
    case 'SpendingReversed':
      return posting({ spent: -event.data.amount });
    case 'FundsReturned':
      return posting({ returned: event.data.amount });
    case 'ProgrammeEstablished':
    case 'AppropriationGranted':
    case 'AppropriationAdjusted':
    case 'FiscalYearClosed':
    case 'InitiativeProposed':
    case 'InitiativeAmended':
    case 'FinalizationStarted':
    case 'InitiativeFinalized':
    case 'InitiativeCancelled':
    case 'InitiativeSuspended':
    case 'InitiativeResumed':
      return undefined;
  }
}

/** What a record changes that says all of it itself: money that counts for whoever runs the initiative, or a change of the programme. */
export function plainTurns(record: LedgerRecord): Turn[] {
  if (record.type === 'CommandRefused' || record.initiative === undefined) return turnsOfProgramme(record);
  const posting = postingOf(record);
  if (!posting) return [{ on: record.occurredOn, ...nothing }];
  const tally = tallyOf(posting);
  return [{ on: posting.on, programme: tally, authorities: new Map([[record.context.authority, tally]]) }];
}

/** Whether an event of an initiative changes nothing but what {@link plainTurns} says: it takes no step, and nobody ran the initiative before or since. */
export function isPlain(event: EventRecord, before: Track, after: Track): boolean {
  const [hand, ...others] = after.hands;
  return after === before && nameIn(event) === undefined && others.length === 0 && hand !== undefined && hand.on <= event.occurredOn;
}

/** What a record of the programme itself changes; a refusal changes nothing but is counted on its day. */
export function turnsOfProgramme(record: LedgerRecord): Turn[] {
  const turn = (programme: Tally): Turn[] => [{ on: record.occurredOn, programme, authorities: new Map() }];
  const year = (fiscalYear: FiscalYear, tally: YearTally) => turn({ version: record.version ?? 0, byYear: { [fiscalYear]: tally } });
  switch (record.type) {
    case 'ProgrammeEstablished':
      return turn({ version: record.version });
    case 'AppropriationGranted':
      return year(record.data.fiscalYear, { appropriated: record.data.amount });
    case 'AppropriationAdjusted':
      return year(record.data.fiscalYear, { appropriated: record.data.change });
    case 'FiscalYearClosed':
      return year(record.data.fiscalYear, { closedOn: record.occurredOn });
    case 'CommandRefused':
    case 'InitiativeProposed':
    case 'InitiativeAmended':
    case 'InitiativeFunded':
    case 'FundingAdjusted':
    case 'SpendingRecorded':
    case 'SpendingReversed':
    case 'FundsReturned':
    case 'FinalizationStarted':
    case 'InitiativeFinalized':
    case 'InitiativeCancelled':
    case 'InitiativeSuspended':
    case 'InitiativeResumed':
      return turn({});
  }
}

/**
 * What an event of an initiative changes.
 * @param earlier what the initiative's earlier events posted; asked for only where the initiative changes hands, and its sums move with it
 */
export function turnsOfInitiative(event: EventRecord, before: Track, after: Track, earlier: () => readonly Posting[]): Turn[] {
  const turns = new Turns();
  turns.from(event.occurredOn);
  if (after !== before) {
    turns.takeBack(standingTurns(before));
    turns.add(standingTurns(after));
  }
  if (after.hands !== before.hands && before.hands.length > 0)
    for (const posting of earlier()) {
      turns.takeBack(handTurns(posting, before));
      turns.add(handTurns(posting, after));
    }
  const posting = postingOf(event);
  if (posting) {
    turns.add([{ on: posting.on, programme: tallyOf(posting), authorities: new Map() }]);
    turns.add(handTurns(posting, after));
  }
  const name = nameIn(event);
  if (name !== undefined && 'authority' in event.context) {
    const tally: Tally = { name: { text: name, position: event.position } };
    turns.add([{ on: event.occurredOn, programme: {}, authorities: new Map([[event.context.authority, tally]]) }]);
  }
  return turns.since(event.occurredOn);
}

function nameIn(event: EventRecord): string | undefined {
  return event.type === 'InitiativeProposed' || event.type === 'InitiativeAmended' ? event.data.authorityName : undefined;
}

function tallyOf({ fiscalYear, money }: Posting): Tally {
  return { byYear: { [fiscalYear]: money } };
}

/** How an initiative counts, day by day, for its programme, its fiscal years and its authorities. */
function standingTurns(track: Track): Turn[] {
  const turns: Turn[] = [];
  let last: Omit<Turn, 'on'> | undefined;
  for (const on of daysOf(track)) {
    const status = statusBy(on, track);
    const authority = authorityBy(on, track);
    if (!status || authority === undefined) continue;
    const counts = { [status]: 1 };
    const programme: Tally = { counts, byYear: Object.fromEntries(yearsBy(on, track).map((year) => [year, { counts }])) };
    const standing = { programme, authorities: new Map([[authority, { counts }]]) };
    if (last) turns.push({ on, ...takenBack(last) });
    turns.push({ on, ...standing });
    last = standing;
  }
  return turns;
}

/** Which authority a posting counts for: the one that ran the initiative, from the day of the posting on. */
function handTurns(posting: Posting, track: Track): Turn[] {
  const tally = tallyOf(posting);
  const turns: Turn[] = [];
  let last: string | undefined;
  for (const on of [
    posting.on,
    ...track.hands
      .map((hand) => hand.on)
      .filter((day) => day > posting.on)
      .sort(),
  ]) {
    const authority = authorityBy(on, track);
    if (authority === undefined || authority === last) continue;
    if (last !== undefined) turns.push({ on, programme: {}, authorities: new Map([[last, negated(tally)]]) });
    turns.push({ on, programme: {}, authorities: new Map([[authority, tally]]) });
    last = authority;
  }
  return turns;
}

function takenBack({ programme, authorities }: Omit<Turn, 'on'>): Omit<Turn, 'on'> {
  return { programme: negated(programme), authorities: new Map([...authorities].map(([code, tally]) => [code, negated(tally)])) };
}

/** A turn to be added to, with what is given in it already. */
export function runningTurn({ programme, authorities }: Omit<Turn, 'on'> = nothing): RunningTurn {
  return { programme: running(programme), authorities: new Map([...authorities].map(([code, tally]) => [code, running(tally)])) };
}
export function addTurnTo(sum: RunningTurn, { programme, authorities }: Omit<Turn, 'on'>): void {
  addTo(sum.programme, programme);
  for (const [code, tally] of authorities) {
    const known = sum.authorities.get(code);
    if (known) addTo(known, tally);
    else sum.authorities.set(code, running(tally));
  }
}

/** Turns added up by day. */
class Turns {
  private readonly byDay = new Map<IsoDate, RunningTurn>();

  /** There is a turn on this day, if only an empty one. */
  from(on: IsoDate): void {
    this.add([{ on, ...nothing }]);
  }
  add(turns: readonly Turn[]): void {
    for (const turn of turns) {
      const sum = this.byDay.get(turn.on);
      if (sum) addTurnTo(sum, turn);
      else this.byDay.set(turn.on, runningTurn(turn));
    }
  }
  takeBack(turns: readonly Turn[]): void {
    this.add(turns.map(({ on, ...turn }) => ({ on, ...takenBack(turn) })));
  }
  /** In order. What an event takes back and adds before its own day is the same. */
  since(day: IsoDate): Turn[] {
    return [...this.byDay]
      .filter(([on]) => on >= day)
      .map(([on, turn]) => ({ on, ...turn }))
      .sort((one, other) => (one.on < other.on ? -1 : 1));
  }
}

export function turnToBody({ on, programme, authorities }: Turn): TurnBody {
  return {
    on,
    programme: tallyToBody(programme),
    authorities: Object.fromEntries([...authorities].map(([code, tally]) => [code, tallyToBody(tally)])),
  };
}
export function turnFromBody({ on, programme, authorities }: TurnBody): Turn {
  return {
    on,
    programme: tallyFromBody(programme),
    authorities: new Map(Object.entries(authorities).map(([code, tally]) => [code, tallyFromBody(tally)])),
  };
}

/** Nothing has been added up yet. */
export const nothing: Omit<Turn, 'on'> = { programme: {}, authorities: new Map() };

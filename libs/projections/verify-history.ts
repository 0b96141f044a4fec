/** Verifies a history: its hash chain, its numbering, and that no event breaks a rule of the ledger. */
import { canonicalText } from '../domain/canonical-text.js';
import { dayIn, isTimeZone } from '../domain/calendar.js';
import { evolve } from '../domain/evolve.js';
import { brokenInvariants } from '../domain/invariants.js';
import { commitmentOf, isMovement, movementsOf } from '../domain/money/movements.js';
import type { Initiative, Kept, KeptKey, Programme } from '../domain/state.js';
import { RequestsCheck } from './verify-requests.js';
import { Chain, isFault, type ChainFault } from '../event-log/chain.js';
import type { Entry } from '../event-log/ports.js';
import { encodeRecord, hashOf, type EventRecord } from '../event-log/record.js';
import { wrongCommitment } from './commitments/wrong-commitment.js';
import { wrongStatement } from './wrong-statement.js';

/** The first fault in the history of a programme. */
export type HistoryFault = ChainFault;
export type HistoryCounts = { records: number; events: number; refusals: number; initiatives: number };
/** The end of a programme's history. */
export type End = { position: number; hash: string };

/** Takes a log's entries in their order and finds the first fault of each programme. A fault in one programme hides none in another. */
export class HistoryCheck {
  /** In the order of discovery. */
  readonly faults: HistoryFault[] = [];
  private readonly chain = new Chain();
  private readonly programmes = new Map<string, Programme>();
  private readonly initiatives = new Map<string, Initiative>();
  private readonly movements = new Map<string, Kept>();
  private readonly requests = new RequestsCheck();
  private readonly counted = { records: 0, events: 0, refusals: 0 };
  /** By programme, the initiatives that the events of the present command have changed so far. */
  private readonly touched = new Map<string, Set<string>>();
  /** By programme, the half of a transfer whose other half comes next. */
  private readonly given = new Map<string, EventRecord>();
  /** Ends of the programmes with a fault, which are checked no further. */
  private readonly ends = new Map<string | undefined, End>();

  get counts(): HistoryCounts {
    return { ...this.counted, initiatives: this.initiatives.size };
  }
  /** Every programme's latest position in the log and the hash of the record there, whether its history is sound or not. */
  get heads(): ReadonlyMap<string, End> {
    const heads = new Map<string, End>(this.chain.heads);
    for (const [programme, end] of this.ends) if (programme !== undefined) heads.set(programme, end);
    return heads;
  }
  /** Whether no fault was found in a programme's history. */
  isSound(programme: string): boolean {
    return !this.ends.has(programme);
  }

  /** The fault of an entry; `undefined` if it has none, or if its programme already has one. */
  add(entry: Entry): HistoryFault | undefined {
    if (entry.kind === 'outcome') return undefined;
    const fault = this.ends.has(entry.programme) ? undefined : this.check(entry);
    if (fault) this.faults.push(fault);
    if (fault || this.ends.has(entry.programme))
      this.ends.set(entry.programme, { position: entry.position ?? 0, hash: hashOf(entry.bytes) });
    return fault;
  }

  private check(entry: Entry): HistoryFault | undefined {
    const link = this.chain.follow(entry);
    if (isFault(link)) return link;
    const { record } = link;
    if (!Buffer.from(encodeRecord(record)).equals(entry.bytes))
      return faultAt(entry, 'its bytes are not those that this record encodes to');
    this.counted.records++;
    const { index, count } = entry.command ?? { index: 0, count: 1 };
    if (index === 0) this.touched.set(record.programme, new Set());
    if (record.type === 'CommandRefused') {
      this.counted.refusals++;
      return this.programmes.has(record.programme)
        ? undefined
        : faultAt(entry, 'a refusal comes before the establishment of its programme');
    }
    this.counted.events++;
    try {
      const found = this.addEvent(record, index === count - 1);
      return found === undefined ? undefined : faultAt(entry, found);
    } catch (error) {
      // The fold never throws on events that the ledger has written.
      return faultAt(entry, `its data is not that of ${record.type}: ${Error.isError(error) ? error.message : String(error)}`);
    }
  }

  private addEvent(event: EventRecord, isLastOfCommand: boolean): string | undefined {
    const { programme: code, initiative: initiativeCode } = event;
    const initiativeKey = `${code}/${initiativeCode ?? ''}`;
    const programme = this.programmes.get(code);
    const initiative = initiativeCode === undefined ? undefined : this.initiatives.get(initiativeKey);
    const keys = movementsOf(event);
    const origin = keys.origin && this.movements.get(textOf(keys.origin));
    const drawnFrom = origin && commitmentOf(origin);
    const drawn = drawnFrom && this.movements.get(textOf(drawnFrom));
    const commitment = drawn && isMovement(drawn) ? drawn : undefined;
    const wrong =
      wrongOffset(event, programme, initiative) ??
      (keys.movement && this.movements.has(textOf(keys.movement))
        ? `the ${keys.movement.kind} ${keys.movement.id} is recorded twice`
        : undefined) ??
      (keys.origin && !origin ? `it refers to the ${keys.origin.kind} ${keys.origin.id}, which is not recorded` : undefined) ??
      wrongDate(event, programme, initiative, origin) ??
      wrongCommitment(event, { programme, initiative }, { origin: origin && isMovement(origin) ? origin : undefined, commitment }) ??
      this.wrongHalf(event, isLastOfCommand) ??
      wrongStatement(event, programme) ??
      this.requests.faultIn(event, programme, (initiative) => this.initiatives.get(`${code}/${initiative}`));
    if (wrong !== undefined) return wrong;

    const request = this.requests.requestOf(event);
    const known = {
      head: event.position - 1,
      ...(programme && { programme }),
      ...(initiative && { initiative }),
      ...(origin && { origin }),
    };
    const after = evolve({ ...known, ...(commitment && { commitment }), ...(request && { request }) }, event);
    this.requests.add(event, after.request);
    if (!after.programme) return 'it leaves no programme';
    this.programmes.set(code, after.programme);
    if (after.initiative) {
      this.initiatives.set(initiativeKey, after.initiative);
      this.touched.get(code)?.add(initiativeKey);
    }
    if (after.movement) this.movements.set(textOf(after.movement), after.movement);
    if (after.origin) this.movements.set(textOf(after.origin), after.origin);
    if (after.commitment) this.movements.set(textOf(after.commitment), after.commitment);
    if (after.origin && isMovement(after.origin) && after.origin.net < 0n)
      return `more of the ${after.origin.kind} ${after.origin.id} is taken back than there was`;
    if (initiativeCode !== undefined && 'statusAfter' in event.context && after.initiative?.status !== event.context.statusAfter)
      return `it says the status becomes ${event.context.statusAfter}, and it becomes ${String(after.initiative?.status)}`;
    return isLastOfCommand ? this.brokenBy(after.programme) : undefined;
  }

  /** The first invariant that the programme or an initiative breaks after a command. */
  private brokenBy(programme: Programme): string | undefined {
    const touched = [...(this.touched.get(programme.code) ?? [])].map((key) => this.initiatives.get(key));
    for (const initiative of touched.length > 0 ? touched : [undefined]) {
      const [broken] = brokenInvariants(programme, initiative);
      if (broken) return broken.inWords;
    }
    return undefined;
  }

  /** What is wrong with a half of a transfer: the taker's follows the giver's in the same command, and says the same. */
  private wrongHalf(event: EventRecord, isLastOfCommand: boolean): string | undefined {
    const given = this.given.get(event.programme);
    this.given.delete(event.programme);
    if (given) return isOtherHalf(given, event) ? undefined : `the transfer that ${String(given.initiative)} gave has no taker`;
    if (event.type !== 'FundingTransferred') return undefined;
    if (event.data.to === undefined) return `nobody gave the transfer ${event.data.transferId}`;
    if (isLastOfCommand) return `the transfer ${event.data.transferId} has no taker`;
    this.given.set(event.programme, event);
    return undefined;
  }
}

/** Whether an event is the taker's half of a transfer. */
function isOtherHalf(given: EventRecord, taken: EventRecord): boolean {
  if (given.type !== 'FundingTransferred' || taken.type !== 'FundingTransferred' || given.data.to !== taken.initiative) return false;
  const { to: _, ...transfer } = given.data;
  const mirrored = { ...transfer, from: given.initiative };
  return canonicalText(mirrored) === canonicalText(taken.data) && given.context.fiscalYear === taken.context.fiscalYear;
}

/** The time zone whose day begins first: UTC+14. */
const furthestEast = 'Pacific/Kiritimati';

function faultAt({ offset, programme, position }: Entry, found: string): HistoryFault {
  return { offset, programme, position, found };
}

function textOf({ kind, programme, initiative = '', id }: KeptKey): string {
  return `${programme}/${initiative}/${kind}/${id}`;
}

/** What is wrong with an event's version, or with the state that it names as the one before. */
function wrongOffset(event: EventRecord, programme: Programme | undefined, initiative: Initiative | undefined): string | undefined {
  if (event.type === 'ProgrammeEstablished') {
    if (programme) return 'the programme was established before';
  } else if (!programme) return 'its programme is not established';
  if (event.type === 'InitiativeProposed' && initiative) return 'the initiative was proposed before';
  if (event.initiative !== undefined && event.type !== 'InitiativeProposed' && !initiative) return 'its initiative was not proposed';
  const version = (event.initiative === undefined ? programme?.version : initiative?.version) ?? 0;
  if (event.version !== version + 1) return `version ${version + 1} is missing: it says version ${event.version}`;
  if ('statusBefore' in event.context && event.context.statusBefore !== (initiative?.status ?? null))
    return `it says the status was ${String(event.context.statusBefore)}, and it was ${String(initiative?.status ?? null)}`;
  return undefined;
}

/** What is wrong with the date of an event. */
function wrongDate(
  event: EventRecord,
  programme: Programme | undefined,
  initiative: Initiative | undefined,
  origin: Kept | undefined,
): string | undefined {
  const timeZone = programme?.timeZone ?? (event.type === 'ProgrammeEstablished' ? event.data.timeZone : 'UTC');
  // If this process does not know the time zone, the date is compared with the latest day anywhere on Earth.
  const recordedOn = dayIn(isTimeZone(timeZone) ? timeZone : furthestEast, Date.parse(event.recordedAt));
  if (event.occurredOn > recordedOn) return `it is dated ${event.occurredOn}, after the day it was recorded (${recordedOn})`;
  if (initiative && event.occurredOn < initiative.proposedOn) return `it is dated ${event.occurredOn}, before its initiative was proposed`;
  if (initiative?.fundedOn !== undefined && event.occurredOn < initiative.fundedOn && movesOn(event))
    return `it is dated ${event.occurredOn}, before its initiative was first funded`;
  if (origin && event.occurredOn < origin.occurredOn) return `it is dated ${event.occurredOn}, before what it refers to`;
  return undefined;
}

/** Whether an event moves an initiative's money on: to another initiative, or into another year. */
function movesOn({ type, data }: EventRecord): boolean {
  return type === 'FundsCarriedOver' || (type === 'FundingTransferred' && 'to' in data);
}

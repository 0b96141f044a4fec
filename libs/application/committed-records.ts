/**
 * What is recorded in a programme, for everything in the process that listens: read from the read models once they hold it, and carried by Nest's event bus.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { EventBus, type IEvent } from '@nestjs/cqrs';
import { isOfRequest } from '../domain/requests/events.js';
import type { LedgerRecord } from '../event-log/record.js';
import { seesAll, type EntryReader } from '../projections/entries/filters.js';
import { trusted } from '../trusted/trusted.js';
import type { Reading } from './reading.js';

/** One record without its content: its position in the programme's history, its type, and its initiative if it is about one. */
export type CommittedRecord = Pick<LedgerRecord, 'position' | 'type'> & { readonly initiative?: string };

/** One record as a reader is told of it: only its position if the reader may not see its entry. */
export type ToldRecord = Pick<CommittedRecord, 'position'> & Partial<CommittedRecord>;

/** Whether public entries lack a record: refusals, and requests for a second person with their ends. */
const isNotPublic = (record: CommittedRecord): boolean => record.type === 'CommandRefused' || isOfRequest(record);

/** A record as a reader is told of it; auditors and admins are told everything. `reader` is `undefined` for anybody. */
export function toldTo(reader: EntryReader, record: CommittedRecord): ToldRecord {
  const isHidden = isNotPublic(record) && !(reader && seesAll.includes(reader.role));
  return isHidden ? { position: record.position } : record;
}

/** Records of one programme that follow one another. */
export class RecordsCommitted implements IEvent {
  constructor(
    readonly programme: string,
    readonly records: readonly [CommittedRecord, ...CommittedRecord[]],
  ) {}
}

/** The client that reads on behalf of all listeners. */
const client = 'changes';
/** Interval (ms) for asking whether a followed programme has new records. */
const askEvery = 100;

type Follower = { listeners: number; readonly stop: AbortController };

/** Follows the programmes that somebody listens to, and publishes {@link RecordsCommitted} of them. */
export class CommittedRecords {
  private readonly followers = new Map<string, Follower>();
  private isClosed = false;

  constructor(
    private readonly reading: Reading,
    private readonly bus: Pick<EventBus, 'publish'>,
    /** Called when reading begins to fail; it is tried again until it succeeds. */
    private readonly onFault: (error: unknown) => void,
  ) {}

  /**
   * Publishes what is recorded in a programme, for as long as somebody listens. Publishing begins at the first listener's position; a later listener
   * reads what it lacks.
   * @returns the function to call when listening ends
   */
  listen(programme: string, position: number): () => void {
    if (this.isClosed) return () => undefined;
    const follower = this.followers.get(programme) ?? this.follow(programme, position);
    follower.listeners++;
    return () => {
      if (--follower.listeners > 0) return;
      follower.stop.abort();
      this.followers.delete(programme);
    };
  }

  /**
   * The next records of a programme after a position, none if there are none; `undefined` if the programme is unknown. `head` is its last position.
   * @throws {ReadModelsBehind} @throws {TooManyWaiting} @throws the signal's reason
   */
  async after(
    programme: string,
    position: number,
    signal?: AbortSignal,
  ): Promise<{ records: CommittedRecord[]; head: number } | undefined> {
    const { position: head, answer } = await this.reading.about(programme, { asker: { client, signal } }, (snapshot) =>
      snapshot.read('records', programme, position, undefined),
    );
    return answer && { records: answer.lines.split('\n').filter(Boolean).map(recordIn), head };
  }

  /** Ends all following, and follows nothing more. */
  close(): void {
    this.isClosed = true;
    for (const { stop } of this.followers.values()) stop.abort();
    this.followers.clear();
  }

  private follow(programme: string, position: number): Follower {
    const follower = { listeners: 0, stop: new AbortController() };
    this.followers.set(programme, follower);
    void this.publish(programme, position, follower.stop.signal);
    return follower;
  }

  /** The pause lets in the timers and sockets of everything else, whatever reading does. */
  private async publish(programme: string, from: number, signal: AbortSignal): Promise<void> {
    let [last, isFailing] = [from, false];
    while (!signal.aborted) {
      try {
        if ((await this.reading.position(programme)) > last) last = await this.publishAfter(programme, last, signal);
        isFailing = false;
      } catch (error) {
        if (!isFailing && error !== signal.reason) this.onFault(error);
        isFailing = true;
      }
      await pause(askEvery, undefined, { signal }).catch(() => undefined);
    }
  }

  private async publishAfter(programme: string, last: number, signal: AbortSignal): Promise<number> {
    const [first, ...others] = (await this.after(programme, last, signal))?.records ?? [];
    if (!first || signal.aborted) return last;
    this.bus.publish(new RecordsCommitted(programme, [first, ...others]));
    return (others.at(-1) ?? first).position;
  }
}

/** Only the ledger writes these lines: their shape is trusted. */
function recordIn(line: string): CommittedRecord {
  const { position, type, initiative } = trusted<LedgerRecord>(JSON.parse(line));
  return { position, type, ...(initiative !== undefined && { initiative }) };
}

/** Committed records, as read back from the log: Nest's event bus carries them to everything in the process that listens. */
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus, type IEvent } from '@nestjs/cqrs';
import type { LedgerRecord } from '../event-log/record.js';
import { trusted } from '../trusted/trusted.js';
import { Reading } from './reading.js';

/** One record, without what it says: its position in the programme's history, its type, and its initiative if it is about one. */
export type CommittedRecord = Pick<LedgerRecord, 'position' | 'type'> & { readonly initiative?: string };

/** Records of one programme that follow one another, published once the read models hold them. */
export class RecordsCommitted implements IEvent {
  constructor(
    readonly programme: string,
    readonly records: readonly [CommittedRecord, ...CommittedRecord[]],
  ) {}
}

/** The client that reads on behalf of all listeners. */
const client = 'changes';
/** Milliseconds until the records are asked for again after a failure, such as a database that is away. */
const pauseAfterFailure = 1_000;

/** Follows the programmes that somebody listens to, and publishes what is committed to them. */
@Injectable()
export class CommittedRecords implements OnModuleDestroy {
  private readonly followed = new Map<string, { listeners: number; stop: AbortController }>();

  constructor(
    private readonly reading: Reading,
    private readonly bus: EventBus,
  ) {}

  /**
   * Publishes {@link RecordsCommitted} of a programme from now on, for as long as somebody listens.
   * @returns the function to call when listening ends
   */
  listen(programme: string): () => void {
    const followed = this.followed.get(programme) ?? { listeners: 0, stop: this.publish(programme) };
    followed.listeners++;
    this.followed.set(programme, followed);
    return () => {
      if (--followed.listeners > 0) return;
      followed.stop.abort();
      this.followed.delete(programme);
    };
  }

  /**
   * The next records of a programme after a position, none if there are none; `undefined` if the programme is unknown. `position` is the last one.
   * @throws {ReadModelsBehind} @throws the signal's reason
   */
  async after(
    programme: string,
    position: number,
    signal?: AbortSignal,
  ): Promise<{ records: CommittedRecord[]; position: number } | undefined> {
    const { position: last, answer } = await this.reading.about(programme, { asker: { client, signal } }, (snapshot) =>
      snapshot.read('records', programme, position, undefined),
    );
    return answer && { records: answer.lines.split('\n').filter(Boolean).map(recordIn), position: last };
  }

  onModuleDestroy(): void {
    for (const { stop } of this.followed.values()) stop.abort();
    this.followed.clear();
  }

  private publish(programme: string): AbortController {
    const stop = new AbortController();
    void this.follow(programme, stop.signal);
    return stop;
  }

  private async follow(programme: string, signal: AbortSignal): Promise<void> {
    let last: number | undefined;
    while (!signal.aborted) {
      try {
        // Listeners ask for themselves what was committed before.
        last ??= (await this.after(programme, Number.MAX_SAFE_INTEGER, signal))?.position ?? 0;
        if ((await this.reading.hope(programme, last + 1, { client, signal })) === undefined) continue;
        const [first, ...others] = (await this.after(programme, last, signal))?.records ?? [];
        if (!first) continue;
        last = (others.at(-1) ?? first).position;
        this.bus.publish(new RecordsCommitted(programme, [first, ...others]));
      } catch {
        // It is tried again until nobody listens any more, which is when the signal is aborted.
        await pause(pauseAfterFailure, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** Only the ledger writes these lines: their shape is trusted. */
function recordIn(line: string): CommittedRecord {
  const { position, type, initiative } = trusted<LedgerRecord>(JSON.parse(line));
  return { position, type, ...(initiative !== undefined && { initiative }) };
}

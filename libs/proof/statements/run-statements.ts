/** Publishes statements of the programmes of a partition when they are due, until told to stop. */
import { setTimeout as pause } from 'node:timers/promises';
import { settled } from '../../async/settled.js';
import type { Entry, EventLog } from '../../event-log/ports.js';
import { decodeRecord, type LedgerRecord } from '../../event-log/record.js';
import { documentsContradicted } from './fold.js';
import { catchUp, makeStatement, type StatementMaker } from './make-statement.js';
import { Pace } from '../pace.js';
import { isDue, mayAsk, occasionAfterEntry, type Occasion } from './occasion.js';
import type { Statement } from './ports.js';
import { publishedIn } from './published.js';

export type StatementsOptions = StatementMaker & {
  log: EventLog;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Sends a statement to be recorded. Rejects if it is not known to be on its way. */
  publish: (statement: Statement) => Promise<void>;
  /** Milliseconds between two looks at what is due; 1,000 if absent. */
  every?: number;
};

/** Milliseconds after which a statement that was sent and is not recorded is made and sent again. */
const sendAgainAfter = 60_000;

/**
 * Ends when the signal is aborted.
 * @throws {LogDiverged} the log does not hold what was folded from it @throws {LogUnreadable} @throws whatever `publish` rejects with
 */
export async function runStatements(options: StatementsOptions, signal: AbortSignal): Promise<void> {
  const { log, partition, documents, statements, every = 1_000 } = options;
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  try {
    const diverged = await documentsContradicted(log, partition, documents);
    if (diverged) throw diverged;
    await catchUp(options, running);
    const due = new DueStatements(options);
    // An order must be seen soon, and looking for one takes little.
    const pace = new Pace(log, partition, every, 4);
    const follow = async () => {
      for await (const entries of log.follow(partition, documents.offset(partition), running)) {
        for (const entry of entries) {
          if (entry.kind !== 'record' || entry.programme === undefined) continue;
          const asking = mayAsk(entry) ? decodeRecord(entry.bytes) : undefined;
          due.add(entry.programme, entry, asking);
          const published = asking && publishedIn(asking);
          if (published) await statements.published(published);
        }
        // Nothing is due between two looks, so that new entries are read together.
        await pace.rest(entries.length, running);
      }
    };
    const publish = async () => {
      while (!running.aborted) {
        await due.publish(running);
        await pause(every, undefined, { signal: running }).catch(() => undefined);
      }
    };
    await settled([follow(), publish()], stop);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The programmes, with the occasion of the next statement of each. */
class DueStatements {
  private readonly occasions = new Map<string, Occasion>();
  /** When a programme's last statement was sent, until its record is read. */
  private readonly sent = new Map<string, number>();

  constructor(private readonly options: StatementsOptions) {
    const { documents } = options;
    for (const programme of documents.programmes()) {
      const head = documents.head(programme);
      if (head) this.occasions.set(programme, head.occasion);
    }
  }

  add(programme: string, entry: Entry, asking: LedgerRecord | undefined): void {
    const before = this.occasions.get(programme);
    const after = occasionAfterEntry(before, entry, asking);
    this.occasions.set(programme, after);
    if (after.stated !== before?.stated) this.sent.delete(programme);
  }

  async publish(signal: AbortSignal): Promise<void> {
    const { now, publish } = this.options;
    for (const [programme, occasion] of this.occasions) {
      const sent = this.sent.get(programme);
      if (!isDue(occasion, now()) || (sent !== undefined && now() - sent < sendAgainAfter)) continue;
      const statement = await makeStatement(this.options, programme, signal);
      if (!statement) continue;
      // Its record may be read before `publish` resolves.
      this.sent.set(programme, now());
      await publish(statement);
    }
  }
}

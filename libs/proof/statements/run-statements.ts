/** Publishes statements of the programmes of a partition when they are due, until told to stop. */
import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '../../event-log/ports.js';
import { documentsContradicted } from './fold.js';
import { makeStatement, remakeStatements, type StatementMaker } from './make-statement.js';
import { isDue, occasionAfterEntry, type Occasion } from './occasion.js';
import type { Statement } from './ports.js';

export type StatementsOptions = StatementMaker & {
  log: EventLog;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Records a statement. Resolves once it is decided, accepted or not; rejects if it has to be sent again. */
  publish: (statement: Statement) => Promise<void>;
  /** Milliseconds between two looks at what is due; 1,000 if absent. */
  every?: number;
};

/** @throws {LogDiverged} the log does not hold what was folded from it @throws {LogUnreadable} whatever `publish` throws */
export async function runStatements(options: StatementsOptions, signal: AbortSignal): Promise<void> {
  const { log, partition, documents, every = 1_000 } = options;
  const diverged = await documentsContradicted(log, partition, documents);
  if (diverged) throw diverged;
  await remakeStatements(options);
  const occasions = new Map<string, Occasion>();
  for (const programme of documents.programmes()) {
    const head = documents.head(programme);
    if (head) occasions.set(programme, head.occasion);
  }
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const follow = async () => {
    for await (const entries of log.follow(partition, documents.offset(partition), running))
      for (const entry of entries)
        if (entry.kind === 'record' && entry.programme !== undefined)
          occasions.set(entry.programme, occasionAfterEntry(occasions.get(entry.programme), entry));
  };
  const publish = async () => {
    while (!running.aborted) {
      await publishDue(options, occasions);
      await pause(every, undefined, { signal: running }).catch(() => undefined);
    }
  };
  const untilOneFails = (work: Promise<void>) =>
    work.finally(() => {
      stop.abort();
    });
  await Promise.all([untilOneFails(follow()), untilOneFails(publish())]);
}

/** Each statement is sent once; the record of it is what ends its occasion. */
async function publishDue(options: StatementsOptions, occasions: Map<string, Occasion>): Promise<void> {
  for (const [programme, occasion] of occasions) {
    if (!isDue(occasion, options.now())) continue;
    const statement = await makeStatement(options, programme);
    if (!statement) continue;
    await options.publish(statement);
    // Its record, or that of another publisher, is read in a moment.
    occasions.set(programme, {
      ...(occasions.get(programme) ?? occasion),
      stated: statement.position,
      since: new Date(options.now()).toISOString(),
    });
  }
}

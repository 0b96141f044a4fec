/** Grows the trees of a partition and signs their heads, until told to stop. */
import { partitionOf } from '../event-log/partition-of.js';
import type { EventLog, Offset } from '../event-log/ports.js';
import { growTrees } from './grow-trees.js';
import { MemoryMissing, publishEverySecond, Publisher, Unpublished, type PublisherOptions } from './publish-heads.js';

/** What an operator is told. */
export type ProofObserver = {
  /** The trees are grown to this offset. */
  grown?: (offset: Offset) => void;
  /** Why no head is signed any more, of one programme or of all. */
  refused: (why: string) => void;
};

export type ProofOptions = Omit<PublisherOptions, 'key'> & {
  log: EventLog;
  partition: number;
  /** Signs heads; if absent, none are signed here. */
  key?: PublisherOptions['key'];
  observer: ProofObserver;
  gather?: number;
};

/** @throws {LogDiverged} the log does not hold what the trees were grown from @throws {LogUnreadable} */
export async function runProof(options: ProofOptions, signal: AbortSignal): Promise<void> {
  const { log, partition, trees, observer, gather, key } = options;
  const unpublished = new Unpublished();
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  let grownTo: Offset | undefined;
  const onGrown = (offset: Offset, programmes: readonly string[]) => {
    grownTo = offset;
    unpublished.add(programmes);
    observer.grown?.(offset);
  };
  const untilOneFails = async (work: Promise<void>) => {
    try {
      await work;
    } finally {
      stop.abort();
    }
  };
  const told = new Set<string>();
  const tell = (programme: string, why: string) => {
    if (told.has(programme)) return;
    told.add(programme);
    observer.refused(why);
  };
  const publish = async (signer: PublisherOptions['key']) => {
    const all = await trees.programmes();
    unpublished.add(all.filter((programme) => partitionOf(programme, log.partitions) === partition));
    const onRefused = async (programme: string, why: 'behind' | 'forked') => {
      // Trees that are being grown again are behind for a while.
      if (why === 'behind' && (await log.end(partition)) > (grownTo ?? -1)) return;
      tell(programme, refusals[why](programme));
    };
    try {
      await publishEverySecond(new Publisher({ ...options, key: signer }), unpublished, onRefused, running);
    } catch (error) {
      if (!(error instanceof MemoryMissing)) throw error;
      tell('', error.message);
    }
  };
  const growing = untilOneFails(growTrees({ log, partition, trees, onGrown, ...(gather !== undefined && { gather }) }, running));
  // A publisher without its memory ends alone; one that fails in another way ends both, so that both are tried again.
  const publishing = key ? publish(key).catch((error: unknown) => untilOneFails(Promise.reject(asError(error)))) : Promise.resolve();
  await Promise.all([growing, publishing]);
}

const refusals = {
  behind: (programme: string) =>
    `the tree of ${programme} has fewer records than a checkpoint that was signed: the end of its history is missing. No checkpoint of it is signed until the right log is back`,
  forked: (programme: string) =>
    `the tree of ${programme} does not extend a checkpoint that was signed: its history was changed. No checkpoint of it is signed until the right log is back`,
} as const;

function asError(error: unknown): Error {
  return Error.isError(error) ? error : new Error(String(error));
}

/** Grows the trees of a partition, signs their heads and has them cosigned, until told to stop. */
import { settled } from '../async/settled.js';
import { partitionOf } from '../event-log/partition-of.js';
import type { EventLog, Offset } from '../event-log/ports.js';
import { growTrees } from './grow-trees.js';
import type { Policy } from './notes/policy.js';
import type { CosignedHeads } from './ports.js';
import { MemoryMissing, publishEverySecond, Publisher, Unpublished, type PublisherOptions } from './publish-heads.js';
import { cosignAsDue, Cosigning, CosigningDue, type CosigningObserver } from './witness/cosigning.js';

/** The messages to an operator. */
export type ProofObserver = Partial<CosigningObserver> & {
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
  cosigned: CosignedHeads;
  /** The cosignatures that signed heads need; if absent, no witness is asked. */
  policy?: Policy | undefined;
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
  const sign = async () => {
    if (!key) return;
    const all = await trees.programmes();
    const programmes = all.filter((programme) => partitionOf(programme, log.partitions) === partition);
    const uncosigned = new CosigningDue();
    unpublished.add(programmes);
    await settled(
      [
        publish({ ...options, key }, unpublished, uncosigned, () => grownTo ?? -1, running),
        cosign({ ...options, key }, programmes, uncosigned, running),
      ],
      stop,
    );
  };
  const growing = growTrees({ log, partition, trees, onGrown, ...(gather !== undefined && { gather }) }, running).finally(() => {
    stop.abort();
  });
  await settled([growing, sign()], stop);
}

type SigningOptions = ProofOptions & Pick<PublisherOptions, 'key'>;

/** Signs heads. A publisher without its memory ends alone; one that fails in another way fails. */
async function publish(
  options: SigningOptions,
  unpublished: Unpublished,
  uncosigned: CosigningDue,
  grownTo: () => Offset,
  signal: AbortSignal,
): Promise<void> {
  const { log, partition, observer, now } = options;
  const told = new Set<string>();
  const tell = (programme: string, why: string) => {
    if (told.has(programme)) return;
    told.add(programme);
    observer.refused(why);
  };
  const refused = async (programme: string, why: 'behind' | 'forked') => {
    // Trees that are being grown again are behind for a while.
    if (why === 'behind' && (await log.end(partition)) > grownTo()) return;
    tell(programme, refusals[why](programme));
  };
  const signed = (programme: string) => {
    uncosigned.add([programme], now());
  };
  try {
    await publishEverySecond(new Publisher(options), unpublished, { refused, signed }, signal);
  } catch (error) {
    if (!(error instanceof MemoryMissing)) throw error;
    tell('', error.message);
  }
}

/** Has heads cosigned as the policy says. Without a policy, heads cosigned earlier no longer count as having enough cosignatures. */
async function cosign(
  options: SigningOptions,
  programmes: readonly string[],
  uncosigned: CosigningDue,
  signal: AbortSignal,
): Promise<void> {
  const { now, policy, observer } = options;
  const { troubled = () => undefined, recovered = () => undefined, waiting = () => undefined } = observer;
  const cosigning = new Cosigning({ ...options, policy: policy ?? noWitnesses, observer: { troubled, recovered, waiting } });
  for (const programme of programmes) await cosigning.review(programme);
  uncosigned.add(programmes, now());
  if (policy) await cosignAsDue(cosigning, uncosigned, now, signal);
}
const noWitnesses: Policy = { logs: [], witnesses: [] };

const refusals = {
  behind: (programme: string) =>
    `the tree of ${programme} has fewer records than a checkpoint that was signed: the end of its history is missing. No checkpoint of it is signed until the right log is back`,
  forked: (programme: string) =>
    `the tree of ${programme} does not extend a checkpoint that was signed: its history was changed. No checkpoint of it is signed until the right log is back`,
} as const;

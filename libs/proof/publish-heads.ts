/** Signs heads of trees. The last head is remembered before anybody gets it, and nothing is signed that does not extend it. */
import { setTimeout as pause } from 'node:timers/promises';
import { treeOf } from './grow-trees.js';
import { headIn, signCheckpoint } from './notes/checkpoint.js';
import { publicKeyOf, type Signer } from './notes/signed-note.js';
import { nameOfKey, type SignedHead, type SignedHeads, type Trees } from './ports.js';
import { isExtended } from './tree/verify.js';

export type PublisherOptions = {
  trees: Trees;
  signed: SignedHeads;
  key: Signer['key'];
  /** The host in origins, `<host>/<programme>`. */
  host: string;
  /** Milliseconds since 1970. */
  now: () => number;
};

/**
 * The outcome for a programme's head: `signed`; `same` if there is nothing new; `early` less than a second after the last; `overtaken` if another publisher
 * signed meanwhile; `behind` if the tree is smaller than the signed one; `forked` if it is another tree than the signed one.
 */
export type Published = 'signed' | 'same' | 'early' | 'overtaken' | 'behind' | 'forked';

/** Milliseconds between two checkpoints of a programme, at least. */
export const signEvery = 1_000;

/** The key has signed before, or may have, and the signed heads are not known. */
export class MemoryMissing extends Error {
  override readonly name = 'MemoryMissing';
}

/** Signs the heads of one ledger's trees with one key. */
export class Publisher {
  private readonly key: string;

  constructor(private readonly options: PublisherOptions) {
    this.key = nameOfKey(publicKeyOf(options.key));
  }

  /** @throws {MemoryMissing} nothing may be signed with this key */
  async checkMemory(): Promise<void> {
    if (!(await this.options.signed.knows(this.key)))
      throw new MemoryMissing(
        'it is not known what the checkpoint key has signed, so nothing more is signed with it: put back the memory of its heads, or begin with a new key',
      );
  }

  /** Signs the head of a programme's tree if it extends what was signed before. @throws {MemoryMissing} */
  async publish(programme: string): Promise<Published> {
    const { trees, signed, now } = this.options;
    await this.checkMemory();
    // Read before the tree: a tree that has grown since is no harm.
    const last = await signed.last(this.key, programme);
    const size = await trees.size(programme);
    if (size < (last?.size ?? 1)) return last ? 'behind' : 'same';
    const origin = `${this.options.host}/${programme}`;
    const at = now();
    // A clock that was put back must not silence the ledger.
    if (last && at >= last.signedAt && at - last.signedAt < signEvery) return 'early';
    const tree = treeOf(trees, programme, size);
    const root = await tree.root();
    if (last && !isExtended(last, { size, root }, await tree.consistency(last.size))) return 'forked';
    if (last?.size === size && headIn(last.note).origin === origin) return 'same';
    const note = signCheckpoint({ origin, size, root }, { name: origin, key: this.options.key });
    const head: SignedHead = { size, root, note, signedAt: at };
    return (await signed.remember(this.key, programme, head, last)) ? 'signed' : 'overtaken';
  }
}

/** Called for a programme whose head was refused, and for one whose head was signed. */
export type OnPublished = {
  refused: (programme: string, why: 'behind' | 'forked') => Promise<void> | void;
  signed?: (programme: string) => void;
};

/** Programmes whose trees have grown since their heads were signed. */
export class Unpublished {
  private readonly programmes = new Set<string>();

  add(programmes: Iterable<string>): void {
    for (const programme of programmes) this.programmes.add(programme);
  }

  /** Signs what can be signed now; the rest is tried again next time. */
  async publish(publisher: Publisher, on: OnPublished): Promise<void> {
    for (const programme of [...this.programmes]) {
      this.programmes.delete(programme);
      const published = await publisher.publish(programme).catch((error: unknown) => {
        this.programmes.add(programme);
        throw error;
      });
      if (published === 'early' || published === 'overtaken') this.programmes.add(programme);
      if (published === 'signed') on.signed?.(programme);
      if (published === 'behind' || published === 'forked') await on.refused(programme, published);
    }
  }
}

/** Signs the heads of grown trees every second, until told to stop. */
export async function publishEverySecond(
  publisher: Publisher,
  unpublished: Unpublished,
  on: OnPublished,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await unpublished.publish(publisher, on);
    // More often than a checkpoint is signed, so that one that came early is not a second late.
    await pause(signEvery / 4, undefined, { signal }).catch(() => undefined);
  }
}

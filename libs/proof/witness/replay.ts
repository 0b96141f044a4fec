/**
 * Folds every record of a programme, and vouches for a checkpoint if its tree is of exactly these records. Records are downloaded once and kept; after a
 * restart the copy is folded again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { hashOf } from '../../event-log/record.js';
import { messageOf } from '../../sqlite/database.js';
import { GrowingRoot } from '../tree/growing-root.js';
import { isSameHash, leafOfRecord } from '../tree/hashing.js';
import type { TreeHead } from '../tree/verify.js';
import type { RecordsCopy } from './records-copy.js';
import type { Vouched } from './witness.js';

/** What is wrong with a history. `isLast`: with its last command, of which records may be missing yet. */
export type FoldFault = { found: string; isLast: boolean };
/** Folds records, one after another, on top of the earlier ones. */
export type FoldHistory = (lines: AsyncIterable<Buffer>) => Promise<FoldFault | undefined>;

export type ReplayOptions = {
  /** The records after a position in their exact bytes, in order. @throws {Error} they can't be had now */
  records: (after: number, signal: AbortSignal) => AsyncIterable<Buffer>;
  copy: RecordsCopy;
  /** Begins the fold of a history. The argument is the number of records that were vouched for before. */
  fold: (vouched: number) => FoldHistory;
  /** The head that was vouched for last. */
  vouched: TreeHead | undefined;
  /** Milliseconds after which a caller is told to ask later, while the fold goes on. */
  patience: number;
  signal: AbortSignal;
};

/** The state of a fold: what was folded, the number of bytes of the copy that it is, and how much of both was in the copy when the fold began. */
type Folded = { root: GrowingRoot; bytes: number; copied: number; copiedBytes: number; fold: FoldHistory };

export class Replay {
  private folded: Folded;
  private vouched: TreeHead | undefined;
  /** The bytes of the copy up to the head that was vouched for last, once they are known to be its own. */
  private vouchedBytes = 0;
  private running: Promise<Vouched> | undefined;
  /** Why the records ended early, and whether they differ from those that were vouched for. */
  private broken: unknown;
  private wrongAt: number | undefined;

  constructor(private readonly options: ReplayOptions) {
    this.vouched = options.vouched;
    this.folded = this.begun();
  }

  /** The number of records that are folded. */
  get position(): number {
    return this.folded.root.size;
  }

  /** Whether the records that fold soundly are those of a head. */
  async vouch(head: TreeHead): Promise<Vouched> {
    if (this.running) return this.later(head);
    const running = this.foldTo(head)
      .catch((error: unknown): Vouched => {
        this.folded = this.begun();
        return { as: 'later', why: `the records can’t be folded now: ${messageOf(error)}` };
      })
      .finally(() => {
        this.running = undefined;
      });
    this.running = running;
    const waited = new AbortController();
    const overdue = pause(this.options.patience, undefined, { signal: waited.signal }).then(
      () => this.later(head),
      () => this.later(head),
    );
    return Promise.race([running, overdue]).finally(() => {
      waited.abort();
    });
  }

  /** Waits until nothing is folded. */
  async ended(): Promise<void> {
    await this.running;
  }

  private later({ size }: TreeHead): Vouched {
    return { as: 'later', why: `the records are being folded: ${this.position} of ${size} so far` };
  }

  private async foldTo(head: TreeHead): Promise<Vouched> {
    if (head.size < this.position)
      return { as: 'later', why: `${this.position} records are folded already, and the checkpoint is of ${head.size}` };
    const { folded } = this;
    this.broken = undefined;
    const fault = head.size === this.position ? undefined : await folded.fold(this.lines(folded, head.size));
    if (this.wrongAt !== undefined) return this.refused(`the first ${this.wrongAt} records are not those that were vouched for`);
    if (fault) return this.refused(fault.found, fault.isLast);
    if (this.broken !== undefined) return { as: 'later', why: `the records can’t be read now: ${messageOf(this.broken)}` };
    if (this.position < head.size) return { as: 'later', why: `the ledger has given ${this.position} of ${head.size} records so far` };
    if (!isSameHash(folded.root.root(), head.root))
      return this.refused(`the ${head.size} records that the ledger gives are not those of its checkpoint: their tree has another root`);
    [this.vouched, this.vouchedBytes] = [{ size: head.size, root: head.root }, folded.bytes];
    return { as: 'yes' };
  }

  /** The records up to a position: those of the copy, then those of the ledger, which are added to the copy. They end early if they can't be read. */
  private async *lines(folded: Folded, upTo: number): AsyncIterable<Buffer> {
    const { copy, records, signal } = this.options;
    const { root } = folded;
    for await (const line of copy.lines(folded.bytes)) {
      const isSound = this.isCountedIn(folded, line);
      if (folded.copied === root.size - 1) [folded.copied, folded.copiedBytes] = [root.size, folded.bytes];
      if (!isSound) return;
      yield line;
      if (root.size === upTo) return;
    }
    try {
      for await (const line of copy.appending(records(root.size, signal))) {
        if (!this.isCountedIn(folded, line)) return;
        yield line;
        if (root.size === upTo) return;
      }
    } catch (error) {
      this.broken = error;
    }
  }

  /** Counts a record in. @returns whether the records are still those that were vouched for */
  private isCountedIn(folded: Folded, line: Buffer): boolean {
    const { root } = folded;
    root.append(leafOfRecord(hashOf(line)));
    folded.bytes += line.length + 1;
    if (root.size !== this.vouched?.size) return true;
    if (!isSameHash(root.root(), this.vouched.root)) {
      this.wrongAt = root.size;
      return false;
    }
    this.vouchedBytes = folded.bytes;
    return true;
  }

  /** Begins anew. The copy keeps what was vouched for; the rest is downloaded again, once the ledger has its history right. */
  private async refused(why: string, isLast = false): Promise<Vouched> {
    const { copy } = this.options;
    const { root, copied, copiedBytes } = this.folded;
    const isPastVouched = root.size > (this.vouched?.size ?? 0);
    this.folded = this.begun();
    this.wrongAt = undefined;
    if (root.size <= copied && !isPastVouched)
      return { as: 'later', why: `${copy.file} was changed: ${why}. Move it aside, and the records are downloaded again` };
    await copy.forgetFrom(isPastVouched ? this.vouchedBytes : copiedBytes);
    // Records that were never vouched for are downloaded again before a fault in them is reported.
    return { as: isLast || root.size <= copied ? 'later' : 'no', why };
  }

  private begun(): Folded {
    return { root: new GrowingRoot(), bytes: 0, copied: 0, copiedBytes: 0, fold: this.options.fold(this.vouched?.size ?? 0) };
  }
}

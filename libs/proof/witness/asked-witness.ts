/** A witness as the ledger asks it: the sizes that it has cosigned, and the time of the next request after a failure or refusal. */
import { messageOf } from '../../sqlite/database.js';
import { cosignaturesIn } from '../notes/cosignature.js';
import type { PolicyWitness } from '../notes/policy.js';
import { ProofRefused, readNote } from '../notes/signed-note.js';
import type { SignedHead } from '../ports.js';
import type { TiledTree } from '../tree/tiled-tree.js';
import { writeAddCheckpoint } from './add-checkpoint.js';
import type { AskWitness, WitnessResponse } from './over-http.js';

/** A witness of the policy that has an address. */
export type ReachableWitness = PolicyWitness & { url: string };

/** Milliseconds: for an answer; from the first failure to the next try; and the longest such pause. */
export type Patience = { answer: number; retry: number; retryAtMost: number };

/** A witness did not cosign. `contradicts`: it knows another history than this ledger; `away`: it can't be asked about anything now. */
export class NotCosigned extends Error {
  override readonly name = 'NotCosigned';
  constructor(
    message: string,
    readonly what: 'away' | 'refuses' | 'contradicts',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Failed = { times: number; until: number };

export class AskedWitness {
  /** The sizes that it is known to have cosigned, by programme. */
  private readonly sizes = new Map<string, number>();
  private readonly failed = new Map<string, Failed>();
  private readonly asking = new Set<string>();
  /** When it last cosigned, by programme. */
  private readonly moments = new Map<string, number>();

  constructor(
    readonly witness: ReachableWitness,
    private readonly options: { ask: AskWitness; now: () => number; patience: Patience },
  ) {}

  /** Whether it is being asked about a programme. */
  isAsked(programme: string): boolean {
    return this.asking.has(programme);
  }
  /** When it last cosigned a head of a programme: milliseconds since 1970, `undefined` if this process has not asked it. */
  cosignedAt(programme: string): number | undefined {
    return this.moments.get(programme);
  }
  /** Whether it failed the last time that it was asked about a programme, or at all. */
  isFailing(programme: string): boolean {
    return this.failed.has(programme) || this.failed.has(everything);
  }
  /**
   * The moment from which it may be asked about a programme: milliseconds since 1970, 0 if it did not fail. One that was away is asked about one programme,
   * and about the others once it has answered.
   */
  mayBeAskedFrom(programme: string): number {
    if (this.failed.has(everything) && this.asking.size > 0) return this.options.now() + this.options.patience.retry;
    return Math.max(this.failed.get(programme)?.until ?? 0, this.failed.get(everything)?.until ?? 0);
  }

  /**
   * Asks for a cosignature of a programme's head, from the tree with this head.
   * @param cosigned the size that it is known to have cosigned before this process asked it
   * @returns the line of the cosignature
   * @throws {NotCosigned}
   */
  async cosign(programme: string, head: SignedHead, tree: TiledTree, cosigned: number, signal: AbortSignal): Promise<string> {
    this.asking.add(programme);
    try {
      const line = await this.cosignNow(programme, head, tree, this.sizes.get(programme) ?? cosigned, signal);
      this.failed.delete(programme);
      this.failed.delete(everything);
      return line;
    } catch (error) {
      const what = error instanceof NotCosigned && error.what === 'away' ? everything : programme;
      if (what !== everything) this.failed.delete(everything);
      const times = (this.failed.get(what)?.times ?? 0) + 1;
      const { retry, retryAtMost } = this.options.patience;
      this.failed.set(what, { times, until: this.options.now() + Math.min(retry * 2 ** (times - 1), retryAtMost) });
      throw error;
    } finally {
      this.asking.delete(programme);
    }
  }

  private async cosignNow(programme: string, head: SignedHead, tree: TiledTree, known: number, signal: AbortSignal): Promise<string> {
    const { name } = this.witness;
    let old = known;
    // The first answer may name another size; the second request then begins at that size.
    for (let tries = 0; tries < 3; tries++) {
      if (old > head.size)
        throw new NotCosigned(
          `the witness ${name} has cosigned ${old} records of ${programme}, and this ledger has signed ${head.size}: it was put back to an older copy, or something else signs with its key`,
          'contradicts',
        );
      const { status, text } = await this.ask(
        writeAddCheckpoint({ old, proof: await tree.consistency(old), checkpoint: head.note }),
        signal,
      );
      if (status === 200) {
        const line = this.lineIn(text, head);
        this.sizes.set(programme, head.size);
        this.moments.set(programme, this.options.now());
        return line;
      }
      if (status !== 409) throw this.refusal(programme, { status, text });
      const [, size] = /^(0|[1-9]\d{0,15})\n?$/.exec(text) ?? [];
      if (size === undefined) throw new NotCosigned(`the witness ${name} answered 409 without a size`, 'away');
      // Earlier drafts of the protocol have this answer for a tree of the same size with another root.
      if (Number(size) === old) throw this.refusal(programme, { status: 422, text: '' });
      old = Number(size);
      this.sizes.set(programme, old);
    }
    throw new NotCosigned(`the witness ${name} has cosigned another size of ${programme} each time that it is asked`, 'refuses');
  }

  private async ask(body: string, signal: AbortSignal): Promise<WitnessResponse> {
    const limit = AbortSignal.timeout(this.options.patience.answer);
    try {
      return await this.options.ask(this.witness.url, body, AbortSignal.any([signal, limit]));
    } catch (cause) {
      const why = limit.aborted ? `it did not answer within ${this.options.patience.answer / 1_000} s` : reasonIn(cause);
      throw new NotCosigned(`the witness ${this.witness.name} can’t be asked at ${this.witness.url}: ${why}`, 'away', { cause });
    }
  }

  private lineIn(text: string, head: SignedHead): string {
    const { name, verifier } = this.witness;
    try {
      const line = cosignaturesIn(text, readNote(head.note).text, [verifier]).at(-1);
      if (line !== undefined) return line;
    } catch (cause) {
      if (!(cause instanceof ProofRefused)) throw cause;
      throw new NotCosigned(`the witness ${name} answered with no cosignature: ${cause.message}`, 'away', { cause });
    }
    throw new NotCosigned(`the witness ${name} cosigned with another key than ${verifier.name} of the policy`, 'away');
  }

  private refusal(programme: string, { status, text }: WitnessResponse): NotCosigned {
    const { name } = this.witness;
    const said = text === '' ? '' : ` (it says: ${text.trim().slice(0, 200)})`;
    if (status === 422)
      return new NotCosigned(`the witness ${name} has cosigned another history of ${programme} than this ledger has${said}`, 'contradicts');
    if (status === 403 || status === 404)
      return new NotCosigned(
        `the witness ${name} does not know the key that signs checkpoints of ${programme}: give it the line that \`ledger key\` prints${said}`,
        'refuses',
      );
    return new NotCosigned(`the witness ${name} answered ${status}${said}`, status === 503 ? 'refuses' : 'away');
  }
}

/** The key, in place of a programme's name, for all programmes. */
const everything = '';

/** Why a request failed: fetch tells it in the cause. */
function reasonIn(error: unknown): string {
  const cause = Error.isError(error) && Error.isError(error.cause) ? error.cause : error;
  const message = messageOf(cause);
  const code = Error.isError(cause) && 'code' in cause ? String(cause.code) : 'no answer';
  return message === '' ? code : message;
}

/**
 * A witness (C2SP tlog-witness): it cosigns a checkpoint that extends the one it cosigned before, of logs whose keys it was given. The head is remembered
 * before the cosignature leaves, in place of the one that it extends, so that of any two cosigned heads one extends the other.
 */
import { checkpointIn, openCheckpoint, type Checkpoint } from '../notes/checkpoint.js';
import { cosign, withCosignature } from '../notes/cosignature.js';
import { keyIdOf, openNote, ProofRefused, publicKeyOf, readNote, signatureLine, type Signer, type Verifier } from '../notes/signed-note.js';
import { nameOfKey, type SignedHead, type SignedHeads } from '../ports.js';
import { MemoryMissing } from '../publish-heads.js';
import { emptyRoot, isSameHash } from '../tree/hashing.js';
import { isExtended } from '../tree/verify.js';
import { readAddCheckpoint, type AddCheckpoint } from './add-checkpoint.js';

/** What a witness answers, with the status of HTTP: its cosignature, the size that it cosigned last if another was named, or why it cosigns nothing. */
export type WitnessAnswer = { status: 200; cosignature: string } | { status: 409; size: number } | { status: RefusedStatus; why: string };
/** Not a request; signed by no known key; of an unknown log; contradicts what was cosigned or vouched for; can't be decided now. */
type RefusedStatus = 400 | 403 | 404 | 422 | 503;

/** Whether a witness vouches for a head for more reasons than that it extends the last: `no` is for ever, `later` until it is asked again. */
export type Vouched = { as: 'yes' } | { as: 'no' | 'later'; why: string };

export type WitnessOptions = {
  /** The name and the key under which it cosigns. */
  signer: Signer;
  /** The heads that it cosigned, by origin in place of a programme. */
  heads: Pick<SignedHeads, 'knows' | 'last' | 'remember'>;
  /** The keys of the logs that it knows; a key's name is its log's origin. */
  logs: readonly Verifier[];
  /** Milliseconds since 1970. */
  now: () => number;
  /** A further condition on a head that extends the last one. */
  vouch?: (checkpoint: Checkpoint) => Promise<Vouched>;
  /** Called with a signed checkpoint that contradicts what was cosigned or vouched for: it proves what its log did. */
  onContradiction?: (checkpoint: Checkpoint, note: string, why: string) => Promise<void> | void;
};

export class Witness {
  private readonly key: string;

  constructor(private readonly options: WitnessOptions) {
    this.key = nameOfKey(publicKeyOf(options.signer.key));
  }

  /** The head that was cosigned last for an origin: its note has the log's signature and the cosignature. */
  cosigned(origin: string): Promise<SignedHead | undefined> {
    return this.options.heads.last(this.key, origin);
  }

  /** Answers a request in the form of the protocol. @throws {MemoryMissing} it is not known what the key has cosigned */
  async answer(body: string): Promise<WitnessAnswer> {
    let request: AddCheckpoint;
    try {
      request = readAddCheckpoint(body);
    } catch (error) {
      return refusedFor(400, error);
    }
    return this.add(request);
  }

  /**
   * Cosigns a checkpoint if it extends the last.
   * @param proofOf the source of the proof: if that is the log's own tiles, under the root that it signed, a failing proof shows what the log did
   * @throws {MemoryMissing} it is not known what the key has cosigned
   */
  async add({ old, proof, checkpoint: note }: AddCheckpoint, proofOf: 'sender' | 'log' = 'sender'): Promise<WitnessAnswer> {
    const { logs, heads, vouch, onContradiction } = this.options;
    await this.checkMemory();
    let origin: string;
    try {
      ({ origin } = checkpointIn(readNote(note).text));
    } catch (error) {
      return refusedFor(400, error);
    }
    const keys = logs.filter(({ name }) => name === origin);
    if (keys.length === 0) return { status: 404, why: `no key of ${origin} is known here` };
    let opened: { checkpoint: Checkpoint; signed: string };
    try {
      opened = openedBy(keys, note);
    } catch (error) {
      return refusedFor(403, error);
    }
    const { checkpoint, signed } = opened;
    if (old > checkpoint.size) return { status: 400, why: `a tree of ${checkpoint.size} leaves can’t extend one of ${old}` };

    const last = await this.cosigned(origin);
    if (old !== (last?.size ?? 0)) return { status: 409, size: last?.size ?? 0 };
    const contradicted = async (why: string): Promise<WitnessAnswer> => {
      await onContradiction?.(checkpoint, signed, why);
      return { status: 422, why };
    };
    if (last?.size === checkpoint.size && !isSameHash(last.root, checkpoint.root))
      return contradicted(`the checkpoint that was cosigned has another root for the same ${last.size} leaves`);
    if (!isExtended(last ?? { size: 0, root: emptyRoot }, checkpoint, proof)) {
      const why = last
        ? `the tree of ${checkpoint.size} leaves was not proven to extend the one of ${last.size} that was cosigned`
        : 'the proof of a first checkpoint must be empty, and the empty tree must have its own root';
      return proofOf === 'log' ? contradicted(why) : { status: 422, why };
    }
    const vouched = (await vouch?.(checkpoint)) ?? { as: 'yes' };
    if (vouched.as === 'no') return contradicted(vouched.why);
    if (vouched.as === 'later') return { status: 503, why: vouched.why };

    const now = this.options.now();
    const cosignature = cosign(readNote(signed).text, this.options.signer, Math.floor(now / 1_000));
    const { size, root } = checkpoint;
    const head = { size, root, note: withCosignature(signed, cosignature), signedAt: now };
    if (await heads.remember(this.key, origin, head, last)) return { status: 200, cosignature };
    return { status: 409, size: (await this.cosigned(origin))?.size ?? 0 };
  }

  /** @throws {MemoryMissing} nothing may be cosigned with this key */
  async checkMemory(): Promise<void> {
    if (!(await this.options.heads.knows(this.key)))
      throw new MemoryMissing(
        'it is not known what the witness’s key has cosigned, so nothing more is cosigned with it: put back the memory of its heads, or begin with a new key',
      );
  }
}

/** The checkpoint, and its note with the log's own signatures alone. @throws {ProofRefused} none of the keys signed it, or not as the note says */
function openedBy(keys: readonly Verifier[], note: string): { checkpoint: Checkpoint; signed: string } {
  const { text, signatures, signedBy } = openNote(note, keys);
  const [verifier] = signedBy;
  if (!verifier) throw new ProofRefused('no known key signed the checkpoint');
  const ids = signedBy.map((one) => keyIdOf(one));
  const own = signatures.filter(({ name, keyId }) => name === verifier.name && ids.includes(keyId));
  return { checkpoint: openCheckpoint(note, verifier), signed: `${text}\n${own.map(signatureLine).join('')}` };
}

function refusedFor(status: 400 | 403, error: unknown): WitnessAnswer {
  if (error instanceof ProofRefused) return { status, why: error.message };
  throw error;
}

/** Asks the witnesses of a policy for their cosignatures of signed heads, and keeps them. It does not delay signing or recording. */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { treeOf } from '../grow-trees.js';
import { headIn } from '../notes/checkpoint.js';
import { cosignatureOn, withCosignature } from '../notes/cosignature.js';
import { isSatisfied, type Policy } from '../notes/policy.js';
import { openNote, ProofRefused, publicKeyOf, readNote, type Signer } from '../notes/signed-note.js';
import { nameOfKey, type CosignedHead, type CosignedHeads, type SignedHead, type SignedHeads, type Trees } from '../ports.js';
import { AskedWitness, NotCosigned, type Patience, type ReachableWitness } from './asked-witness.js';
import { askOverHttp, type AskWitness } from './over-http.js';

/** The messages to an operator: each trouble of a witness once, and its end. */
export type CosigningObserver = {
  /** `grave`: the witness knows another history than this ledger. */
  troubled: (why: string, grave: boolean) => void;
  recovered: (what: string) => void;
  /** Since when a newest head waits for the cosignatures that the policy needs: milliseconds since 1970, `undefined` if none waits. */
  waiting: (since: number | undefined) => void;
};

export type CosigningOptions = {
  trees: Pick<Trees, 'tile'>;
  signed: Pick<SignedHeads, 'last'>;
  cosigned: CosignedHeads;
  /** The key that signs the heads, and the host in their origins. */
  key: Signer['key'];
  host: string;
  policy: Policy;
  /** Milliseconds since 1970. */
  now: () => number;
  observer: CosigningObserver;
  ask?: AskWitness;
  patience?: Patience;
};

const usualPatience: Patience = { answer: 5_000, retry: 1_000, retryAtMost: 60_000 };
/** Milliseconds after which a head that is still the newest is cosigned again: the time of a cosignature says until when it was. */
export const cosignAgainAfter = 600_000;
/** The most programmes whose heads are cosigned at the same moment. */
const atOnce = 8;
/** Milliseconds between two looks at what is due. */
const lookEvery = 100;

/** The cosigning of one ledger's heads. */
export class Cosigning {
  private readonly witnesses: readonly AskedWitness[];
  private readonly keeping = new Map<string, Promise<unknown>>();
  private readonly asked = new Set<Promise<unknown>>();
  private readonly told = new Map<string, string>();
  /** Since when the newest heads of programmes wait for enough cosignatures. */
  private readonly waiting = new Map<string, number>();
  private failure: Error | undefined;

  constructor(private readonly options: CosigningOptions) {
    const { policy, now, ask = askOverHttp, patience = usualPatience } = options;
    this.witnesses = policy.witnesses.filter(isReachable).map((witness) => new AskedWitness(witness, { ask, now, patience }));
  }

  /** Decides again which kept heads of a programme have enough cosignatures: key, host or policy may have changed since they were kept. */
  async review(programme: string): Promise<void> {
    await this.change(programme, (heads) =>
      heads.filter(({ note }) => this.isOwn(programme, note)).map((head) => ({ ...head, enough: this.isEnough(head.note) })),
    );
  }

  /**
   * Asks the witnesses that have not cosigned the newest head of a programme lately, until its cosignatures are enough, or all have answered
   * that did not fail before. The others may still answer afterwards.
   * @returns the moment of the next round (milliseconds since 1970) if no head is signed before; `undefined` if none is signed yet
   */
  async round(programme: string, signal: AbortSignal): Promise<number | undefined> {
    const { signed, cosigned, now, key } = this.options;
    const head = await signed.last(nameOfKey(publicKeyOf(key)), programme);
    if (!head) return undefined;
    const heads = await cosigned.of(programme);
    const current = heads.find(isOf(head))?.note ?? head.note;
    const due = this.witnesses.filter((one) => !one.isAsked(programme) && this.dueAt(one, programme, current) <= now());
    if (this.failure) throw this.failure;
    if (!this.isEnough(current)) this.isWaiting(programme, this.waiting.get(programme) ?? head.signedAt);
    await new Promise<void>((done, failed) => {
      const awaited = due.filter((one) => !one.isFailing(programme));
      let left = awaited.length;
      if (left === 0) done();
      for (const one of due) {
        const isAwaited = awaited.includes(one);
        const asking = this.askOne(one, programme, head, sizeCosigned(heads, one.witness), signal)
          .then((enough) => {
            if (enough) done();
          }, failed)
          .finally(() => {
            this.asked.delete(asking);
            if (isAwaited && --left === 0) done();
          });
        this.asked.add(asking);
      }
    });
    const after = (await cosigned.of(programme)).find(isOf(head))?.note ?? head.note;
    const next = this.witnesses.map((one) => (one.isAsked(programme) ? now() + lookEvery : this.dueAt(one, programme, after)));
    return Math.min(...next, now() + cosignAgainAfter);
  }

  /** Waits until every witness that was asked has answered or was given up. */
  async ended(): Promise<void> {
    await Promise.all(this.asked);
  }

  /** Asks one witness. @returns whether the head now has enough cosignatures */
  private async askOne(one: AskedWitness, programme: string, head: SignedHead, cosigned: number, signal: AbortSignal): Promise<boolean> {
    try {
      const tree = treeOf(this.options.trees, programme, head.size);
      const line = await one.cosign(programme, head, tree, cosigned, signal);
      const enough = await this.keep(programme, head, line);
      this.recovered(programme, one);
      return enough;
    } catch (error) {
      if (error instanceof NotCosigned) {
        if (!signal.aborted) this.troubled(programme, one, error);
        return false;
      }
      // The round may be over: then the next one fails.
      this.failure = Error.isError(error) ? error : new Error(String(error));
      throw this.failure;
    }
  }

  private dueAt(one: AskedWitness, programme: string, note: string): number {
    const cosignature = cosignatureOn(note, one.witness.verifier);
    // By this machine's clock if the moment is known, because a witness's clock may be wrong.
    const at = cosignature && (one.cosignedAt(programme) ?? cosignature.at * 1_000);
    return Math.max(at === undefined ? 0 : at + cosignAgainAfter, one.mayBeAskedFrom(programme));
  }

  /** Keeps a cosignature. @returns whether the head's cosignatures are enough */
  private async keep(programme: string, head: SignedHead, line: string): Promise<boolean> {
    const kept = { enough: false };
    await this.change(programme, (heads) => {
      const note = withCosignature(heads.find(isOf(head))?.note ?? head.note, line);
      kept.enough = this.isEnough(note);
      const others = heads.filter(({ size }) => size !== head.size);
      return [...others, { size: head.size, note, enough: kept.enough }];
    });
    if (kept.enough) this.isWaiting(programme, undefined);
    return kept.enough;
  }

  private isWaiting(programme: string, since: number | undefined): void {
    // A policy that needs nobody waits for nobody.
    if (since === undefined || this.options.policy.quorum === undefined) this.waiting.delete(programme);
    else this.waiting.set(programme, since);
    this.options.observer.waiting(this.waiting.size === 0 ? undefined : Math.min(...this.waiting.values()));
  }

  /** Changes the kept heads of a programme, one change after another. The newest stays, and the newest with enough cosignatures. */
  private change(programme: string, changed: (heads: readonly CosignedHead[]) => CosignedHead[]): Promise<void> {
    const { cosigned } = this.options;
    const before = this.keeping.get(programme) ?? Promise.resolve();
    const changing = before
      .catch(() => undefined)
      .then(async () => {
        const kept = await cosigned.of(programme);
        const heads = changed(kept).sort((one, other) => other.size - one.size);
        const enough = heads.find((head) => head.enough);
        const next = heads.filter((head, at) => at === 0 || head === enough);
        if (!isDeepStrictEqual(next, kept)) await cosigned.keep(programme, next);
      });
    this.keeping.set(programme, changing);
    return changing;
  }

  private isEnough(note: string): boolean {
    const { policy } = this.options;
    return policy.quorum !== undefined && isSatisfied(policy, ({ verifier }) => cosignatureOn(note, verifier) !== undefined);
  }

  private isOwn(programme: string, note: string): boolean {
    const name = `${this.options.host}/${programme}`;
    try {
      openNote(note, [{ name, publicKey: publicKeyOf(this.options.key) }]);
      return headIn(note).origin === name;
    } catch (error) {
      if (error instanceof ProofRefused) return false;
      throw error;
    }
  }

  private troubled(programme: string, { witness: { name } }: AskedWitness, error: NotCosigned): void {
    const about = error.what === 'away' ? name : `${name} ${programme}`;
    if (this.told.get(about) === error.message) return;
    this.told.set(about, error.message);
    this.options.observer.troubled(error.message, error.what === 'contradicts');
  }

  private recovered(programme: string, { witness: { name } }: AskedWitness): void {
    const isTold = [name, `${name} ${programme}`].map((about) => this.told.delete(about)).includes(true);
    if (isTold) this.options.observer.recovered(`the witness ${name} cosigns again`);
  }
}

/** When the newest heads of programmes are to be cosigned. */
export class CosigningDue {
  private readonly moments = new Map<string, number>();

  /** Programmes whose heads are to be cosigned at a moment, or before if one is due already. */
  add(programmes: Iterable<string>, moment: number): void {
    for (const programme of programmes) this.moments.set(programme, Math.min(moment, this.moments.get(programme) ?? Infinity));
  }
  /** Takes a programme that is due. */
  take(now: number, isFree: (programme: string) => boolean): string | undefined {
    for (const [programme, moment] of this.moments)
      if (moment <= now && isFree(programme)) {
        this.moments.delete(programme);
        return programme;
      }
    return undefined;
  }
}

/** Has heads cosigned as they become due, until told to stop. */
export async function cosignAsDue(cosigning: Cosigning, due: CosigningDue, now: () => number, signal: AbortSignal): Promise<void> {
  const rounds = new Map<string, Promise<void>>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  try {
    while (!signal.aborted) {
      const isFree = (programme: string) => !rounds.has(programme);
      while (rounds.size < atOnce) {
        const programme = due.take(now(), isFree);
        if (programme === undefined) break;
        const round = cosigning
          .round(programme, signal)
          .then((moment) => {
            if (moment !== undefined) due.add([programme], moment);
          })
          .catch(failure.reject)
          .finally(() => rounds.delete(programme));
        rounds.set(programme, round);
      }
      await Promise.race([pause(lookEvery, undefined, { signal }).catch(() => undefined), failure.promise]);
    }
  } finally {
    await Promise.all(rounds.values());
    await cosigning.ended();
  }
}

function isReachable(witness: Policy['witnesses'][number]): witness is ReachableWitness {
  return witness.url !== undefined;
}

/** The largest tree that a witness is known to have cosigned; 0 if none is. */
function sizeCosigned(heads: readonly CosignedHead[], { verifier }: ReachableWitness): number {
  return heads.find(({ note }) => cosignatureOn(note, verifier))?.size ?? 0;
}

function isOf(head: SignedHead): (other: CosignedHead) => boolean {
  const { text } = readNote(head.note);
  return ({ note }) => readNote(note).text === text;
}

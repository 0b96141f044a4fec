/** The trees, the signed heads with their cosignatures, and the statements that queries read. */
import type { CosignedHeads, SignedHeads, Trees } from '../proof/ports.js';
import type { Statements } from '../proof/statements/ports.js';

export type ProofStores = {
  trees: Pick<Trees, 'tile'>;
  signed: Pick<SignedHeads, 'latest' | 'key'>;
  cosigned: Pick<CosignedHeads, 'of'>;
  statements: Pick<Statements, 'at' | 'list' | 'documents' | 'tiles' | 'tileOf'>;
};

/** Trees or signed heads can't be read now. */
export class ProofUnavailable extends Error {
  override readonly name = 'ProofUnavailable';
}

/** Reads the stores, which may be opened only once they are there. */
export class Proof {
  constructor(private readonly stores: () => ProofStores) {}

  /** @throws {ProofUnavailable} */
  async read<T>(work: (stores: ProofStores) => Promise<T>): Promise<T> {
    try {
      return await work(this.stores());
    } catch (cause) {
      throw new ProofUnavailable('checkpoints, tiles and statements can’t be read now; try again', { cause });
    }
  }
}

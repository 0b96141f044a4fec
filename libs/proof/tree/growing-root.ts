/** The root of a tree that grows leaf by leaf, kept in as many hashes as its size has bits. */
import { emptyRoot, nodeHash, type Hash } from './hashing.js';

export class GrowingRoot {
  /** The roots of the full subtrees that the leaves make, the largest first; each has twice the leaves of one after it, or more. */
  private readonly subtrees: Hash[] = [];
  private leaves = 0;

  /** The number of leaves. */
  get size(): number {
    return this.leaves;
  }

  /** Appends a leaf by its hash. */
  append(leaf: Hash): void {
    let hash = leaf;
    // Two full subtrees of one size make one of the next.
    for (let rest = this.leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = nodeHash(this.subtrees.pop() ?? emptyRoot, hash);
    this.subtrees.push(hash);
    this.leaves++;
  }

  /** The root of the leaves so far. */
  root(): Hash {
    const [last, ...others] = this.subtrees.toReversed();
    return others.reduce((root, subtree) => nodeHash(subtree, root), last ?? emptyRoot);
  }
}

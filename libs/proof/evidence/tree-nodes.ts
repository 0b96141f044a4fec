/** The few hashes of a Merkle tree that lead from some of its leaves to its root: one proof of inclusion for all of them together. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeHash, type Hash } from '../tree/hashing.js';
import { isPowerOfTwo, splitOf, type TiledTree } from '../tree/tiled-tree.js';

/** A node of a tree: the root of the leaves from `index` · 2^`level` on to (`index` + 1) · 2^`level`. */
export type NodePlace = { level: number; index: number };
/** Hashes of nodes by {@link nodeName}. */
export type Nodes = ReadonlyMap<string, Hash>;

/** A node as evidence names it, such as `3/17`. */
export function nodeName({ level, index }: NodePlace): string {
  return `${level}/${index}`;
}

/** The nodes that a tree of `size` leaves needs beside these leaves (indexes from 0): the largest ones that hold none of them. @throws {RangeError} */
export function nodePlaces(size: number, leaves: Iterable<number>): NodePlace[] {
  return walk<NodePlace[]>(size, leaves, { leaf: () => [], node: (place) => [place], join: (left, right) => [...left, ...right] });
}

/** The hashes of these nodes, read from the tree. @throws {RangeError} the tree has not all of the leaves */
export async function nodesFor(tree: Pick<TiledTree, 'size' | 'node'>, leaves: Iterable<number>): Promise<Nodes> {
  const nodes = new Map<string, Hash>();
  for (const place of nodePlaces(tree.size, leaves)) {
    nodes.set(nodeName(place), await tree.node(place.level, place.index));
    // Files answer at once: without this, many nodes would be read in one turn.
    if (nodes.size % 64 === 0) await nextTurn();
  }
  return nodes;
}

/** The root that leaves and nodes lead to; or the name of a node that is missing, or of one that is not needed. */
export type RootFound = { root: Hash } | { missing: string } | { unused: string };

/** The inverse of {@link nodesFor}: the root of a tree of `size` leaves, from the hashes of some leaves and all nodes beside them. @throws {RangeError} */
export function rootFrom(size: number, leaves: ReadonlyMap<number, Hash>, nodes: Nodes): RootFound {
  const used = new Set<string>();
  let missing: string | undefined;
  const known = (hash: Hash | undefined, name: string): Hash => {
    if (!hash) missing ??= name;
    return hash ?? new Uint8Array();
  };
  const root = walk<Hash>(size, leaves.keys(), {
    leaf: (index) => known(leaves.get(index), nodeName({ level: 0, index })),
    node: (place) => {
      const name = nodeName(place);
      used.add(name);
      return known(nodes.get(name), name);
    },
    join: nodeHash,
  });
  if (missing !== undefined) return { missing };
  const [unused] = [...nodes.keys()].filter((name) => !used.has(name)).sort();
  return unused === undefined ? { root } : { unused };
}

type Visit<T> = { leaf: (index: number) => T; node: (place: NodePlace) => T; join: (left: T, right: T) => T };

/** Walks a tree from its root down to the given leaves, and to the nodes that hold none of them. */
function walk<T>(size: number, leaves: Iterable<number>, { leaf, node, join }: Visit<T>): T {
  const given = [...new Set(leaves)].sort((one, other) => one - other);
  if (size < 1 || given.some((index) => index < 0 || index >= size)) throw new RangeError(`a tree of ${size} leaves has not all of these`);
  const below = (start: number, end: number, own: readonly number[]): T => {
    const width = end - start;
    if (own.length === 0 && isPowerOfTwo(width)) return node({ level: levelOf(width), index: start / width });
    if (width === 1) return leaf(start);
    const middle = start + splitOf(width);
    const split = own.findIndex((index) => index >= middle);
    const left = split < 0 ? own.length : split;
    return join(below(start, middle, own.slice(0, left)), below(middle, end, own.slice(left)));
  };
  return below(0, size, given);
}

/** The level of a node over 2ⁿ leaves: n. */
function levelOf(leaves: number): number {
  let level = 0;
  for (let width = 1; width < leaves; width *= 2) level++;
  return level;
}

/** Grows the trees of programmes from the log, off the commit path: they can always be grown again. */
import { entryAt } from '../event-log/contradiction.js';
import { LogDiverged, LogUnreadable, start, type Entry, type EventLog, type Offset } from '../event-log/ports.js';
import { Pace } from './pace.js';
import type { GrownTree, Trees } from './ports.js';
import { isSameHash, leafOfRecordBytes, type Hash } from './tree/hashing.js';
import { TiledTree } from './tree/tiled-tree.js';
import { grownTiles, type ReadTile } from './tree/tiles.js';

export type TreesOptions = {
  log: EventLog;
  partition: number;
  trees: Trees;
  /** Called at the start and after every save: the offset that trees are grown to, and the programmes whose trees have grown. */
  onGrown?: (offset: Offset, programmes: readonly string[]) => void;
  /** Milliseconds to wait after few entries, so that the next are taken together; 200 if absent. */
  gather?: number;
};

/**
 * Grows trees as entries are appended, until told to stop.
 * @throws {LogDiverged} the log does not hold what the trees were grown from @throws {LogUnreadable} a record is missing
 */
export async function growTrees(options: TreesOptions, signal: AbortSignal): Promise<void> {
  const { log, partition, trees, onGrown, gather = 200 } = options;
  const offset = await comparedOffset(options);
  onGrown?.(offset, []);
  const pace = new Pace(log, partition, gather);
  for await (const entries of log.follow(partition, offset, signal)) {
    const last = entries.at(-1);
    if (!last) continue;
    const grown = await grownBy(entries, trees);
    await trees.save({ partition, offset: last.offset, trees: grown });
    onGrown?.(
      last.offset,
      grown.map(({ programme }) => programme),
    );
    await pace.rest(entries.length, signal);
  }
}

/** Grows the trees of a partition to the end of the log as of the call. @throws {LogDiverged} @throws {LogUnreadable} */
export async function growToTheEnd(options: Pick<TreesOptions, 'log' | 'partition' | 'trees'>): Promise<void> {
  const { log, partition, trees } = options;
  for await (const entries of log.read(partition, await comparedOffset(options))) {
    const last = entries.at(-1);
    if (last) await trees.save({ partition, offset: last.offset, trees: await grownBy(entries, trees) });
  }
}

/** How far the trees are grown, once it is certain that they were grown from this log. @throws {LogDiverged} */
async function comparedOffset({ log, partition, trees }: Pick<TreesOptions, 'log' | 'partition' | 'trees'>): Promise<Offset> {
  const offset = await trees.offset(partition);
  const diverged = await treesContradicted(log, partition, trees);
  if (diverged) throw diverged;
  return offset;
}

/** How the log contradicts the trees of a partition; `undefined` if the entry that they were grown to is there. `what` names them. */
export async function treesContradicted(
  log: EventLog,
  partition: number,
  trees: Trees,
  what = 'the Merkle trees',
): Promise<LogDiverged | undefined> {
  const offset = await trees.offset(partition);
  if (offset === start) return undefined;
  const entry = await entryAt(log, partition, offset);
  if (!entry) return new LogDiverged(offset, `${what}: grown to offset ${offset} of the log, which does not hold an entry there`);
  if (entry.kind !== 'record') return undefined;
  const { programme = '', position = 0 } = entry;
  const size = await trees.size(programme);
  if (size < position)
    return new LogDiverged(offset, `${what}: grown to offset ${offset}, but position ${position} of ${programme} there is not in them`);
  const leaf = await treeOf(trees, programme, size).leaf(position - 1);
  if (isSameHash(leaf, leafOfRecordBytes(entry.bytes))) return undefined;
  return new LogDiverged(offset, `${what}: position ${position} of ${programme} is another record in them than in the log`);
}

/** A programme's tree of `size` leaves, as it is kept. */
export function treeOf(trees: Pick<Trees, 'tile'>, programme: string, size: number): TiledTree {
  return new TiledTree(size, readTiles(trees, programme));
}

function readTiles(trees: Pick<Trees, 'tile'>, programme: string): ReadTile {
  return async (address) => {
    const hashes = await trees.tile(programme, address);
    if (!hashes)
      throw new Error(`the tree of ${programme} lacks ${address.width} hashes at level ${address.level}, index ${address.index}`);
    return hashes;
  };
}

/** The trees of the programmes that some entries are of, with their records' leaves. Records that a tree has already must be the same. */
async function grownBy(entries: readonly Entry[], trees: Trees): Promise<GrownTree[]> {
  const added = new Map<string, { size: number; leaves: Hash[] }>();
  for (const { kind, programme, position, bytes, offset } of entries) {
    if (kind !== 'record' || programme === undefined || position === undefined) continue;
    const tree = added.get(programme) ?? { size: await trees.size(programme), leaves: [] };
    added.set(programme, tree);
    const leaf = leafOfRecordBytes(bytes);
    const next = tree.size + tree.leaves.length + 1;
    if (position > next) throw new LogUnreadable(offset, `position ${next} of ${programme} is missing: position ${position} follows`);
    if (position === next) tree.leaves.push(leaf);
    else if (position > tree.size || !isSameHash(leaf, await treeOf(trees, programme, tree.size).leaf(position - 1)))
      throw new LogDiverged(offset, `the Merkle trees: position ${position} of ${programme} is another record in them than in the log`);
  }
  const grown: GrownTree[] = [];
  for (const [programme, { size, leaves }] of added)
    if (leaves.length > 0)
      grown.push({ programme, size: size + leaves.length, tiles: await grownTiles(size, leaves, readTiles(trees, programme)) });
  return grown;
}

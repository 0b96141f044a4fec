/** Assigns partitions to instances: as evenly as possible, and always the same for the same set of instances. */
import { createHash } from 'node:crypto';

/**
 * Every partition goes to the instance that ranks highest for it (rendezvous hashing) and has room: of P partitions, each of I instances gets P/I, rounded
 * down or up. An instance that comes back under its name gets most of its former partitions.
 */
export function assignmentOf(instances: readonly string[], partitions: number): Map<string, number[]> {
  const names = [...new Set(instances)].sort();
  const assigned = new Map(names.map((name): [string, number[]] => [name, []]));
  if (names.length === 0) return assigned;
  const each = Math.floor(partitions / names.length);
  let more = partitions % names.length;
  for (let partition = 0; partition < partitions; partition++) {
    const ranked = names.map((name) => ({ name, rank: rankOf(name, partition) })).sort((one, other) => (one.rank < other.rank ? 1 : -1));
    for (const { name } of ranked) {
      const own = assigned.get(name);
      if (!own || own.length > each || (own.length === each && more === 0)) continue;
      if (own.length === each) more--;
      own.push(partition);
      break;
    }
  }
  return assigned;
}

function rankOf(instance: string, partition: number): string {
  return createHash('sha256').update(`${partition}/${instance}`).digest('hex');
}

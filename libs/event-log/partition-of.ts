/** The partition of a programme. */
const encoder = new TextEncoder();
const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** MurmurHash2 as Kafka's default partitioner computes it (`org.apache.kafka.common.utils.Utils.murmur2`), so that any client finds a programme. */
function murmur2(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let hash = seed ^ data.length;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(view.getInt32(at, true), multiplier);
    hash = Math.imul(hash, multiplier) ^ Math.imul(word ^ (word >>> 24), multiplier);
  }
  if (data.length > whole) {
    for (let at = data.length - 1; at >= whole; at--) hash ^= (data[at] ?? 0) << ((at - whole) * 8);
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition of a programme among the given number. It must stay the same for ever, so the number of partitions never changes. */
export function partitionOf(programme: string, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(encoder.encode(programme)) & 0x7fffffff) % partitions;
}

/** CRC-32C (Castagnoli), the checksum of Kafka's record batches, computed eight bytes at a time. */
const polynomial = 0x82f63b78;
/** Eight tables of 256 numbers: table n holds the effect of each byte on the sum if n bytes follow it. */
const tables = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
  tables[byte] = sum;
}
for (let at = 256; at < tables.length; at++) {
  const before = table(at - 256);
  tables[at] = (before >>> 8) ^ table(before & 0xff);
}

function table(at: number): number {
  return tables[at] ?? 0;
}

/** The checksum of `bytes` from `from` on, as an unsigned number. */
export function crc32c(bytes: Buffer, from = 0): number {
  let sum = -1;
  let at = from;
  for (const whole = bytes.length - 7; at < whole; at += 8) {
    const low = sum ^ bytes.readInt32LE(at);
    const high = bytes.readInt32LE(at + 4);
    sum =
      table(0x700 + (low & 0xff)) ^
      table(0x600 + ((low >>> 8) & 0xff)) ^
      table(0x500 + ((low >>> 16) & 0xff)) ^
      table(0x400 + (low >>> 24)) ^
      table(0x300 + (high & 0xff)) ^
      table(0x200 + ((high >>> 8) & 0xff)) ^
      table(0x100 + ((high >>> 16) & 0xff)) ^
      table(high >>> 24);
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ table((sum ^ (bytes[at] ?? 0)) & 0xff);
  return ~sum >>> 0;
}

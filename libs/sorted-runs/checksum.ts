import { crc32 } from 'node:zlib';

/** The fields of a row, except its blobs. */
type Fields = readonly (string | number | null)[];

/**
 * The CRC-32 (ISO 3309) of a row's fields and blobs. It reveals a row that a disk or an editor has changed. A forger can compute it anew; `verify` reveals
 * that.
 */
export function checksumOf(fields: Fields, ...blobs: readonly Uint8Array[]): number {
  return blobs.reduce((sum, blob) => crc32(blob, sum), crc32(JSON.stringify(fields)));
}

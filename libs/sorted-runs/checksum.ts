import { crc32 } from 'node:zlib';

/** What one row or page holds: numbers and texts, then blobs. */
type Fields = readonly (string | number | null)[];

/**
 * The CRC-32 (ISO 3309) of a row's fields and blobs. It finds a row that a disk or an editor has changed; somebody who means to deceive can make it
 * again, which `verify` finds.
 */
export function checksumOf(fields: Fields, ...blobs: readonly Uint8Array[]): number {
  return blobs.reduce((sum, blob) => crc32(blob, sum), crc32(JSON.stringify(fields)));
}

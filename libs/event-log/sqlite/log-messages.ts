/** What passes between the thread that writes the log and the one that decides: whole batches, their bytes in one piece. */
import type { CommandRef, Head, NewEntry, Place, StoredState } from '../ports.js';

export type PackedEntries = {
  bytes: Uint8Array<ArrayBuffer>;
  entries: { kind: NewEntry['kind']; end: number; programme?: string; position?: number; command?: CommandRef }[];
};
export type Request = { id: number } & (
  | { do: 'acquire' }
  | { do: 'append'; writer: number; packed: PackedEntries }
  | { do: 'save'; place: Place; heads: [string, Head][]; changed: readonly StoredState[] }
  | { do: 'close' }
);
/** The answer that the thread gives unasked, once its files are open. */
export const opened = 0;
export type Response = { id: number } & ({ done: unknown } | { failed: { name: string; message: string } });

/** Puts the bytes of all entries into one buffer, which is handed over and not copied. */
export function pack(entries: readonly NewEntry[]): PackedEntries {
  const bytes = new Uint8Array(entries.reduce((size, entry) => size + entry.bytes.byteLength, 0));
  let end = 0;
  const packed = entries.map(({ bytes: part, ...rest }) => {
    bytes.set(part, end);
    end += part.byteLength;
    return { ...rest, end };
  });
  return { bytes, entries: packed };
}

export function unpack({ bytes, entries }: PackedEntries): NewEntry[] {
  let from = 0;
  return entries.map(({ end, ...rest }) => {
    const part = bytes.subarray(from, end);
    from = end;
    return { ...rest, bytes: part };
  });
}

/** Messages between the thread that writes the log and the thread that decides: whole batches, their bytes in one piece. */
import type { Head, NewEntry, Offset, StoredState } from '../ports.js';

/** Entries in columns: a few long arrays are copied far faster than many small objects. */
export type PackedEntries = {
  bytes: Uint8Array<ArrayBuffer>;
  /** {@link width} numbers per entry; `absent` stands for a missing one. */
  numbers: Float64Array<ArrayBuffer>;
  /** Names of programmes and organisations, each once. */
  names: string[];
  ids: string[];
  digests: string[];
};
/** States in columns likewise; `expires` is NaN for a value that does not expire. */
export type PackedStates = { keys: string[]; values: (string | undefined)[]; expires: Float64Array<ArrayBuffer> };
const width = 8;
const absent = -1;
export type Question =
  | { do: 'acquire' }
  | { do: 'append'; writer: number; packed: PackedEntries }
  | { do: 'save'; file: string; offset: Offset; heads: [string, Head][]; packed: PackedStates }
  | { do: 'name what was discarded' }
  | { do: 'close' };

/** Puts entries into columns, whose buffers are transferred and not copied. */
export function pack(entries: readonly NewEntry[]): PackedEntries {
  const bytes = new Uint8Array(entries.reduce((size, entry) => size + entry.bytes.byteLength, 0));
  const numbers = new Float64Array(entries.length * width);
  const names = new Map<string, number>();
  const nameOf = (name: string | undefined): number => {
    if (name === undefined) return absent;
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  };
  const [ids, digests]: [string[], string[]] = [[], []];
  let end = 0;
  entries.forEach(({ bytes: part, kind, programme, position = absent, command }, index) => {
    bytes.set(part, end);
    end += part.byteLength;
    const { offset = absent, organisation, index: at = absent, count = absent } = command ?? {};
    numbers.set([end, kind === 'record' ? 0 : 1, nameOf(programme), position, offset, nameOf(organisation), at, count], index * width);
    ids.push(command?.id ?? '');
    digests.push(command?.digest ?? '');
  });
  return { bytes, numbers, names: [...names.keys()], ids, digests };
}

export function unpack({ bytes, numbers, names, ids, digests }: PackedEntries): NewEntry[] {
  let from = 0;
  return ids.map((id, entry) => {
    const [end = 0, kind, programmeAt = absent, position = absent, offset = absent, organisationAt = absent, index = 0, count = 1] =
      numbers.subarray(entry * width, (entry + 1) * width);
    const part = bytes.subarray(from, end);
    from = end;
    const [programme, organisation] = [names[programmeAt], names[organisationAt]];
    return {
      kind: kind === 0 ? 'record' : 'outcome',
      bytes: part,
      ...(programme !== undefined && { programme }),
      ...(position !== absent && { position }),
      ...(organisation !== undefined && { command: { offset, organisation, id, digest: digests[entry] ?? '', index, count } }),
    };
  });
}

export function packStates(states: readonly StoredState[]): PackedStates {
  return {
    keys: states.map(({ key }) => key),
    values: states.map(({ value }) => value),
    expires: Float64Array.from(states, ({ expires }) => expires ?? NaN),
  };
}

export function unpackStates({ keys, values, expires }: PackedStates): StoredState[] {
  return keys.map((key, index) => {
    const [value, expiry = NaN] = [values[index], expires[index]];
    return Number.isNaN(expiry) ? { key, value } : { key, value, expires: expiry };
  });
}

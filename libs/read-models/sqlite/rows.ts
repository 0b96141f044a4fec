/** A write as a table's row, with texts and sortable values, so that the writing thread has nothing left to compute. */
import { checkPart, comparedValues, type Sortable } from '../find.js';
import type { CollectionSpec, Write } from '../ports.js';

/** `values` are the declared fields in order, then the searched text, if the collection has one. */
export type Row = {
  readonly key: string;
  readonly position: number;
  readonly replaces: number | undefined;
  readonly body: string;
  readonly internal: string | null;
  readonly values: readonly Sortable[];
};
/** The rows of one collection, in the order in which they are written. */
export type CollectionRows = { readonly collection: string; readonly rows: Iterable<Row> };

/** Makes the function that converts a collection's writes to rows. */
export function rowMaker(spec: CollectionSpec): (write: Write) => Row {
  return ({ document, replaces }) => {
    checkPart(spec, document);
    const { key, position, body, internal } = document;
    return {
      key,
      position,
      replaces,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      internal: internal === undefined ? null : JSON.stringify(internal),
      values: comparedValues(spec, document),
    };
  };
}

/** Rows of one collection in columns: a few long arrays are copied far faster than many small objects. */
export type PackedRows = {
  readonly collection: string;
  /** The position of each row and of the document it replaces; {@link nothing} if it replaces none. */
  readonly positions: Float64Array<ArrayBuffer>;
  /** The key, body and internal text of each row. */
  readonly texts: readonly (string | null)[];
  readonly values: readonly Sortable[];
};
const nothing = -1;

export function packRows({ collection, rows }: CollectionRows): PackedRows {
  const [positions, texts, values]: [number[], (string | null)[], Sortable[]] = [[], [], []];
  for (const { key, position, replaces = nothing, body, internal, values: own } of rows) {
    positions.push(position, replaces);
    texts.push(key, body, internal);
    for (const value of own) values.push(value);
  }
  return { collection, positions: Float64Array.from(positions), texts, values };
}

export function unpackRows({ collection, positions, texts, values }: PackedRows): CollectionRows {
  return { collection, rows: rowsIn(positions, texts, values) };
}

function* rowsIn(positions: Float64Array, texts: readonly (string | null)[], values: readonly Sortable[]): Iterable<Row> {
  const count = positions.length / 2;
  const width = values.length / count;
  for (let row = 0; row < count; row++) {
    const [position = 0, replaces = nothing] = [positions[2 * row], positions[2 * row + 1]];
    const [key, body, internal] = [texts[3 * row], texts[3 * row + 1], texts[3 * row + 2]];
    yield {
      key: key ?? '',
      position,
      replaces: replaces === nothing ? undefined : replaces,
      body: body ?? '',
      internal: internal ?? null,
      values: values.slice(row * width, (row + 1) * width),
    };
  }
}

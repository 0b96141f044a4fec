/**
 * Plain data as JSON text and back, with amounts as text behind a mark that no other text begins with. A general serialiser takes several times as long,
 * and every command saves three values.
 */
const mark = '\u0000';

/** The value as text: objects, arrays, strings, numbers, booleans, null and bigints. */
export function encodeState(value: unknown): string {
  return JSON.stringify(marked(value));
}
/** The inverse of {@link encodeState}. */
export function decodeState(text: string): unknown {
  return unmarked(JSON.parse(text));
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return mark + value.toString();
  if (typeof value === 'string') return value.startsWith(mark) ? mark + mark + value : value;
  return typeof value === 'object' && value !== null ? mapped(value, marked) : value;
}

function unmarked(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(mark) ? fromMarked(value.slice(1)) : value;
  return typeof value === 'object' && value !== null ? mapped(value, unmarked) : value;
}
function fromMarked(text: string): unknown {
  return text.startsWith(mark) ? text.slice(1) : BigInt(text);
}

function mapped(value: object, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = change(field);
  return copy;
}

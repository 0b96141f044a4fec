/**
 * A value as text, equal for equal content: keys in order, nothing for an absent field, amounts as decimal text.
 * It is compared only with texts that this function made.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (!isObject(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  let fields = '';
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field !== undefined) fields += `${fields === '' ? '' : ','}${quoted(name)}:${canonicalText(field)}`;
  }
  return `{${fields}}`;
}

/** Few names need JSON escapes, and the test is faster than the escaping. */
function quoted(name: string): string {
  return /^\w*$/.test(name) ? `"${name}"` : JSON.stringify(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * A value as text that is the same for the same content: keys in order, nothing for an absent field, amounts as decimal text.
 * What it is compared with was made by this same function.
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

/** Most names hold nothing that JSON escapes, which is seen sooner than escaped. */
function quoted(name: string): string {
  return /^\w*$/.test(name) ? `"${name}"` : JSON.stringify(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

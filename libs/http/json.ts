import { parse } from 'secure-json-parse';

/** The text is no JSON that a command may be sent as; `message` says why. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/** How deep objects and arrays may lie in each other. */
const deepest = 8;

/**
 * Parses one JSON object. Keys given twice are refused, as readers disagree on which counts (RFC 8259, section 4), and so are keys that reach for a
 * prototype. @throws {MalformedJson}
 */
export function parseJsonObject(text: string): object {
  let parsed: unknown;
  try {
    parsed = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    throw new MalformedJson(`the body is not valid JSON: ${cause instanceof SyntaxError ? cause.message : 'it can’t be parsed'}`, {
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new MalformedJson('the body must be a JSON object');
  if (countKeys(parsed, 1) !== countKeysAsSent(text)) throw new MalformedJson('the body names a key twice');
  return parsed;
}

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > deepest) throw new MalformedJson(`the body is nested more than ${deepest} levels deep`);
  const items = Object.values(value);
  const own = Array.isArray(value) ? 0 : items.length;
  return items.reduce((sum: number, item) => sum + countKeys(item, depth + 1), own);
}

/** In valid JSON a string is a key exactly where a colon follows. */
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)/g;
function countKeysAsSent(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(strings)) if (colon === ':') keys++;
  return keys;
}

import { parse } from 'secure-json-parse';

/** The text is not acceptable JSON; `message` says why. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/** The most levels of nested objects and arrays. */
const deepest = 8;

/**
 * Parses one JSON object. It refuses duplicate keys, because parsers disagree on which one counts (RFC 8259, section 4), and keys that could change a
 * prototype. @throws {MalformedJson}
 */
export function parseJsonObject(text: string): object {
  let parsed: unknown;
  try {
    parsed = isPlain(text) ? JSON.parse(text) : parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    throw new MalformedJson(`the body is not valid JSON: ${cause instanceof SyntaxError ? cause.message : 'it can’t be parsed'}`, {
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new MalformedJson('the body must be a JSON object');
  if (countKeys(parsed, 1) !== countKeysAsSent(text)) throw new MalformedJson('the body names a key twice');
  return parsed;
}

/** Whether no key of the text, written out or escaped, could change a prototype, and the text does not begin with a byte order mark. */
function isPlain(text: string): boolean {
  return !text.includes('\\') && !text.includes('__proto__') && !text.includes('constructor') && !text.startsWith('\uFEFF');
}

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > deepest) throw new MalformedJson(`the body is nested more than ${deepest} levels deep`);
  const items: unknown[] = Object.values(value);
  let keys = Array.isArray(value) ? 0 : items.length;
  for (const item of items) keys += countKeys(item, depth + 1);
  return keys;
}

/** Counts keys in the text: in valid JSON, a string is a key exactly if a colon follows it. */
function countKeysAsSent(text: string): number {
  let keys = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const end = endOfString(text, start);
    let after = end + 1;
    while (isSpace(text.charCodeAt(after))) after++;
    if (text.charCodeAt(after) === colon) keys++;
    start = text.indexOf('"', after);
  }
  return keys;
}

const [colon, backslash] = [':', '\\'].map((character) => character.charCodeAt(0));
const spaces: ReadonlySet<number> = new Set([' ', '\t', '\n', '\r'].map((character) => character.charCodeAt(0)));
function isSpace(character: number): boolean {
  return spaces.has(character);
}

/** The index of the quote that ends the string beginning at `start`: the next one that is not escaped. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}
function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text.charCodeAt(before - 1) === backslash) before--;
  return (index - before) % 2 === 1;
}

/** Finds a text file's encoding and decodes it. */
import { unreadable } from './fault.js';
import { encodings, type Encoding } from './table.js';

export type DecodedText = { text: string; encoding: Encoding; by: 'name' | 'mark' | 'bytes' };

const marks: readonly { encoding: Encoding; bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * Decodes text. A byte order mark says the encoding, also when another one is named. Without either, text with a zero byte for every ASCII letter is UTF-16,
 * valid UTF-8 is UTF-8, and anything else is Windows-1251, which Cyrillic spreadsheets write.
 * @throws {UnreadableSheet} the bytes are no text of that encoding
 */
export function decodeText(bytes: Uint8Array, named?: Encoding): DecodedText {
  const mark = marks.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
  const known = mark?.encoding ?? named ?? utf16WithoutMark(bytes);
  const by = mark ? 'mark' : named ? 'name' : 'bytes';
  const text = known === undefined ? decoded(bytes, 'utf-8') : decoded(bytes, known);
  if (text !== undefined) return { text: withoutControls(text), encoding: known ?? 'utf-8', by };
  if (known !== undefined) throw unreadable('not-in-encoding', known, encodings.filter((one) => one !== known).join(', '));
  return { text: withoutControls(decoded(bytes, 'windows-1251') ?? ''), encoding: 'windows-1251', by };
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 without a mark: separators and digits are ASCII, so every header has bytes that are zero, all at even or all at odd places. */
function utf16WithoutMark(bytes: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  for (const [index, byte] of bytes.subarray(0, 1_024).entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  return odd > 0 && even === 0 ? 'utf-16le' : even > 0 && odd === 0 ? 'utf-16be' : undefined;
}

/** @throws {UnreadableSheet} the text has control characters, which no text file has */
function withoutControls(text: string): string {
  const found = /[\u0000-\u0008\u000e-\u001f]/.exec(text);
  if (!found) return text;
  throw unreadable('not-text', `byte ${found[0].charCodeAt(0)} at character ${found.index + 1}`, 'CSV or XLSX');
}

import { crc32, inflateRawSync } from 'node:zlib';
import { strFromU8, strToU8, zipSync, type Zippable } from 'fflate';
import { unreadable, UnreadableSheet } from './fault.js';
import { limits } from './table.js';

const asWorkbook = 'an XLSX workbook without a password';
/** The parts of a workbook that hold its cells, and the parts that lead to them. */
const isNeeded = (name: string) =>
  /\.(xml|rels)$/i.test(name) && !/(^|\/)(drawings|media|charts|theme|pivot\w*|externalLinks|customXml)\//i.test(name);

const isSheet = (name: string) => /(^|\/)worksheets\/[^/]+\.xml$/i.test(name);

/** Whether bytes begin as a ZIP archive does, and so as an XLSX workbook. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** A workbook repacked for its reader: all that is needed of it, and only what names its sheets. */
export type Repacked = { whole: Uint8Array; outline: Uint8Array };

/**
 * Unpacks the parts of a workbook that hold cells and packs them again, so that the next reader gets exactly the bytes counted here. The
 * sizes that the archive declares are added up before anything is unpacked, no part is unpacked beyond the size that it declares, and no byte of the
 * archive belongs to two parts.
 * @throws {UnreadableSheet} it is no archive, a part is damaged or cut off, or the parts have more than {@link limits.bytesInside}
 */
export function unpackWorkbook(bytes: Uint8Array): Repacked {
  try {
    const entries = entriesIn(bytes);
    const inside = entries.reduce((sum, { size }) => sum + size, 0);
    if (inside > limits.bytesInside) throw unreadable('too-large-inside', String(inside), String(limits.bytesInside));
    return repacked(entries.map((entry) => [entry.name, unpacked(entry)]));
  } catch (error) {
    if (error instanceof UnreadableSheet) throw error;
    throw unreadable('not-a-workbook', Error.isError(error) ? error.message : String(error), asWorkbook);
  }
}

/** A part of the archive that is needed: its packed bytes, and what the directory declares of it. */
type Entry = { name: string; packed: Uint8Array; method: number; size: number; checksum: number };
const stored = 0;
const deflated = 8;

/** @throws {UnreadableSheet} the part is not what the directory declares */
function unpacked({ name, packed, method, size, checksum }: Entry): Uint8Array {
  const part = method === stored ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  if (part.length !== size || checksum !== crc32(part)) throw unreadable('not-a-workbook', `${name} is damaged`, asWorkbook);
  return part;
}

/**
 * The needed parts, as the archive's directory says (PKWARE APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16); part names of workbooks are ASCII.
 * @throws {UnreadableSheet} the directory contradicts itself or the parts, as when one name in it was damaged and its part would be missed
 */
function entriesIn(bytes: Uint8Array): Entry[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = archive.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const [count, size, begin] = [archive.readUInt16LE(end + 8), archive.readUInt32LE(end + 12), archive.readUInt32LE(end + 16)];
  if (count > limits.parts) throw unreadable('not-a-workbook', `it has ${count} parts`, asWorkbook);
  const nameAt = (lengthAt: number, at: number) => archive.toString('latin1', at, at + archive.readUInt16LE(lengthAt));
  const entries: Entry[] = [];
  let [at, packedInAll] = [begin, 0];
  for (let entry = 0; entry < count; entry++) {
    const name = nameAt(at + 28, at + 46);
    const part = archive.readUInt32LE(at + 42);
    if (nameAt(part + 26, part + 30) !== name) throw unreadable('not-a-workbook', `the directory is damaged at ${name}`, asWorkbook);
    const packedSize = archive.readUInt32LE(at + 20);
    const data = part + 30 + archive.readUInt16LE(part + 26) + archive.readUInt16LE(part + 28);
    const method = archive.readUInt16LE(at + 10);
    packedInAll += packedSize;
    if (data + packedSize > archive.length || packedInAll > archive.length || (method !== stored && method !== deflated))
      throw unreadable('not-a-workbook', `${name} is damaged`, asWorkbook);
    if (isNeeded(name))
      entries.push({
        name,
        packed: bytes.subarray(data, data + packedSize),
        method,
        size: archive.readUInt32LE(at + 24),
        checksum: archive.readUInt32LE(at + 16),
      });
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  if (at !== begin + size) throw unreadable('not-a-workbook', 'its directory is damaged', asWorkbook);
  return entries;
}

function repacked(parts: readonly [string, Uint8Array][]): Repacked {
  const whole: Zippable = {};
  const outline: Zippable = {};
  for (const [name, part] of parts) {
    // The reader takes a compressed part chunk by chunk, but a stored one whole.
    whole[name] = isSheet(name) ? [withoutBlankCells(name, part), { level: 1 }] : part;
    if (!isSheet(name) && !/\/(sharedStrings|styles)\.xml$/i.test(name)) outline[name] = part;
  }
  return { whole: zipSync(whole, { level: 0 }), outline: zipSync(outline, { level: 0 }) };
}

/**
 * A sheet without the cells that have a format and no value, which may reach to the last column and row of a sheet.
 * @throws {UnreadableSheet} the sheet is cut off, and would otherwise be read as far as it goes; or it is far too wide
 */
function withoutBlankCells(name: string, part: Uint8Array): Uint8Array {
  // As Latin-1 every byte is a character, whatever the encoding of the texts.
  const xml = strFromU8(part, true);
  if (!/<\/(\w+:)?worksheet>\s*$/.test(xml.slice(-256))) throw unreadable('not-a-workbook', `${name} is cut off`, asWorkbook);
  const filled = xml.replace(/<(?:\w+:)?c\s[^<>]*\/>/g, '');
  // The reader would make a cell for every column up to this one, in every row.
  const far = /<(?:\w+:)?c\s[^<>]*\br=["']([A-Z]{3,})\d/.exec(filled)?.[1];
  if (far !== undefined) throw unreadable('too-many-columns', far, String(limits.columns));
  return strToU8(filled, true);
}

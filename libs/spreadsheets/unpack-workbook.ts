import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
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
 * Unpacks the parts of a workbook that hold cells and packs them again, so that whatever reads them next meets no other bytes than those counted here. The
 * sizes that the archive declares are added up before anything is unpacked, and no part is unpacked beyond the size that it declares.
 * @throws {UnreadableSheet} it is no archive, a sheet is cut off, or the parts have more than {@link limits.bytesInside}
 */
export function unpackWorkbook(bytes: Uint8Array): Repacked {
  let inside = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
    if (!isNeeded(name)) return false;
    inside += originalSize;
    if (inside > limits.bytesInside) throw unreadable('too-large-inside', String(inside), String(limits.bytesInside));
    return true;
  };
  try {
    return repacked(Object.entries(unzipSync(bytes, { filter })));
  } catch (error) {
    if (error instanceof UnreadableSheet) throw error;
    throw unreadable('not-a-workbook', Error.isError(error) ? error.message : String(error), asWorkbook);
  }
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

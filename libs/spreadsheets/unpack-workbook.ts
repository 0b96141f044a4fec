import { strFromU8, unzipSync, zipSync } from 'fflate';
import { unreadable, UnreadableSheet } from './fault.js';
import { limits } from './table.js';

const asWorkbook = 'an XLSX workbook without a password';
/** The parts of a workbook that hold its cells, and the parts that lead to them. */
const isNeeded = (name: string) =>
  /\.(xml|rels)$/i.test(name) && !/(^|\/)(drawings|media|charts|theme|pivot\w*|externalLinks|customXml)\//i.test(name);

const isSheet = (name: string) => /(^|\/)worksheets\/[^/]+\.xml$/i.test(name);
/** A sheet that was cut off would otherwise be read as far as it goes. */
const endsAsSheet = (part: Uint8Array) => /<\/(\w+:)?worksheet>\s*$/.test(strFromU8(part.subarray(-256), true));

/** Whether bytes begin as a ZIP archive does, and so as an XLSX workbook. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/**
 * A workbook with only the parts that hold cells, stored without compression, so that whatever reads it next meets no more bytes than it has. The sizes that
 * the archive declares are added up before anything is unpacked, and no part is unpacked beyond the size that it declares.
 * @throws {UnreadableSheet} it is no archive, or unpacks to more than {@link limits.bytesInside}
 */
export function unpackWorkbook(bytes: Uint8Array): Uint8Array {
  let inside = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
    if (!isNeeded(name)) return false;
    inside += originalSize;
    if (inside > limits.bytesInside) throw unreadable('too-large-inside', String(inside), String(limits.bytesInside));
    return true;
  };
  try {
    const parts = unzipSync(bytes, { filter });
    for (const [name, part] of Object.entries(parts))
      if (isSheet(name) && !endsAsSheet(part)) throw unreadable('not-a-workbook', `${name} is cut off`, asWorkbook);
    return zipSync(parts, { level: 0 });
  } catch (error) {
    if (error instanceof UnreadableSheet) throw error;
    throw unreadable('not-a-workbook', Error.isError(error) ? error.message : String(error), asWorkbook);
  }
}

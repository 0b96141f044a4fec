/** Reads an export, one record per line, as the entries that a log would hold. */
import { createReadStream } from 'node:fs';
import { unknownDigest } from '../../libs/command-processing/digest.js';
import { start, type CommandRef, type Entry } from '../../libs/event-log/ports.js';
import { decodeRecord, type LedgerRecord, senderIn } from '../../libs/event-log/record.js';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** The bytes of each line of a file without the line end, `\n` or `\r\n`. @throws if the file can't be read */
export async function* linesOf(file: string): AsyncIterable<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    let text = Buffer.concat([rest, Buffer.from(chunk)]);
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline)) {
      yield withoutReturn(text.subarray(0, end));
      text = text.subarray(end + 1);
    }
    rest = text;
  }
  if (rest.length > 0) yield withoutReturn(rest);
}
function withoutReturn(line: Buffer): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}

type Line = { offset: number; bytes: Uint8Array; record: LedgerRecord };

/**
 * The entries of an export, grouped by command: the records of one command follow one another, with one command id and one `recordedAt`. An entry's
 * offset is its line number. A line that is no record becomes an entry without a programme.
 */
export async function* entriesIn(lines: AsyncIterable<Uint8Array>): AsyncIterable<Entry[]> {
  let ofOne: Line[] = [];
  let offset = 0;
  for await (const bytes of lines) {
    offset++;
    if (bytes.length === 0) continue;
    const record = recordIn(bytes);
    const [first] = ofOne;
    if (first && !(record && isOfOneCommand(first.record, record))) {
      yield entriesOf(ofOne);
      ofOne = [];
    }
    if (record) ofOne.push({ offset, bytes, record });
    else yield [{ kind: 'record', offset, bytes }];
  }
  if (ofOne.length > 0) yield entriesOf(ofOne);
}

function recordIn(bytes: Uint8Array): LedgerRecord | undefined {
  try {
    return decodeRecord(bytes);
  } catch {
    // The check of the entry says what is wrong with it.
    return undefined;
  }
}

function isOfOneCommand(one: LedgerRecord, other: LedgerRecord): boolean {
  return (
    one.programme === other.programme &&
    one.commandId === other.commandId &&
    one.recordedAt === other.recordedAt &&
    senderIn(one).organisation === senderIn(other).organisation
  );
}

function entriesOf(lines: readonly Line[]): Entry[] {
  return lines.map(({ offset, bytes, record }, index): Entry => {
    const command: CommandRef = {
      // The command never was in this ledger's inbox.
      offset: start,
      organisation: senderIn(record).organisation,
      id: record.commandId,
      digest: unknownDigest,
      index,
      count: lines.length,
    };
    return { kind: 'record', offset, bytes, programme: record.programme, position: record.position, command };
  });
}

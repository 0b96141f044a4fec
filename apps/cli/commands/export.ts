import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { start, type EventLog } from '../../../libs/event-log/ports.js';
import { noProgramme } from '../output.js';

export type ExportRequest = {
  /** Only this one; all if absent. */ programme?: string;
  /** Only records after this position. */ after: number;
};

const newline = Buffer.from('\n');

/**
 * Writes every record's exact bytes, one per line, in the order of the log, partition after partition. It leaves out outcome entries and the adapter's
 * own entries, which are no part of the history.
 * @throws {UserError} the ledger has no such programme
 */
export async function exportRecords(log: EventLog, { programme, after }: ExportRequest, to: NodeJS.WritableStream): Promise<void> {
  let isThere = programme === undefined;
  async function* lines(): AsyncIterable<Uint8Array> {
    for (let partition = 0; partition < log.partitions; partition++)
      for await (const entries of log.read(partition, start)) {
        const ofProgramme = entries.filter(
          (entry) => entry.kind === 'record' && (programme === undefined || entry.programme === programme),
        );
        isThere ||= ofProgramme.length > 0;
        const wanted = ofProgramme.filter(({ position = 0 }) => position > after);
        if (wanted.length > 0) yield Buffer.concat(wanted.flatMap(({ bytes }) => [bytes, newline]));
      }
  }
  await pipeline(Readable.from(lines()), to, { end: false });
  if (!isThere) throw noProgramme(programme);
}

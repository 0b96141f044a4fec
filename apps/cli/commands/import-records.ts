/** Imports an export: the same bytes into another ledger, each record checked first. */
import { Chain, isFault } from '../../../libs/event-log/chain.js';
import { partitionOf } from '../../../libs/event-log/partition-of.js';
import { start, type EventLog, type LogWriter, type NewEntry } from '../../../libs/event-log/ports.js';
import { hashOf } from '../../../libs/event-log/record.js';
import { HistoryCheck } from '../../../libs/projections/verify-history.js';
import { entriesIn } from '../export-file.js';
import { faultInWords, FoundWrong } from '../output.js';

/** How many records were added, and how many were there already. */
export type ImportedRecords = { added: number; there: number };

/** The most entries, and the most bytes of them, in one append. */
const atOnce = { entries: 500, bytes: 512 * 1024 } as const;

/**
 * Appends an export's records to a ledger that nobody else writes. Records already there must be the beginning of the export, byte for byte, so a
 * second run adds nothing and a run after an interruption continues.
 * @throws {FoundWrong} a record breaks the chain or a rule, or the ledger holds another history of its programme
 */
export async function importRecords(
  log: EventLog,
  lines: AsyncIterable<Uint8Array>,
  progress: (done: number) => void,
): Promise<ImportedRecords> {
  const check = new HistoryCheck();
  const there = await headsOf(log);
  const writers = new Map<number, LogWriter>();
  const waiting = new Map<number, NewEntry[]>();
  const done = { added: 0, there: 0 };
  const flush = async (partition: number, entries: NewEntry[]) => {
    const writer = writers.get(partition) ?? (await log.acquire(partition));
    writers.set(partition, writer);
    await writer.append(entries);
    done.added += entries.length;
    progress(done.added + done.there);
  };
  for await (const ofOneCommand of entriesIn(lines)) {
    const partition = partitionOf(ofOneCommand[0]?.programme ?? '', log.partitions);
    const entries: NewEntry[] = [];
    for (const entry of ofOneCommand) {
      const fault = check.add(entry);
      if (fault) throw new FoundWrong(`the export is wrong: ${faultInWords(fault, 'line')}`);
      const { programme = '', position = 0 } = entry;
      const head = there.get(programme);
      if (position > (head?.position ?? 0)) entries.push(entry);
      else {
        done.there++;
        if (position === head?.position && hashOf(entry.bytes) !== head.hash)
          throw new FoundWrong(`the ledger holds another history of ${programme} than the export`);
      }
    }
    const own = [...(waiting.get(partition) ?? []), ...entries];
    const full = own.length >= atOnce.entries || own.reduce((size, { bytes }) => size + bytes.byteLength, 0) >= atOnce.bytes;
    waiting.set(partition, full ? [] : own);
    if (full) await flush(partition, own);
  }
  for (const [partition, entries] of waiting) if (entries.length > 0) await flush(partition, entries);
  return done;
}

async function headsOf(log: EventLog): Promise<Chain['heads']> {
  const chain = new Chain();
  for (let partition = 0; partition < log.partitions; partition++)
    for await (const entries of log.read(partition, start))
      for (const entry of entries) {
        if (entry.kind === 'outcome') continue;
        const found = chain.follow(entry);
        if (isFault(found)) throw new FoundWrong(`the ledger itself is wrong: ${faultInWords(found, 'offset')}; verify it first`);
      }
  return chain.heads;
}

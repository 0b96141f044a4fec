/** Puts an export back: the same bytes into another ledger, checked as they come. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Chain, isFault } from '../../../libs/event-log/chain.js';
import { partitionOf } from '../../../libs/event-log/partition-of.js';
import { start, type CommandRef, type EventLog, type LogWriter, type NewEntry } from '../../../libs/event-log/ports.js';
import { decodeRecord, type LedgerRecord } from '../../../libs/event-log/record.js';
import { unknownDigest } from '../../../libs/command-processing/digest.js';
import { HistoryCheck } from '../../../libs/projections/verify-history.js';
import { UserError } from '../output.js';

/** How much of the export was put into the ledger, and how much was there already. */
export type ImportedRecords = { added: number; there: number };

/** One append carries at most so many entries, and so many bytes of them. */
const atOnce = { entries: 500, bytes: 512 * 1024 } as const;

/**
 * Appends an export's records to a ledger that nobody else writes. What is there already must be the beginning of the export, byte for byte, so a
 * second run adds nothing and an interrupted one goes on.
 * @throws {UserError} a record breaks the chain or a rule, or the ledger holds another history of its programme
 */
export async function importRecords(
  log: EventLog,
  lines: AsyncIterable<string>,
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
  for await (const command of commandsIn(lines)) {
    const partition = partitionOf(command.programme, log.partitions);
    const entries: NewEntry[] = [];
    for (const entry of command.entries) {
      const fault = check.add({ ...entry, place: done.added + done.there });
      if (fault)
        throw new UserError(
          `the export is wrong at position ${String(fault.position)} of ${fault.programme ?? 'no programme'}: ${fault.found}`,
        );
      const head = there.get(command.programme);
      const position = entry.position ?? 0;
      if (position > (head?.position ?? 0)) entries.push(entry);
      else {
        done.there++;
        if (position === head?.position && check.heads.get(command.programme)?.hash !== head.hash)
          throw new UserError(`the ledger holds another history of ${command.programme} than the export`);
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

/** The lines of an export’s file, opened when the first is asked for: lines read before anybody asks would be lost. */
export async function* linesOf(file: string): AsyncIterable<string> {
  yield* createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

async function headsOf(log: EventLog): Promise<Chain['heads']> {
  const chain = new Chain();
  for (let partition = 0; partition < log.partitions; partition++)
    for await (const entries of log.read(partition, start))
      for (const entry of entries) {
        if (entry.kind === 'answer') continue;
        const found = chain.follow(entry);
        if (isFault(found)) throw new UserError(`the ledger itself is wrong at place ${found.place}: ${found.found}; verify it first`);
      }
  return chain.heads;
}

type FromCommand = { programme: string; entries: NewEntry[] };

/** The records that were made together, by one command, were recorded at one moment under its id, one after another. */
async function* commandsIn(lines: AsyncIterable<string>): AsyncIterable<FromCommand> {
  let records: { record: LedgerRecord; bytes: Uint8Array }[] = [];
  for await (const line of lines) {
    if (line === '') continue;
    const bytes = Buffer.from(line);
    const record = decoded(bytes);
    const before = records.at(-1)?.record;
    if (before && !isOfOneCommand(before, record)) {
      yield entriesOf(records);
      records = [];
    }
    records.push({ record, bytes });
  }
  if (records.length > 0) yield entriesOf(records);
}

function decoded(bytes: Uint8Array): LedgerRecord {
  try {
    return decodeRecord(bytes);
  } catch (cause) {
    throw new UserError(`a line of the export is no record: ${Error.isError(cause) ? cause.message : String(cause)}`, { cause });
  }
}

function isOfOneCommand(one: LedgerRecord, other: LedgerRecord): boolean {
  return (
    one.programme === other.programme &&
    one.commandId === other.commandId &&
    one.recordedAt === other.recordedAt &&
    one.actor.organisation === other.actor.organisation
  );
}

function entriesOf(records: readonly { record: LedgerRecord; bytes: Uint8Array }[]): FromCommand {
  return {
    programme: records[0]?.record.programme ?? '',
    entries: records.map(({ record, bytes }, index): NewEntry => {
      const command: CommandRef = {
        // It never was in this ledger's inbox.
        place: start,
        organisation: record.actor.organisation,
        id: record.commandId,
        digest: unknownDigest,
        index,
        count: records.length,
      };
      return { kind: 'record', bytes, programme: record.programme, position: record.position, command };
    }),
  };
}

/** The rows of segments and runs, beside the pages. Each is checked when it is read. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { checksumOf } from './checksum.js';
import { RunsDamaged } from './run-format.js';

/** The tables of the runs. A segment has a checksum, unless it is free. */
export const runTables = `
    CREATE TABLE pages (page INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE segments (
      segment INTEGER PRIMARY KEY, run INTEGER, first INTEGER NOT NULL, version INTEGER NOT NULL,
      fences BLOB NOT NULL, filter BLOB NOT NULL, checksum INTEGER
    ) STRICT;
    CREATE INDEX changed_segments ON segments (version);
    CREATE TABLE runs (
      run INTEGER PRIMARY KEY, newest INTEGER NOT NULL, from_hash INTEGER NOT NULL, segments INTEGER NOT NULL, checksum INTEGER NOT NULL
    ) STRICT`;

/** The caller's part of what is saved: the version of the last transaction that changed runs, and the number of runs. */
export type RunsSaved = { readonly version: number; readonly runs: number };

export type Row = Record<string, SQLOutputValue>;

/** A segment of a run, from its row. */
export type StoredSegment = { segment: number; run: number; first: number; fences: Uint32Array; filter: Uint32Array };
export type NewSegment = Omit<StoredSegment, 'fences' | 'filter'> & { version: number; fences: Uint8Array; filter: Uint8Array };

export function segmentValues({ segment, run, first, version, fences, filter }: NewSegment): SQLInputValue[] {
  return [segment, run, first, version, fences, filter, checksumOf([segment, run, first, version], fences, filter)];
}
/** @returns `undefined` if the segment is free @throws {RunsDamaged} */
export function segmentIn(row: Row): StoredSegment | undefined {
  if (row['run'] === null) return undefined;
  const [segment, run, first, version] = [Number(row['segment']), Number(row['run']), Number(row['first']), Number(row['version'])];
  const [fences, filter] = [bytesIn(row['fences']), bytesIn(row['filter'])];
  checkRow(row, checksumOf([segment, run, first, version], fences, filter), `segment ${segment}`);
  return { segment, run, first, fences: wordsOf(fences), filter: wordsOf(filter) };
}

/** Hashes below `from` no longer count in this run; `segments` is the number of its segments. */
export type StoredRun = { run: number; newest: number; from: number; segments: number };

export function runValues({ run, newest, from, segments }: StoredRun): SQLInputValue[] {
  const fields = [run, newest, from, segments];
  return [...fields, checksumOf(fields)];
}
/** All runs, newest first. @throws {RunsDamaged} */
export function runsIn(database: DatabaseSync, { runs }: Pick<RunsSaved, 'runs'>): StoredRun[] {
  const rows = database.prepare('SELECT * FROM runs ORDER BY newest DESC, run').all();
  if (rows.length !== runs) throw new RunsDamaged(`it has ${rows.length} runs, and ${runs} were saved`);
  return rows.map((row) => {
    const [run, newest, from, segments] = [Number(row['run']), Number(row['newest']), Number(row['from_hash']), Number(row['segments'])];
    checkRow(row, checksumOf([run, newest, from, segments]), `run ${run}`);
    return { run, newest, from, segments };
  });
}
/** @throws {RunsDamaged} a run does not have the segments that it was saved with */
export function checkSegments({ run, segments }: StoredRun, found: number): void {
  if (found !== segments) throw new RunsDamaged(`run ${run} has ${found} segments, and ${segments} were saved`);
}

/** @throws {RunsDamaged} a row's checksum is not that of its fields */
export function checkRow(row: Row, checksum: number, what: string): void {
  if (row['checksum'] !== checksum) throw new RunsDamaged(`${what} is not as it was written`);
}
function bytesIn(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** The rows beside a state store's pages: its segments, its runs, the heads, and what was saved. Each is checked when it is read. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { StatesDamaged, type Head, type Heads, type Place } from '../ports.js';
import { checksumOf } from './checksum.js';
import type { Format } from './database.js';
import { leafSize } from './run-format.js';

/** A run's segment has its checksum, one that is free none. */
export const stateFormat: Format = {
  applicationId: 0x494c5354, // "ILST"
  version: 8,
  what: 'state store',
  pageSize: leafSize,
  schema: `
    CREATE TABLE pages (page INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE segments (
      segment INTEGER PRIMARY KEY, run INTEGER, first INTEGER NOT NULL, version INTEGER NOT NULL,
      fences BLOB NOT NULL, filter BLOB NOT NULL, checksum INTEGER
    ) STRICT;
    CREATE INDEX changed_segments ON segments (version);
    CREATE TABLE runs (
      run INTEGER PRIMARY KEY, newest INTEGER NOT NULL, from_hash INTEGER NOT NULL, segments INTEGER NOT NULL, checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE saved (
      one INTEGER PRIMARY KEY CHECK (one = 1), code_version TEXT NOT NULL, version INTEGER NOT NULL, place INTEGER,
      runs INTEGER NOT NULL, heads INTEGER NOT NULL, checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE heads (
      programme TEXT PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL, checksum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
};

type Row = Record<string, SQLOutputValue>;

/** `version` is that of the last transaction that changed runs; `runs` and `heads` are how many there are. */
export type Saved = { codeVersion: string; version: number; place: Place | null; runs: number; heads: number };

/** What a file holds where nothing was saved yet. */
export const nothingSaved: Omit<Saved, 'codeVersion'> = { version: 0, place: null, runs: 0, heads: 0 };

const fieldsOfSaved = ({ codeVersion, version, place, runs, heads }: Saved) => [codeVersion, version, place, runs, heads];

export function savedValues(saved: Saved): SQLInputValue[] {
  const fields = fieldsOfSaved(saved);
  return [...fields, checksumOf(fields)];
}
/** @throws {StatesDamaged} */
export function savedIn(row: Row | undefined): Saved | undefined {
  if (!row) return undefined;
  const { code_version: codeVersion, place } = row;
  const [version, runs, heads] = [Number(row['version']), Number(row['runs']), Number(row['heads'])];
  const saved = { codeVersion: String(codeVersion), version, place: place === null ? null : Number(place), runs, heads };
  check(row, checksumOf(fieldsOfSaved(saved)), 'what was saved last');
  return saved;
}

/** A segment of a run, from its row. */
export type StoredSegment = { segment: number; run: number; first: number; fences: Uint32Array; filter: Uint32Array };
export type NewSegment = Omit<StoredSegment, 'fences' | 'filter'> & { version: number; fences: Uint8Array; filter: Uint8Array };

export function segmentValues({ segment, run, first, version, fences, filter }: NewSegment): SQLInputValue[] {
  return [segment, run, first, version, fences, filter, checksumOf([segment, run, first, version], fences, filter)];
}
/** @returns `undefined` where the segment is free @throws {StatesDamaged} */
export function segmentIn(row: Row): StoredSegment | undefined {
  if (row['run'] === null) return undefined;
  const [segment, run, first, version] = [Number(row['segment']), Number(row['run']), Number(row['first']), Number(row['version'])];
  const [fences, filter] = [bytesIn(row['fences']), bytesIn(row['filter'])];
  check(row, checksumOf([segment, run, first, version], fences, filter), `segment ${segment}`);
  return { segment, run, first, fences: wordsOf(fences), filter: wordsOf(filter) };
}

/** Below `from` a run does not count; `segments` is how many it has. */
export type StoredRun = { run: number; newest: number; from: number; segments: number };

export function runValues({ run, newest, from, segments }: StoredRun): SQLInputValue[] {
  const fields = [run, newest, from, segments];
  return [...fields, checksumOf(fields)];
}
/** All runs, newest first. @throws {StatesDamaged} */
export function runsIn(database: DatabaseSync, { runs }: Pick<Saved, 'runs'>): StoredRun[] {
  const rows = database.prepare('SELECT * FROM runs ORDER BY newest DESC, run').all();
  if (rows.length !== runs) throw new StatesDamaged(`it has ${rows.length} runs, and ${runs} were saved`);
  return rows.map((row) => {
    const [run, newest, from, segments] = [Number(row['run']), Number(row['newest']), Number(row['from_hash']), Number(row['segments'])];
    check(row, checksumOf([run, newest, from, segments]), `run ${run}`);
    return { run, newest, from, segments };
  });
}
/** @throws {StatesDamaged} a run does not have the segments that it was saved with */
export function checkSegments({ run, segments }: StoredRun, found: number): void {
  if (found !== segments) throw new StatesDamaged(`run ${run} has ${found} segments, and ${segments} were saved`);
}

export function headValues(programme: string, { position, hash, recordedAt }: Head): SQLInputValue[] {
  const fields = [programme, position, hash, recordedAt];
  return [...fields, checksumOf(fields)];
}
/** @throws {StatesDamaged} */
export function headsIn(database: DatabaseSync, saved: Pick<Saved, 'heads'>): Heads {
  const heads = new Map<string, Head>();
  for (const row of database.prepare('SELECT * FROM heads').iterate()) {
    const [programme, position] = [String(row['programme']), Number(row['position'])];
    const [hash, recordedAt] = [String(row['hash']), String(row['recorded_at'])];
    check(row, checksumOf([programme, position, hash, recordedAt]), `the head of ${programme}`);
    heads.set(programme, { position, hash, recordedAt });
  }
  if (heads.size !== saved.heads) throw new StatesDamaged(`it has ${heads.size} heads, and ${saved.heads} were saved`);
  return heads;
}

function check(row: Row, checksum: number, what: string): void {
  if (row['checksum'] !== checksum) throw new StatesDamaged(`${what} is not as it was written`);
}
function bytesIn(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

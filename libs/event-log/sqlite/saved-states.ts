/** The rows of a state store beside its runs: the heads, and the row of the last save. Each row is checked when it is read. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { checksumOf } from '../../sorted-runs/checksum.js';
import { leafSize } from '../../sorted-runs/run-format.js';
import { checkRow, runTables, type Row } from '../../sorted-runs/stored-runs.js';
import type { Format } from '../../sqlite/database.js';
import { StatesDamaged, type Head, type Heads, type Offset } from '../ports.js';

export const stateFormat: Format = {
  applicationId: 0x494c5354, // "ILST"
  version: 8,
  what: 'state store',
  pageSize: leafSize,
  schema: `${runTables};
    CREATE TABLE saved (
      one INTEGER PRIMARY KEY CHECK (one = 1), code_version TEXT NOT NULL, version INTEGER NOT NULL, place INTEGER,
      runs INTEGER NOT NULL, heads INTEGER NOT NULL, checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE heads (
      programme TEXT PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL, checksum INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
};

/** The row of the last save. `version` is that of the last transaction that changed runs; `runs` and `heads` are their numbers. */
export type Saved = { codeVersion: string; version: number; offset: Offset | null; runs: number; heads: number };

/** The row of a file before its first save. */
export const nothingSaved: Omit<Saved, 'codeVersion'> = { version: 0, offset: null, runs: 0, heads: 0 };

const fieldsOfSaved = ({ codeVersion, version, offset, runs, heads }: Saved) => [codeVersion, version, offset, runs, heads];

export function savedValues(saved: Saved): SQLInputValue[] {
  const fields = fieldsOfSaved(saved);
  return [...fields, checksumOf(fields)];
}
/** @throws {StatesDamaged} */
export function savedIn(row: Row | undefined): Saved | undefined {
  if (!row) return undefined;
  const { code_version: codeVersion, place: offset } = row;
  const [version, runs, heads] = [Number(row['version']), Number(row['runs']), Number(row['heads'])];
  const saved = { codeVersion: String(codeVersion), version, offset: offset === null ? null : Number(offset), runs, heads };
  checkRow(row, checksumOf(fieldsOfSaved(saved)), 'the row of the last save');
  return saved;
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
    checkRow(row, checksumOf([programme, position, hash, recordedAt]), `the head of ${programme}`);
    heads.set(programme, { position, hash, recordedAt });
  }
  if (heads.size !== saved.heads) throw new StatesDamaged(`it has ${heads.size} heads, and ${saved.heads} were saved`);
  return heads;
}

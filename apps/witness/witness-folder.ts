/** The folder of a witness: its keys, what it cosigned with them, its copies of records, and the checkpoints that contradict what it cosigned. */
import { existsSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import type { Checkpoint } from '../../libs/proof/notes/checkpoint.js';
import type { Signer } from '../../libs/proof/notes/signed-note.js';
import { FoldedDocuments } from '../../libs/proof/sqlite/folded-documents.js';
import { openSqliteSignedHeads, type SqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { programmeOf } from '../../libs/proof/witness/follow.js';
import { RecordsCopy } from '../../libs/proof/witness/records-copy.js';
import { messageOf } from '../../libs/sqlite/database.js';
import { ed25519KeyIn, makeCheckpointKey } from '../checkpoint-key.js';
import { ConfigurationError } from '../configuration.js';
import { makeDataFolder } from '../private-folder.js';

export type WitnessFolder = {
  heads: SqliteSignedHeads;
  /** The key in a file of the folder, under a name; made at the first start. @throws {ConfigurationError} the file holds no key */
  signer(file: string, name: string): Promise<Signer>;
  /** The copy of a programme's records. */
  copyOf(origin: string): Promise<RecordsCopy>;
  /** The documents that a programme's statements are folded to; they are empty at each start. */
  documentsOf(origin: string): FoldedDocuments;
  /** Keeps a checkpoint that contradicts what was cosigned. @returns its file */
  keepContradiction(checkpoint: Checkpoint, note: string): Promise<string>;
  close(): Promise<void>;
};

/** Opens the folder, and makes it if there is none. @throws {ConfigurationError} @throws {LedgerDamaged} */
export async function openWitnessFolder(folder: string): Promise<WitnessFolder> {
  await makeDataFolder(folder);
  const heads = openSqliteSignedHeads(join(folder, 'cosigned.sqlite'), 'write');
  const opened: FoldedDocuments[] = [];
  return {
    heads,
    async signer(file, name) {
      const path = join(folder, file);
      if (!existsSync(path)) return { name, key: await makeCheckpointKey(path, heads) };
      try {
        return { name, key: await ed25519KeyIn(path) };
      } catch (cause) {
        throw new ConfigurationError(`${path} holds no Ed25519 key (${messageOf(cause)}); put it back, or begin with another folder`, {
          cause,
        });
      }
    },
    copyOf: (origin) => RecordsCopy.open(join(folder, `${programmeOf(origin)}.records.ndjson`)),
    documentsOf(origin) {
      const file = join(folder, `${programmeOf(origin)}.documents.sqlite`);
      for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
      const documents = FoldedDocuments.open(file);
      opened.push(documents);
      return documents;
    },
    async keepContradiction({ origin, size }, note) {
      const file = join(folder, 'contradictions', `${programmeOf(origin)}-${size}-${hash('sha256', note).slice(0, 16)}.note`);
      await mkdir(join(folder, 'contradictions'), { recursive: true });
      await writeFile(file, note);
      return file;
    },
    async close() {
      for (const documents of opened) documents.close();
      await heads.close();
    },
  };
}

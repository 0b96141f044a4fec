/** `ledger key`: the lines by which outsiders know the key that signs checkpoints. */
import { existsSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { publicKeyOf, verifierLine } from '../../../libs/proof/notes/signed-note.js';
import type { SignedHeads } from '../../../libs/proof/ports.js';
import { openMongoProof } from '../../../libs/proof/mongodb/mongo-proof.js';
import { openSqliteSignedHeads } from '../../../libs/proof/sqlite/sqlite-signed-heads.js';
import { checkpointHost, checkpointKeyFile, checkpointKeyIn, makeCheckpointKey } from '../../checkpoint-key.js';
import type { Configuration } from '../../configuration.js';
import { makeDataFolder } from '../../private-folder.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { UserError } from '../output.js';

/** A programme's origin and its verifier's line. */
export type KeyLine = { programme: string; line: string };

/** The lines of all programmes that have a checkpoint, or of one programme. @throws {UserError} there is no key, or no checkpoint yet */
export async function keyLines(configuration: Configuration, programme?: string): Promise<KeyLine[]> {
  const file = checkpointKeyFile(configuration);
  if (!existsSync(file))
    throw new UserError(
      `there is no checkpoint key at ${file}: an embedded ledger makes one when it is served, \`ledger key --new\` makes one for services; name the folder with --data or DATA_DIR`,
    );
  const key = await checkpointKeyIn(file);
  if (programme !== undefined) return [lineOf(configuration, key, programme)];
  const programmes = await withSignedHeads(configuration, (signed) => signed.programmes());
  if (programmes.length === 0)
    throw new UserError('no checkpoint is signed yet, so the ledger’s programmes are not known here; name one with --programme');
  return programmes.map((one) => lineOf(configuration, key, one));
}

/**
 * Makes a new key, and begins the memory of what it signs.
 * @returns its file, and whether it was made now @throws {UserError} the file exists, unless `ifMissing` leaves it as it is
 */
export async function newKey(configuration: Configuration, { ifMissing = false } = {}): Promise<{ file: string; isNew: boolean }> {
  const file = checkpointKeyFile(configuration);
  if (configuration.CHECKPOINT_KEY_FILE === '') await makeDataFolder(configuration.DATA_DIR);
  if (existsSync(file) && ifMissing) return { file, isNew: false };
  if (existsSync(file)) throw new UserError(`${file} exists already and was left as it is; move it aside first`);
  await withSignedHeads(configuration, (signed) => makeCheckpointKey(file, signed));
  return { file, isNew: true };
}

async function withSignedHeads<T>(configuration: Configuration, use: (signed: SignedHeads) => Promise<T>): Promise<T> {
  const { READ_MODELS } = configuration;
  const opened = READ_MODELS.startsWith('mongodb') ? openMongoProof(READ_MODELS) : openedFile(configuration);
  try {
    return await use(opened.signed);
  } finally {
    await opened.close();
  }
}

function openedFile(configuration: Configuration): { signed: SignedHeads; close(): Promise<void> } {
  const signed = openSqliteSignedHeads(filesOf(configuration).signed, 'write');
  return { signed, close: () => signed.close() };
}

function lineOf(configuration: Configuration, key: KeyObject, programme: string): KeyLine {
  const name = `${checkpointHost(configuration)}/${programme}`;
  return { programme, line: verifierLine({ name, publicKey: publicKeyOf(key) }) };
}

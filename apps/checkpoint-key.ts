/** The key that signs checkpoints: the ledger's own, apart from the one that signs tokens. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicKeyOf } from '../libs/proof/notes/signed-note.js';
import { nameOfKey, type SignedHeads } from '../libs/proof/ports.js';
import { messageOf } from '../libs/sqlite/database.js';
import { ConfigurationError, type Configuration } from './configuration.js';

type Place = Pick<Configuration, 'CHECKPOINT_KEY_FILE' | 'DATA_DIR'>;

/** The file of the key: the configured one, else one in the data folder. */
export function checkpointKeyFile({ CHECKPOINT_KEY_FILE, DATA_DIR }: Place): string {
  return CHECKPOINT_KEY_FILE === '' ? join(DATA_DIR, 'checkpoint-key.json') : CHECKPOINT_KEY_FILE;
}

/** The key in a file. @throws {ConfigurationError} there is none */
export async function checkpointKeyIn(file: string): Promise<KeyObject> {
  try {
    return await ed25519KeyIn(file);
  } catch (cause) {
    throw new ConfigurationError(
      `CHECKPOINT_KEY_FILE: ${file} can't be used (${messageOf(cause)}); name a file with an Ed25519 private key (JWK or PEM), which \`ledger key --new\` makes`,
      { cause },
    );
  }
}

/** The Ed25519 key in a file, JWK or PEM. @throws {Error} there is none */
export async function ed25519KeyIn(file: string): Promise<KeyObject> {
  const text = await readFile(file, 'utf8');
  const key = text.startsWith('-----') ? createPrivateKey(text) : createPrivateKey({ key: jwkIn(text), format: 'jwk' });
  publicKeyOf(key);
  return key;
}

function jwkIn(text: string): { kty: string; crv: string; x: string; d: string } {
  const parsed: unknown = JSON.parse(text);
  const { kty, crv, x, d }: Record<string, unknown> = { ...(typeof parsed === 'object' && parsed) };
  if (typeof kty !== 'string' || typeof crv !== 'string' || typeof x !== 'string' || typeof d !== 'string')
    throw new Error('it holds no private key');
  return { kty, crv, x, d };
}

/**
 * Makes a key that only the file's owner can read. Its memory begins before it exists, so that everything it ever signs is known.
 * @throws {ConfigurationError} the file exists
 */
export async function makeCheckpointKey(file: string, signed: SignedHeads): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  if (!existsSync(file)) await signed.begin(nameOfKey(publicKeyOf(privateKey)));
  try {
    await writeFile(file, JSON.stringify(privateKey.export({ format: 'jwk' })), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new ConfigurationError(`${file} can't be made (${messageOf(cause)}); name a file that does not exist, in a folder that does`, {
      cause,
    });
  }
  return privateKey;
}

/** The host in the origins of checkpoints: as set, else the one at which browsers reach the ledger, else this machine alone. */
export function checkpointHost({ CHECKPOINT_HOST, PUBLIC_URL }: Pick<Configuration, 'CHECKPOINT_HOST' | 'PUBLIC_URL'>): string {
  if (CHECKPOINT_HOST !== '') return CHECKPOINT_HOST;
  return PUBLIC_URL === '' ? 'localhost' : new URL(PUBLIC_URL).host;
}

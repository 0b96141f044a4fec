/** The key that an embedded ledger makes at its first start, and the tokens signed with it. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { makeDataFolder } from '../private-folder.js';
import type { Role } from '../../libs/domain/vocabulary.js';

type KeyPair = { privateKey: CryptoKey; publicKey: CryptoKey };

/** The key in a data folder; `undefined` if there is none. */
export async function keyThere(dataDir: string): Promise<KeyPair | undefined> {
  return existsSync(keyFileIn(dataDir)) ? keyIn(keyFileIn(dataDir)) : undefined;
}

/** The key in a data folder, made if there is none; only the file's owner can read it. @throws {ConfigurationError} */
export async function ownKey(dataDir: string): Promise<KeyPair> {
  const file = keyFileIn(dataDir);
  await makeDataFolder(dataDir);
  const made = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey);
  try {
    await writeFile(file, JSON.stringify(made), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isThereAlready(error)) throw error;
  }
  return keyIn(file);
}

const keyFileIn = (dataDir: string): string => join(dataDir, 'token-key.json');

async function keyIn(file: string): Promise<KeyPair> {
  const { d, ...shared } = readJwk(await readFile(file, 'utf8'), file);
  return { privateKey: await imported({ ...shared, d }, file), publicKey: await imported(shared, file) };
}

function isThereAlready(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
function readJwk(text: string, file: string): JWK & { kty: string; d: string } {
  const parsed: unknown = JSON.parse(text);
  if (
    typeof parsed === 'object' &&
    parsed !== null &&
    'kty' in parsed &&
    typeof parsed.kty === 'string' &&
    'd' in parsed &&
    typeof parsed.d === 'string'
  )
    return { ...parsed, kty: parsed.kty, d: parsed.d };
  throw new Error(`${file} holds no private key; delete it, and the next start makes a new one that refuses old tokens`);
}
async function imported(jwk: JWK & { kty: string }, file: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error(`${file} holds a shared secret, not a key pair`);
  return key;
}

/** The public half of a data folder's key as a JWK: the `TOKEN_KEY_FILE` of services that take its tokens. */
export async function ownPublicKey(dataDir: string): Promise<string> {
  return `${JSON.stringify({ ...(await exportJWK((await ownKey(dataDir)).publicKey)), alg: 'EdDSA' })}\n`;
}

export type TokenRequest = { role: Role; organisation: string; subject: string; /** Such as `8h`. */ lifetime: string };
type Claims = { issuer: string; audience: string; type: string };

/** A signed token (RFC 9068) that the ledger with this key accepts. */
export async function signToken(
  { privateKey }: KeyPair,
  { role, organisation, subject, lifetime }: TokenRequest,
  { issuer, audience, type }: Claims,
): Promise<string> {
  return new SignJWT({ role, org: organisation })
    .setProtectedHeader({ alg: 'EdDSA', typ: type })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(lifetime)
    .sign(privateKey);
}

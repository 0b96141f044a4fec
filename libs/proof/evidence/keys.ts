/** The keys whose signatures a reader requires of a checkpoint: the ledger's own (Ed25519), and those of witnesses (C2SP tlog-cosignature, `cosignature/v1`). */
import { hash } from 'node:crypto';
import { base64In, isSigned, type Note } from '../notes/signed-note.js';
import { EvidenceRefused } from './faults.js';

/** The kinds of keys by the byte that says which. */
const kinds = { 1: 'own', 4: 'witness' } as const;
const signatureLength = 64;
/** The end of the year 9999, in seconds since 1970. */
const latest = 253_402_300_799n;

/** A key by its line. `id` is its name and number. */
export type RequiredKey = { kind: (typeof kinds)[keyof typeof kinds]; name: string; id: string; line: string; publicKey: Uint8Array };
/** A key that signed, and when it says that it did; the ledger's own key does not say it. */
export type SignedBy = { name: string; key: string; at?: string };

/** The key of a verifier's line; `undefined` if it is none of a known kind. */
export function keyIn(line: string): RequiredKey | undefined {
  const [, name = '', number, encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  const bytes = base64In(encoded);
  const kind = bytes?.[0] === 1 || bytes?.[0] === 4 ? kinds[bytes[0]] : undefined;
  if (!bytes || kind === undefined || bytes.length !== 33) return undefined;
  const made = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), bytes]), 'buffer').toString('hex', 0, 4);
  return made === number ? { kind, name, id: `${name}+${number}`, line, publicKey: bytes.subarray(1) } : undefined;
}

/**
 * Checks that each of the keys signed a checkpoint. Signatures of other keys are left alone.
 * @throws {EvidenceRefused} a signature is missing, or is not of this checkpoint and key
 */
export function signaturesOf({ text, signatures }: Note, keys: readonly RequiredKey[]): SignedBy[] {
  return keys.map((key) => {
    const own = signatures.filter(({ name, keyId }) => `${name}+${keyId.toString(16).padStart(8, '0')}` === key.id);
    if (own.length === 0) throw new EvidenceRefused('not-signed', { key: key.id });
    const times = own.map(({ bytes }) => {
      const at = signedAt(text, bytes, key);
      if (at === undefined) throw new EvidenceRefused('signature', { key: key.id });
      return at;
    });
    const at = times.sort().at(-1) ?? '';
    return { name: key.name, key: key.line, ...(key.kind === 'witness' && { at }) };
  });
}

/** When a cosignature was made, empty for the ledger's own signature; `undefined` if the key did not sign this text. */
function signedAt(text: string, bytes: Uint8Array, { kind, name, publicKey }: RequiredKey): string | undefined {
  const key = { name, publicKey };
  if (kind === 'own') return bytes.length === signatureLength && isSigned(text, bytes, key) ? '' : undefined;
  if (bytes.length !== 8 + signatureLength) return undefined;
  const seconds = Buffer.from(bytes).readBigUInt64BE();
  const isOf = seconds <= latest && isSigned(`cosignature/v1\ntime ${seconds}\n${text}`, bytes.subarray(8), key);
  return isOf ? new Date(Number(seconds) * 1_000).toISOString().replace('.000Z', 'Z') : undefined;
}

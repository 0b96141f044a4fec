/** Signed notes (C2SP signed-note): text, an empty line, and lines of signatures, each by a key with a name. All keys known here are of Ed25519. */
import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** A note, or what it is part of, is not what it must be, or is not signed as asked for. The message says what is wrong. */
export class ProofRefused extends Error {
  override readonly name = 'ProofRefused';
}

/** One signature's line: the name of its key, the number that tells keys of one name apart, and the bytes that the key made. */
export type NoteSignature = { name: string; keyId: number; bytes: Uint8Array };
/** A note as read; no signature is checked yet. `text` ends in a newline. */
export type Note = { text: string; signatures: readonly NoteSignature[] };

/** A key by which notes are checked. Its line, such as `ledger.example/p+1a2b3c4d+AY…`, is what a reader is given. */
export type Verifier = { name: string; publicKey: Uint8Array };
/** A key that signs notes under a name. */
export type Signer = { name: string; key: KeyObject };

/** What a key signs: notes as a log, or with the time as a witness (C2SP tlog-cosignature). The byte that says so is part of the key's line and number. */
export type KeyKind = keyof typeof kinds;
const kinds = { log: 0x01, witness: 0x04 } as const;
const publicKeyLength = 32;
/** More signatures than any honest note has. */
const mostSignatures = 64;

/** The number (32 bits) that tells a key of this name from others. */
export function keyIdOf({ name, publicKey }: Verifier, kind: KeyKind = 'log'): number {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(kinds[kind]), publicKey]), 'buffer').readUInt32BE(0);
}

/** The line by which readers know a key: name, number, and the key itself. */
export function verifierLine(verifier: Verifier, kind: KeyKind = 'log'): string {
  const number = keyIdOf(verifier, kind).toString(16).padStart(8, '0');
  return `${verifier.name}+${number}+${Buffer.from([kinds[kind], ...verifier.publicKey]).toString('base64')}`;
}

/** The key of a {@link verifierLine} of this kind. @throws {ProofRefused} */
export function verifierIn(line: string, kind: KeyKind = 'log'): Verifier {
  const [, name = '', number, encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  const [found, ...key] = base64In(encoded) ?? [];
  const other = kind === 'log' ? 'witness' : 'log';
  if (found === kinds[other]) throw new ProofRefused(`the key ${name} is that of a ${other}, and that of a ${kind} is needed`);
  if (found !== kinds[kind] || key.length !== publicKeyLength)
    throw new ProofRefused('a key must be written as name+number+key, with an Ed25519 key in base64');
  const verifier = { name, publicKey: Uint8Array.from(key) };
  if (keyIdOf(verifier, kind).toString(16).padStart(8, '0') !== number)
    throw new ProofRefused(`the number of the key ${name} is not that of its name and key: one of them was changed`);
  return verifier;
}

/** The public half of a signer's key. */
export function verifierOf({ name, key }: Signer): Verifier {
  return { name, publicKey: publicKeyOf(key) };
}

/** The 32 bytes of an Ed25519 key's public half. @throws {Error} it is another kind of key */
export function publicKeyOf(key: KeyObject): Uint8Array {
  const { crv, x } = createPublicKey(key.type === 'private' ? { key: key.export({ type: 'pkcs8', format: 'pem' }) } : key).export({
    format: 'jwk',
  });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('the key is not an Ed25519 key');
  return Buffer.from(x, 'base64url');
}

/** A note's bytes as text: the text with the signatures of these keys. @throws {ProofRefused} the text can't be signed */
export function signNote(text: string, signers: readonly Signer[]): string {
  checkText(text);
  const lines = signers.map((signer) => {
    const { name, publicKey } = verifierOf(signer);
    return signatureLine({ name, keyId: keyIdOf({ name, publicKey }), bytes: sign(null, Buffer.from(text), signer.key) });
  });
  return `${text}\n${lines.join('')}`;
}

/** A signature as a line of a note. */
export function signatureLine({ name, keyId, bytes }: NoteSignature): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(keyId);
  return `— ${name} ${Buffer.concat([number, bytes]).toString('base64')}\n`;
}

/** Reads a note without checking its signatures. @throws {ProofRefused} it is none */
export function readNote(note: string): Note {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) throw new ProofRefused('a signed note must have an empty line before its signatures');
  const text = note.slice(0, end + 1);
  const rest = note.slice(end + 2);
  checkText(text);
  if (rest === '' || !rest.endsWith('\n')) throw new ProofRefused('a signed note must end with lines of signatures');
  const signatures = rest.slice(0, -1).split('\n').map(signatureIn);
  if (signatures.length > mostSignatures) throw new ProofRefused(`a note may have ${mostSignatures} signatures, not ${signatures.length}`);
  return { text, signatures };
}

/**
 * Reads a note that one of these keys must have signed; signatures of other keys are left alone.
 * @throws {ProofRefused} no key of these signed it, or one of them did not make the signature that bears its name and number
 */
export function openNote(note: string, verifiers: readonly Verifier[]): Note & { signedBy: readonly Verifier[] } {
  const read = readNote(note);
  const signedBy = verifiers.filter((verifier) => {
    const keyId = keyIdOf(verifier);
    const own = read.signatures.filter((signature) => signature.name === verifier.name && signature.keyId === keyId);
    for (const { bytes } of own)
      if (!isSigned(read.text, bytes, verifier)) throw new ProofRefused(`the signature of ${verifier.name} is not of this text and key`);
    return own.length > 0;
  });
  if (signedBy.length === 0)
    throw new ProofRefused(
      `the note is not signed by ${verifiers.map(({ name }) => name).join(' or ')}, but by ${read.signatures.map(({ name }) => name).join(', ')}, or by another key of that name`,
    );
  return { ...read, signedBy };
}

/** Whether the key made this signature of a text. */
export function isSigned(text: string, signature: Uint8Array, { publicKey }: Verifier): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' });
  return verify(null, Buffer.from(text), key, signature);
}

const controls = /[\u0000-\u0009\u000b-\u001f]/;

function checkText(text: string): void {
  if (text === '\n' || !text.endsWith('\n')) throw new ProofRefused('the text of a note must have a line, and end with a newline');
  if (controls.test(text) || !text.isWellFormed()) throw new ProofRefused('the text of a note may hold no control characters but newlines');
}

/** The signature of a line without its newline. @throws {ProofRefused} */
export function signatureIn(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— ([^+\s]+) (\S+)$/u.exec(line) ?? [];
  const bytes = base64In(encoded);
  if (!bytes || bytes.length <= 4) throw new ProofRefused('a signature must be written as: — name base64');
  return { name, keyId: bytes.readUInt32BE(0), bytes: bytes.subarray(4) };
}

/** The bytes of base64 in its one spelling; `undefined` of any other text. */
export function base64In(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}

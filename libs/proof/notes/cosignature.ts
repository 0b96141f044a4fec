/** Cosignatures (C2SP tlog-cosignature, cosignature/v1): a witness says that as of a moment this is the largest tree of its origin that it knows. */
import { sign } from 'node:crypto';
import {
  isSigned,
  keyIdOf,
  ProofRefused,
  readNote,
  signatureIn,
  signatureLine,
  verifierOf,
  type NoteSignature,
  type Signer,
  type Verifier,
} from './signed-note.js';

/** A cosignature that was checked, and when it was made (seconds since 1970). */
export type Cosignature = { verifier: Verifier; at: number };

const timestampLength = 8;
const signatureLength = 64;
/** 2⁶³ − 1: no later moment may be named. */
const lastMoment = 2n ** 63n - 1n;
/** The last second that a `Date` can be of. */
const lastOfCalendars = 8_640_000_000_000;

/** The line of a cosignature of a checkpoint's text, made at a moment (seconds since 1970). */
export function cosign(text: string, signer: Signer, at: number): string {
  const moment = BigInt(at);
  const timestamp = Buffer.alloc(timestampLength);
  timestamp.writeBigUInt64BE(moment);
  const bytes = Buffer.concat([timestamp, sign(null, Buffer.from(messageOf(text, moment)), signer.key)]);
  return signatureLine({ name: signer.name, keyId: keyIdOf(verifierOf(signer), 'witness'), bytes });
}

/**
 * Who cosigned a note by its lines, and when (seconds since 1970), in the order of the lines. Unchecked: for a note of our own, whose cosignatures were
 * checked when they were taken. A moment that no calendar has is left out with its line.
 */
export function cosignersOf(note: string): { name: string; at: number }[] {
  return readNote(note).signatures.flatMap(({ name, bytes }) => {
    if (bytes.length !== timestampLength + signatureLength) return [];
    const at = Number(Buffer.from(bytes).readBigUInt64BE(0));
    return at <= lastOfCalendars ? [{ name, at }] : [];
  });
}

/** The latest cosignature of a note by this key; `undefined` if it has none. @throws {ProofRefused} one bears its name and number, and is not its own */
export function cosignatureOn(note: string, verifier: Verifier): Cosignature | undefined {
  const { text, signatures } = readNote(note);
  const moments = signatures.filter(isOf(verifier)).map(({ bytes }) => checkedMoment(text, bytes, verifier));
  return moments.length === 0 ? undefined : { verifier, at: Math.max(...moments) };
}

/**
 * The lines by one of these keys among those with which a witness answered about a checkpoint; lines of other keys are left alone.
 * @throws {ProofRefused} what it answered are no lines of signatures, or one bears the name and number of a key, and is not its own
 */
export function cosignaturesIn(lines: string, text: string, verifiers: readonly Verifier[]): string[] {
  if (!lines.endsWith('\n')) throw new ProofRefused('cosignatures must be lines that end with newlines');
  return lines
    .slice(0, -1)
    .split('\n')
    .flatMap((line) => {
      const signature = signatureIn(line);
      const verifier = verifiers.find((one) => isOf(one)(signature));
      if (!verifier) return [];
      checkedMoment(text, signature.bytes, verifier);
      return [`${line}\n`];
    });
}

/** A signed note with one more cosignature, in place of an earlier one by the same key. */
export function withCosignature(note: string, line: string): string {
  const { text, signatures } = readNote(note);
  const added = signatureIn(line.trimEnd());
  const others = signatures.filter(({ name, keyId }) => name !== added.name || keyId !== added.keyId);
  return `${text}\n${[...others, added].map(signatureLine).join('')}`;
}

const isOf = (verifier: Verifier) => {
  const keyId = keyIdOf(verifier, 'witness');
  return (signature: NoteSignature) => signature.name === verifier.name && signature.keyId === keyId;
};

/** The moment of a cosignature. @throws {ProofRefused} the key did not make it */
function checkedMoment(text: string, bytes: Uint8Array, verifier: Verifier): number {
  const refused = new ProofRefused(`the cosignature of ${verifier.name} is not of this checkpoint and key`);
  if (bytes.length !== timestampLength + signatureLength) throw refused;
  const moment = Buffer.from(bytes).readBigUInt64BE(0);
  if (moment > lastMoment || !isSigned(messageOf(text, moment), bytes.subarray(timestampLength), verifier)) throw refused;
  return Number(moment);
}

function messageOf(text: string, moment: bigint): string {
  return `cosignature/v1\ntime ${moment}\n${text}`;
}

/** The keys whose signatures a reader requires of a checkpoint: the ledger's own, and those of witnesses. */
import { cosignatureOn } from '../notes/cosignature.js';
import { isSigned, keyIdOf, ProofRefused, readNote, verifierIn, type KeyKind, type Verifier } from '../notes/signed-note.js';
import { EvidenceRefused } from './faults.js';

/** The end of the year 9999, in seconds since 1970: no later moment has a date. */
const lastSecond = 253_402_300_799;

/** A key by its line. `id` is its name and number. */
export type RequiredKey = { kind: KeyKind; id: string; line: string; verifier: Verifier };
/** A key that signed, and the time in its signature; the ledger's own signature has none. */
export type SignedBy = { name: string; key: string; at?: string };

/** The key of a line, of a log or of a witness; `undefined` if it is none. */
export function keyIn(line: string): RequiredKey | undefined {
  for (const kind of ['log', 'witness'] as const)
    try {
      const verifier = verifierIn(line, kind);
      return { kind, id: `${verifier.name}+${keyIdOf(verifier, kind).toString(16).padStart(8, '0')}`, line, verifier };
    } catch (error) {
      if (!(error instanceof ProofRefused)) throw error;
    }
  return undefined;
}

/**
 * Checks that each of the keys signed a note. Signatures of other keys are left alone.
 * @throws {EvidenceRefused} a signature is missing, or is not of this note and key
 */
export function signaturesOn(note: string, keys: readonly RequiredKey[]): SignedBy[] {
  return keys.map(({ kind, id, line, verifier }) => {
    const { name } = verifier;
    if (kind === 'log') checkSignature(note, verifier, id);
    return { name, key: line, ...(kind === 'witness' && { at: cosignedAt(note, verifier, id) }) };
  });
}

function checkSignature(note: string, verifier: Verifier, key: string): void {
  const { text, signatures } = readNote(note);
  const own = signatures.filter(({ name, keyId }) => name === verifier.name && keyId === keyIdOf(verifier));
  if (own.length === 0) throw new EvidenceRefused('not-signed', { key });
  if (!own.every(({ bytes }) => isSigned(text, bytes, verifier))) throw new EvidenceRefused('signature', { key });
}

function cosignedAt(note: string, verifier: Verifier, key: string): string {
  try {
    const found = cosignatureOn(note, verifier);
    if (!found) throw new EvidenceRefused('not-signed', { key });
    if (found.at <= lastSecond) return new Date(found.at * 1_000).toISOString().replace('.000Z', 'Z');
  } catch (error) {
    if (!(error instanceof ProofRefused)) throw error;
  }
  throw new EvidenceRefused('signature', { key });
}

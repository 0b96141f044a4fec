/** The first half of the check: who signed the checkpoint, and that its tree has the records. */
import { hashOf } from '../../event-log/record.js';
import { checkpointIn, type Checkpoint } from '../notes/checkpoint.js';
import { ProofRefused, readNote } from '../notes/signed-note.js';
import { isSameHash, leafOfRecord, type Hash } from '../tree/hashing.js';
import type { Evidence } from './evidence.js';
import { EvidenceRefused } from './faults.js';
import { keyIn, signaturesOn, type RequiredKey, type SignedBy } from './keys.js';
import { inFile } from './parts.js';
import { rootFrom } from './tree-nodes.js';

/**
 * The checkpoint, and which of the required keys signed it: all of them.
 * @param required those that the reader requires; if there are none, those that the evidence names
 * @throws {EvidenceRefused}
 */
export function checkSignatures(evidence: Evidence, required: readonly RequiredKey[]): { checkpoint: Checkpoint; signedBy: SignedBy[] } {
  const { programme, checkpoint: note, keys: own } = evidence;
  const read = unless('note', () => readNote(note));
  if (read.text.split('\n').length !== 4) throw new EvidenceRefused('checkpoint-lines');
  const checkpoint = unless('checkpoint-lines', () => checkpointIn(read.text));
  const { origin } = checkpoint;
  if (!origin.endsWith(`/${programme}`)) throw new EvidenceRefused('origin', { found: origin, programme });
  const keys = required.length > 0 ? required : own.map(keyOf);
  if (!keys.some(({ kind, verifier }) => kind === 'log' && verifier.name === origin)) throw new EvidenceRefused('own-key', { origin });
  return { checkpoint, signedBy: signaturesOn(note, keys) };
}

function unless<T>(code: 'note' | 'checkpoint-lines', read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProofRefused) throw new EvidenceRefused(code);
    throw error;
  }
}

function keyOf(line: string, at: number): RequiredKey {
  const key = keyIn(line);
  if (!key) throw inFile(`keys[${at}]`, 'key');
  return key;
}

/** Checks that the tree of the checkpoint has the records and the statement at their positions. @throws {EvidenceRefused} */
export function checkTree({ records, statement, nodes }: Evidence, { size, root }: Checkpoint): void {
  const { position } = statement;
  if (position > size) throw new EvidenceRefused('beyond', { position, size });
  const leaves = [...records, statement].map((one) => [one.position - 1, leafOfRecord(hashOf(Buffer.from(one.text)))] as const);
  const found = rootFrom(size, new Map(leaves), nodes);
  if ('missing' in found) throw new EvidenceRefused('node-missing', { node: found.missing, size });
  if ('unused' in found) throw new EvidenceRefused('node-unused', { node: found.unused, size });
  if (!isSameHash(found.root, root)) throw new EvidenceRefused('root', { found: base64(found.root), expected: base64(root) });
}

function base64(hash: Hash): string {
  return Buffer.from(hash).toString('base64');
}

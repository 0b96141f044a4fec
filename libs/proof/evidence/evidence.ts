/**
 * Evidence: one file that proves the figures of one initiative without a ledger. It has all records of the initiative up to a statement, and what leads from
 * them to a signed checkpoint. docs/proof.md describes the format.
 */
import { codePattern } from '../../domain/vocabulary.js';
import { hashIn } from '../notes/checkpoint.js';
import type { Hash } from '../tree/hashing.js';
import { EvidenceRefused, shown } from './faults.js';
import { atMost, countIn, inFile, listIn, matching, objectIn, onlyFields, parsedJson, textIn, type Fields } from './parts.js';
import type { Nodes } from './tree-nodes.js';

export const evidenceFormat = 'initiative-ledger/evidence/1';

/** The exact text of the record at a position. */
export type RecordText = { readonly position: number; readonly text: string };
export type Evidence = {
  readonly programme: string;
  readonly initiative: string;
  /** The lines of the keys whose signatures the reader is asked to require. Only a hint: the reader compares them with published ones. */
  readonly keys: readonly string[];
  /** The checkpoint as it was signed and cosigned. */
  readonly checkpoint: string;
  /** Every event of the initiative up to the statement, in the order of positions. */
  readonly records: readonly RecordText[];
  /** The record of StatementPublished. */
  readonly statement: RecordText;
  /** The initiative's leaf in the statement's tree, and the hashes beside its path, from the leaf up. */
  readonly document: { readonly index: number; readonly text: string; readonly path: readonly Hash[] };
  /** The nodes of the checkpoint's tree beside those of the records and of the statement. */
  readonly nodes: Nodes;
};

/** Evidence of a hundred thousand records has fewer bytes. */
const mostBytes = 128 * 1_024 * 1_024;
/** A note has no more signatures. */
const mostKeys = 64;
/** A tree of 2⁵³ leaves is not deeper. */
const deepest = 53;

const fields = ['format', 'programme', 'initiative', 'keys', 'checkpoint', 'records', 'statement', 'document', 'nodes'];

/** Evidence as the bytes of a file. */
export function writeEvidence({ document: { index, text, path }, nodes, ...evidence }: Evidence): Uint8Array {
  const { programme, initiative, keys, checkpoint, records, statement } = evidence;
  const document = { index, text, path: path.map(base64) };
  const hashes = Object.fromEntries([...nodes].map(([name, hash]) => [name, base64(hash)]));
  const file = { format: evidenceFormat, programme, initiative, keys, checkpoint, records, statement, document, nodes: hashes };
  return Buffer.from(`${JSON.stringify(file)}\n`);
}

/** The name under which evidence is kept: a file for each statement that proves it. */
export function evidenceFileName({ programme, initiative, statement }: Evidence): string {
  return `evidence-${programme}-${initiative}-${statement.position}.json`;
}

/** Reads a file of evidence, and checks its shape alone. @throws {EvidenceRefused} */
export function readEvidence(bytes: Uint8Array): Evidence {
  if (bytes.length > mostBytes) throw new EvidenceRefused('too-large', { most: mostBytes });
  const file = parsedFile(bytes);
  const { format } = objectIn(file, 'evidence');
  if (format !== undefined && format !== evidenceFormat)
    throw new EvidenceRefused('format', { found: shown(format), known: evidenceFormat });
  const evidence = onlyFields(file, fields, 'evidence');
  const outer = {
    programme: matching(evidence['programme'], codePattern, 'programme', 'code'),
    initiative: matching(evidence['initiative'], codePattern, 'initiative', 'code'),
    keys: listIn(evidence['keys'], 'keys'),
    checkpoint: textIn(evidence['checkpoint'], 'checkpoint'),
    records: listIn(evidence['records'], 'records'),
    statement: objectIn(evidence['statement'], 'statement'),
    document: objectIn(evidence['document'], 'document'),
    nodes: objectIn(evidence['nodes'], 'nodes'),
  };
  return inOrder({
    ...outer,
    keys: atMost(mostKeys, outer.keys, 'keys').map((line, at) => textIn(line, `keys[${at}]`)),
    records: outer.records.map((record, at) => recordIn(record, `records[${at}]`)),
    statement: recordIn(outer.statement, 'statement'),
    document: documentIn(outer.document),
    nodes: nodesIn(outer.nodes),
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function parsedFile(bytes: Uint8Array): unknown {
  try {
    const value = parsedJson(utf8.decode(bytes));
    if (value !== undefined) return value;
  } catch {
    // Not UTF-8.
  }
  throw new EvidenceRefused('not-json');
}

function recordIn(value: unknown, at: string): RecordText {
  const { position, text } = onlyFields(value, ['position', 'text'], at);
  return { position: countIn(position, `${at}.position`), text: textIn(text, `${at}.text`) };
}

function documentIn(value: unknown): Evidence['document'] {
  const document = onlyFields(value, ['index', 'text', 'path'], 'document');
  const index = countIn(document['index'], 'document.index');
  const text = textIn(document['text'], 'document.text');
  const path = atMost(deepest, listIn(document['path'], 'document.path'), 'document.path');
  return { index, text, path: path.map((hash, at) => hashOf(hash, `document.path[${at}]`)) };
}

function nodesIn(value: Fields): Nodes {
  const names = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(names.map(([name, hash]) => [name, hashOf(hash, `nodes[${name}]`)]));
}

function hashOf(value: unknown, at: string): Hash {
  try {
    return hashIn(textIn(value, at));
  } catch {
    throw inFile(at, 'hash');
  }
}

function inOrder(evidence: Evidence): Evidence {
  const { records, statement } = evidence;
  if (records.length === 0) throw new EvidenceRefused('no-records');
  let before = 0;
  for (const { position } of [...records, statement]) {
    if (position <= before) throw new EvidenceRefused('order', { position, before });
    before = position;
  }
  return evidence;
}

function base64(hash: Hash): string {
  return Buffer.from(hash).toString('base64');
}

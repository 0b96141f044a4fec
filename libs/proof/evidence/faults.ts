/** What can be wrong with evidence: a code for programs, and a sentence for people. The verifiers in `verifiers/` say the same in the same cases. */

type Values = Readonly<Record<string, string | number>>;

/** What a part of the format must be, by the name that a fault gives. */
export const needs = {
  object: 'an object',
  list: 'a list',
  text: 'a text',
  count: 'a whole number from 0 on',
  hash: '32 bytes in base64',
  digest: '64 hexadecimal digits',
  code: 'a code of 1 to 64 small letters, digits and hyphens',
  amount: 'an amount in minor units, a whole number as text',
  year: 'a year of four digits',
  moment: 'a moment such as 2024-03-09T05:12:44.120Z',
  key: 'the line of a key, name+number+key, of Ed25519 or of cosignatures',
} as const;
export type Need = keyof typeof needs;

/** The sentence of each fault; `{name}` stands for a value. */
const sentences = {
  // The shape.
  'not-json': 'the file is not JSON in UTF-8',
  'too-large': 'the file has more than {most} bytes',
  lacks: '{at} lacks the field {field}',
  'unknown-field': '{at} has a field that the format does not know: {field}',
  shape: '{at} must be {needs}',
  'too-many': '{at} may have at most {most} items',
  'no-records': 'records must have at least one record',
  order: 'position {position} comes after position {before}, but positions must ascend; the statement is last',
  // The checkpoint.
  note: 'the checkpoint is not a signed note: text, an empty line, and lines of signatures',
  'checkpoint-lines': 'the checkpoint must have origin, size of tree, and root in base64',
  origin: 'the checkpoint is of {found}, and must be of the programme {programme}',
  'own-key': 'no key is the ledger’s own: of Ed25519, and of the name {origin}',
  'not-signed': 'the checkpoint bears no signature of the key {key}',
  signature: 'the signature of the key {key} is not of this checkpoint: one of them was changed',
  // Its tree.
  beyond: 'position {position} is not among the {size} records of the checkpoint',
  'node-missing': 'nodes lacks {node}, which leads to the root of {size} records',
  'node-unused': 'nodes has {node}, which leads from no record to the root of {size} records',
  root: 'the records and nodes lead to the root {found}, and the checkpoint says {expected}',
  // Records, among them the statement.
  'record-json': 'the record at position {position} is not JSON in UTF-8',
  'record-shape': 'in the record at position {position}, {at} must be {needs}',
  'record-says': 'in the record at position {position}, {field} is {found}, and must be {expected}',
  'statement-ahead': 'the statement at position {position} is of position {of}, and must be of one before it',
  'record-later': 'the record at position {position} is later than position {of}, which the statement is of',
  // The document.
  'document-path': 'the path is not as long as document {index} of {size} needs it to be',
  'document-root': 'the document and its path lead to the root {found}, and the statement says {expected}',
  'document-json': 'the text of the document is not an object of JSON',
  'document-says': 'in the document, {field} is {found}, and must be {expected}',
  figure: 'the records fold to other figures: {field} is {found}, and must be {expected}',
  'document-text': 'the text of the document is not what the records fold to, though its figures are',
  // Neither right nor wrong.
  format: 'the format is {found}; this verifier knows {known}',
  definition: 'the statement is of the definition {found}; this verifier knows {known}',
  'event-type': 'the record at position {position} is no known event of initiatives: {found}',
  schema: 'the record at position {position} has the schema {found}; this verifier knows {known}',
} as const satisfies Readonly<Record<string, string>>;
export type FaultCode = keyof typeof sentences;

/** What this version can't judge: a later one may. */
const notKnown: readonly FaultCode[] = ['format', 'definition', 'event-type', 'schema'];

/** The first fault of evidence. */
export type Fault = { code: FaultCode; text: string };

/** Evidence has a fault. The message is its sentence. */
export class EvidenceRefused extends Error {
  override readonly name = 'EvidenceRefused';

  constructor(
    readonly code: FaultCode,
    values: Values = {},
  ) {
    super(sentences[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name])));
  }

  /** Whether the evidence is wrong; otherwise it is of a kind that this version does not know. */
  get isWrong(): boolean {
    return !notKnown.includes(this.code);
  }
}

/** A value as a fault shows it: text in quotes, other simple values as in JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isSafeInteger(value))
    return JSON.stringify(value);
  return 'another value';
}

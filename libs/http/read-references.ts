import { mostReferences, type Reference } from '../domain/papers/references.js';
import { trusted } from '../trusted/trusted.js';
import { ReferenceBody } from './dto/reference-body.js';
import { isObject } from './is-object.js';
import type { Fault } from './malformed-command.js';
import { readFields } from './read-data.js';

/** Reads the papers that a command names. What is wrong is added to `faults`, by the number of the paper; `undefined` then. */
export function readReferences(sent: unknown, faults: Fault[]): readonly Reference[] | undefined {
  if (!Array.isArray(sent) || sent.length === 0 || sent.length > mostReferences) {
    faults.push({ field: 'references', message: `references must be a list of 1 to ${mostReferences} papers` });
    return undefined;
  }
  const before = faults.length;
  const read = sent.map((paper: unknown, index) => readReference(paper, `references[${index}]`, faults));
  // Each field keeps the rule that its type declares, and none is missing.
  return faults.length > before ? undefined : trusted(read);
}

function readReference(paper: unknown, called: string, faults: Fault[]): object | undefined {
  if (!isObject(paper) || Array.isArray(paper)) {
    faults.push({ field: called, message: `${called} must be a JSON object such as {"type":"invoice","id":"45/2024"}` });
    return undefined;
  }
  const own: Fault[] = [];
  const read = readFields(ReferenceBody, called, paper, own);
  faults.push(...own.map(({ field, message }) => ({ field: `${called}.${field}`, message: `${called}: ${message}` })));
  return read;
}

/** Reads the parts of JSON that somebody else wrote: each is what it must be, or a fault says what it must be. */
import { EvidenceRefused, needs, type Need } from './faults.js';

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;
/** Makes the fault of a part that is not what it must be. */
export type Refusing = (at: string, need: Need) => EvidenceRefused;

/** Faults in the file itself. */
export const inFile: Refusing = (at, need) => new EvidenceRefused('shape', { at, needs: needs[need] });
/** Faults in the record at a position. */
export function inRecord(position: number): Refusing {
  return (at, need) => new EvidenceRefused('record-shape', { position, at, needs: needs[need] });
}

/** Parses JSON; `undefined` if it is none, or has half of a surrogate pair, which is no text. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text, (name: string, value: unknown) => {
      if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) throw new SyntaxError('not well-formed');
      return value;
    });
  } catch {
    return undefined;
  }
}

/** @throws {EvidenceRefused} it is none */
export function objectIn(value: unknown, at: string, refusing = inFile): Fields {
  if (!isObject(value)) throw refusing(at, 'object');
  return value;
}
/** @throws {EvidenceRefused} it is none */
export function listIn(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw inFile(at, 'list');
  return value;
}
/** A list of at most `most` items. @throws {EvidenceRefused} it has more */
export function atMost(most: number, list: readonly unknown[], at: string): readonly unknown[] {
  if (list.length > most) throw new EvidenceRefused('too-many', { at, most });
  return list;
}
/** @throws {EvidenceRefused} it is none */
export function textIn(value: unknown, at: string, refusing = inFile): string {
  if (typeof value !== 'string') throw refusing(at, 'text');
  return value;
}
/** A whole number from 0 on. @throws {EvidenceRefused} it is none */
export function countIn(value: unknown, at: string, refusing = inFile): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw refusing(at, 'count');
  return value;
}
/** A text of one form. @throws {EvidenceRefused} it is none */
export function matching(value: unknown, form: RegExp, at: string, need: Need, refusing = inFile): string {
  if (typeof value !== 'string' || !form.test(value)) throw refusing(at, need);
  return value;
}

/** Checks that an object has these fields and no others. @throws {EvidenceRefused} */
export function onlyFields(value: unknown, names: readonly string[], at: string): Fields {
  const object = objectIn(value, at);
  for (const field of names) if (!Object.hasOwn(object, field)) throw new EvidenceRefused('lacks', { at, field });
  const [unknown] = Object.keys(object)
    .filter((field) => !names.includes(field))
    .sort();
  if (unknown !== undefined) throw new EvidenceRefused('unknown-field', { at, field: unknown });
  return object;
}

/** Whether a value is an object of JSON, and no list. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

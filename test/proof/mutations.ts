/** Evidence that somebody changed, made from a seed: byte by byte, field by field, and evidence that a dishonest ledger wrote and signed anew. */
import { isDeepStrictEqual } from 'node:util';
import { writeEvidence, type Evidence } from '../../libs/proof/evidence/evidence.js';
import { evidenceOf, restated, type Signers, type Written } from '../../libs/proof/evidence/testing/evidence.js';

/** A changed file, and what was done to it. */
export type Mutated = { what: string; bytes: Buffer };
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Mutations {
  private readonly sound: Buffer;

  constructor(
    private readonly written: Written,
    private readonly evidence: Evidence,
    private readonly signers: Signers,
    private readonly random: () => number,
  ) {
    this.sound = Buffer.from(writeEvidence(evidence));
  }

  /** A file with a few bytes changed, taken out, put in or moved. */
  bytewise(): Mutated {
    const bytes = Buffer.from(this.sound);
    const at = this.below(bytes.length);
    switch (this.below(7)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8));
        return { what: `bit at ${at}`, bytes };
      case 1:
        bytes[at] = this.oneOf(Buffer.from('0123456789abcfxyzAZ+/=-",:{}[]\\ .e'));
        return { what: `byte at ${at}`, bytes };
      case 2:
        return { what: `cut at ${at}`, bytes: bytes.subarray(0, at) };
      case 3:
        return { what: `without ${at}`, bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + this.below(3))]) };
      case 4:
        return this.withInserted(
          at,
          this.oneOf(['0', '1', '-', '.0', 'e0', ' ', '\n', '\t', '\u00a0', '\ufeff', '\\', '"', ',', 'A', 'я', '\0']),
        );
      case 5: {
        const other = this.below(bytes.length);
        [bytes[at], bytes[other]] = [bytes[other] ?? 0, bytes[at] ?? 0];
        return { what: `bytes ${at} and ${other} exchanged`, bytes };
      }
      default: {
        // White space between tokens changes no fact; inside text it does.
        const places = [...this.sound.toString('latin1').matchAll(/[,:{}[\]]/g)].map(({ index }) => index);
        return this.withInserted(this.oneOf(places), this.oneOf([' ', '\n', '\t', '\r', '  ']));
      }
    }
  }

  /** A file with one field taken out, put in, doubled, exchanged, or of another value. */
  fieldwise(): Mutated {
    const file = JSON.parse(this.sound.toString()) as Json;
    const places = placesIn(file, []);
    const path = this.oneOf(places);
    const other = structuredClone(valueAt(file, this.oneOf(places)) ?? null);
    const name = path.at(-1) ?? '';
    const value = structuredClone(valueAt(file, path) ?? null);
    const into = valueAt(file, path.slice(0, -1)) as Record<string | number, Json> | Json[];
    const done = this.below(8);
    if (done === 0 && Array.isArray(into)) into.splice(Number(name), 1);
    else if (done === 0 && !Array.isArray(into)) Reflect.deleteProperty(into, name);
    else if (done === 1 && Array.isArray(into)) into.splice(Number(name), 0, value);
    else if (done === 1 && !Array.isArray(into)) into[`${name}x`] = value;
    else if (done === 2) put(into, name, other);
    else if (done === 3) put(into, name, this.oneOf<Json>([null, true, 0, 1, -1, 1.5, 2 ** 53, '', '0', [], {}]));
    else if (done === 4 && Array.isArray(into)) into.reverse();
    else put(into, name, this.changed(value));
    return { what: `${path.join('.')} by ${done}`, bytes: Buffer.from(JSON.stringify(file)) };
  }

  /** Evidence of a ledger that changed a record, the statement or a document, made all hashes anew, and signed them with its own keys. */
  async dishonest(): Promise<Mutated> {
    const { records, documents } = this.written;
    const statement = records.length - 1;
    const own = this.evidence.records.map(({ position }) => position - 1);
    const at = this.oneOf([...own, statement]);
    const done = this.below(4);
    let changed: Written = { records: records.with(at, this.changedText(records[at] ?? '')), documents };
    if (done === 0) {
      const saying = documents.map((one) => (one.key === 'initiatives/i' ? { ...one, text: this.changedText(one.text) } : one));
      changed = { documents: saying, records: records.with(-1, await restated(records.at(-1) ?? '', saying)) };
    }
    const positions = own.map((index) => index + 1);
    const kept = done === 1 ? positions.toSpliced(this.below(positions.length), 1) : positions;
    const evidence = await evidenceOf(done === 1 ? this.written : changed, this.signers, { positions: kept });
    return { what: `signed anew: ${done}, record ${at + 1}`, bytes: Buffer.from(writeEvidence(evidence)) };
  }

  /** The text of an object of JSON with one of its values changed. */
  private changedText(text: string): string {
    const object = JSON.parse(text) as Json;
    const path = this.oneOf(placesIn(object, []));
    const into = valueAt(object, path.slice(0, -1)) as Record<string, Json>;
    const name = path.at(-1) ?? '';
    const done = this.below(5);
    if (done === 0 && !Array.isArray(into)) Reflect.deleteProperty(into, name);
    else if (done === 1)
      put(into, name, this.oneOf<Json>([null, true, 0, 1, -5, 1.5, '', '7', '-7', '07', 'x', [], {}, 'sums-2', 2024, '2024']));
    else put(into, name, this.changed(into[name] ?? null));
    return JSON.stringify(object);
  }

  /** A value like another one, but not the same. */
  private changed(value: Json): Json {
    if (typeof value === 'number') return value + this.oneOf([1, -1, 7, 0.5, 1_000_000]);
    if (typeof value === 'boolean') return !value;
    if (typeof value !== 'string') return { value };
    if (value === '') return 'x';
    const at = this.below(value.length);
    const one = value.charAt(at);
    const digits = /\d/.test(one)
      ? String((Number(one) + 1 + this.below(9)) % 10)
      : this.oneOf(['a', 'Z', '-', ' ', 'ө', '\n', '\ud800', '\u2028', '\u0085']);
    return value.slice(0, at) + (digits === one ? `${digits}${digits}` : digits) + value.slice(at + 1);
  }

  private withInserted(at: number, text: string): Mutated {
    const bytes = Buffer.concat([this.sound.subarray(0, at), Buffer.from(text), this.sound.subarray(at)]);
    return { what: `${JSON.stringify(text)} before ${at}`, bytes };
  }
  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
  private oneOf<T>(all: ArrayLike<T>): T {
    return all[this.below(all.length)]!;
  }
}

type Path = readonly (string | number)[];
/** Every place in a value of JSON. */
function placesIn(value: Json, path: Path): Path[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [
    ...(path.length > 0 ? [path] : []),
    ...inside.flatMap(([name, item]) => placesIn(item, [...path, Array.isArray(value) ? Number(name) : name])),
  ];
}
function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, name) => (typeof found === 'object' && found !== null ? (found as Record<string | number, Json>)[name] : undefined),
    value,
  );
}
function put(into: Record<string | number, Json> | Json[], name: string | number, value: Json): void {
  if (Array.isArray(into)) into[Number(name)] = value;
  else into[name] = value;
}

/** Whether a changed file states the same facts: its JSON is the same but for the keys that it names, and for signatures that nobody requires. */
export function sameFacts(sound: Buffer, changed: Buffer, required: readonly string[]): boolean {
  const [one, other] = [factsIn(sound, required), factsIn(changed, required)];
  return one !== undefined && isDeepStrictEqual(one, other);
}

/** The facts of a file: `undefined` if it is not JSON in UTF-8 with texts for keys. */
function factsIn(bytes: Buffer, required: readonly string[]): unknown {
  const ids = required.map((line) => line.split('+', 2).join('+'));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const file = JSON.parse(text, (name: string, value: unknown) => {
      if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) throw new SyntaxError('half a character');
      // Zero has no sign.
      return value === 0 ? 0 : value;
    }) as Record<string, unknown>;
    const { keys, checkpoint, ...facts } = file;
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string') || keys.length > 64) return undefined;
    const isOther = (line: string) => {
      const [, name = '', base64 = ''] = /^— ([^+\s]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
      const signature = Buffer.from(base64, 'base64');
      return signature.length > 4 && signature.toString('base64') === base64 && !ids.includes(`${name}+${signature.toString('hex', 0, 4)}`);
    };
    const lines = String(checkpoint).split('\n');
    return { ...facts, checkpoint: lines.filter((line) => !isOther(line)) };
  } catch {
    return undefined;
  }
}

/**
 * The port of the read models: documents folded from the log, always rebuildable, never the truth.
 * Documents live in collections of a generation; a rebuild writes a new generation beside the one that serves, then takes its place.
 * Bodies are plain JSON (money as decimal strings). Every adapter passes the contract suite beside this file.
 */
import type { Heads, Offset } from '../event-log/ports.js';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One document. `position` is the programme position it is folded to: the fold skips events at or before it. `body` is what readers get, `internal` what
 * only folding needs; no field is in both.
 */
export type Document = { key: string; position: number; body: JsonObject; internal?: JsonObject };
/** A document to be written: its body may be given as the JSON text of an object, where that is at hand already. Declared fields are not looked for in it. */
export type WrittenDocument = Omit<Document, 'body'> & { body: JsonObject | string };
/** A document, and the values that queries compare: of each declared field in its order, in the form that sorts, then the text searched in, if any is. */
export type ScannedDocument = Document & { comparedBy: readonly (string | number)[] };
/** A document as readers get it: its body as JSON text. `version` tells one state of it from another: of the declared field, else its position. */
export type ShownDocument = { key: string; version: number; text: string };

/**
 * A collection's declared fields, top-level names of the body or of what is internal. Only declared fields may be filtered or sorted by; each sort is served by an index that
 * leads with the `scope` field. Field kinds: text, integer, or money (a decimal string, sorted by value).
 */
export type CollectionSpec = {
  readonly name: string;
  readonly fields: { readonly [field: string]: 'text' | 'integer' | 'money' | 'flag' };
  /** Every query names this field's value: the programme, mostly. */
  readonly scope: string;
  /** Fields that a query may ask to equal a value. */
  readonly filters: readonly string[];
  /** Fields that a query may sort by, and ask a range of; ties are broken by key. */
  readonly sorts: readonly string[];
  /** Text fields by whose value the newest document that has it is found, whatever its scope. */
  readonly lookups?: readonly string[];
  /** A document is written once and never replaced: nothing serves that. */
  readonly writtenOnce?: true;
  /** The integer field that is a document's version, where that is not its position. */
  readonly version?: string;
  /** A text field in which a query may search, case-insensitively in every language, for a substring. */
  readonly search?: string;
};

export type Query = {
  scope: string | number;
  equals?: { [field: string]: string | number | boolean };
  /** On the sort field only; bounds are inclusive. */
  range?: { from?: string | number; to?: string | number };
  search?: string;
  sort: string;
  descending?: boolean;
  limit: number;
  /** An opaque cursor of an earlier answer to the same query. @throws {BadCursor} where it is not */
  cursor?: string;
};
export type Page<D = Document> = { documents: D[]; /** Absent on the last page. */ cursor?: string };

/** A write replaces exactly the state it was folded from: `replaces` is the position read, absent where there was no document. */
export type Write = { collection: string; document: WrittenDocument; replaces?: number };

/** How far a generation is folded: the offset in each partition of the log. */
export type Checkpoint = { [partition: string]: Offset };

export type Save = {
  writes: readonly Write[];
  /** Programmes' heads as of the checkpoint; only those that changed. */
  heads: Heads;
  /** The partitions that were folded on, and how far; the others' offsets stay as they are. */
  checkpoint: Checkpoint;
  /** What of those partitions' offsets this one follows, as it was last written or read here. */
  follows: Checkpoint | undefined;
};

/** Every question may throw {@link ReadModelsUnavailable}. */
export interface ReadModels {
  /** The generation that answers readers, `undefined` before the first rebuild is done. */
  serving(): Promise<string | undefined>;
  generations(): Promise<string[]>;
  /** Makes an empty generation with its collections and indexes; one that exists stays as it is. */
  create(generation: string, collections: readonly CollectionSpec[]): Promise<void>;
  /** From now on this generation serves. */
  serve(generation: string): Promise<void>;
  /** The generation is gone; where it served, none does. */
  drop(generation: string): Promise<void>;

  /** Notes that a partition has been folded to the log's end once. @returns every partition of which that is noted */
  markBuilt(generation: string, partition: number): Promise<number[]>;

  checkpoint(generation: string): Promise<Checkpoint | undefined>;
  heads(generation: string): Promise<Heads>;
  head(generation: string, programme: string): Promise<{ position: number; hash: string; recordedAt: string } | undefined>;
  /** Documents by key, `undefined` where there is none, in the order asked. */
  get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]>;
  /** The document with the highest position that has a value in a field declared for it. @throws {UndeclaredField} */
  lookUp(generation: string, collection: string, field: string, value: string): Promise<Document | undefined>;
  /** @throws {BadCursor} @throws {UndeclaredField} */
  find(generation: string, collection: string, query: Query): Promise<Page>;
  /** One document as readers get it; nothing of it is parsed. */
  getShown(generation: string, collection: string, key: string): Promise<ShownDocument | undefined>;
  /** The same of several keys, in the order asked. A body that was given as text is that text, to the byte. */
  getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]>;
  /** The same as `find`, as readers get it. @throws {BadCursor} @throws {UndeclaredField} */
  findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>>;
  /** Every document of a collection, in the order of their keys. */
  scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]>;
  /**
   * What is wrong with how the store keeps a generation of these collections, in words; `undefined` if nothing is. It is about pages, indexes and
   * descriptions: whether documents are right, only a fold of the log can tell.
   */
  structuralFault(generation: string, collections: readonly CollectionSpec[]): Promise<string | undefined>;
  /**
   * Documents, those of the first collection named before all others', then heads, which never move back, then the checkpoint; nothing where the
   * checkpoint is not the one that the save follows. Where an older copy of the store is put back meanwhile, its checkpoint stays where it is.
   * @throws {StaleWrite} a document or the checkpoint is not the one it was folded from: read again from the stored checkpoint
   */
  save(generation: string, save: Save): Promise<void>;
  close(): Promise<void>;
}

/** A document or the checkpoint changed under the writer. Some of the writes may have been made: folded again from the stored checkpoint, all is well. */
export class StaleWrite extends Error {
  override readonly name = 'StaleWrite';
}
/** The read models can't be reached now; asked again a little later they mostly can. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}
/** The cursor is not one of an earlier answer to this query. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}
/** A query names a field its collection does not declare for that use. */
export class UndeclaredField extends Error {
  override readonly name = 'UndeclaredField';
}

/** Whether a checkpoint has, of the partitions that a save folds on, the offsets it was folded from. */
export function follows(stored: Checkpoint | undefined, { checkpoint, follows: from }: Pick<Save, 'checkpoint' | 'follows'>): boolean {
  return Object.keys(checkpoint).every((partition) => stored?.[partition] === from?.[partition]);
}

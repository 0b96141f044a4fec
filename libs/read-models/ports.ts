/**
 * The port of the read models: documents folded from the log, always rebuildable, never the truth.
 * Documents belong to collections of a generation. A rebuild writes a new generation beside the serving one, which it then replaces.
 * Bodies are plain JSON (money as decimal strings). Every adapter passes the contract suite beside this file.
 */
import type { Heads, Offset } from '../event-log/ports.js';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One document. `position` is the programme position that it is folded to: the fold skips events at or before it. `body` is for readers, `internal` only for
 * folding; no field is in both.
 */
export type Document = { key: string; position: number; body: JsonObject; internal?: JsonObject };
/** A document to write. Its body may be the JSON text of an object; declared fields are then read from `internal` only. */
export type WrittenDocument = Omit<Document, 'body'> & { body: JsonObject | string };
/** A document with the values that queries compare: each declared field in order, in sortable form, then the searched text, if the collection has one. */
export type ScannedDocument = Document & { comparedBy: readonly (string | number)[] };
/** A document as readers get it: its body as JSON text. `version` identifies its state: the declared version field, or else its position. */
export type ShownDocument = { key: string; version: number; text: string };

/**
 * A collection and its declared fields, which are top-level names in `body` or `internal`. Queries may filter and sort only by declared fields; an index that
 * begins with the `scope` field serves each sort. Field kinds: text, integer, number, flag, money (a decimal string, sorted by value), or set (a list of
 * texts or numbers).
 */
export type CollectionSpec = {
  readonly name: string;
  readonly fields: { readonly [field: string]: 'text' | 'integer' | 'number' | 'money' | 'flag' | 'set' };
  /** The field whose value every query names, mostly the programme. */
  readonly scope: string;
  /** Fields that a query may compare with values, or restrict to a range. */
  readonly filters: readonly string[];
  /** Fields that a query may sort by, and restrict to a range; the key breaks ties. */
  readonly sorts: readonly string[];
  /** Text fields for look-ups: a value finds the newest document that has it, in any scope. */
  readonly lookups?: readonly string[];
  /**
   * A text filter of few values that divides the indexes of some sorts: a query for some of the values, sorted by one of them, reads the documents of these
   * values alone, in order. Every document has one of the values. Each such index costs a write when a document's value changes.
   */
  readonly dividedBy?: { readonly field: string; readonly values: readonly string[]; readonly sorts: readonly [string, ...string[]] };
  /** Documents are written once and never replaced, so no index for updates is needed. */
  readonly writtenOnce?: true;
  /** The integer field that is a document's version; its position if absent. */
  readonly version?: string;
  /** A text field in which a query may search for a substring, case-insensitively in every language. */
  readonly search?: string;
};

export type Value = string | number | boolean;
/** Inclusive bounds. A document without the field is in no range. */
export type Range = { from?: string | number; to?: string | number };
/** Which documents a query finds. */
export type Conditions = {
  scope: string | number;
  /** The value of a field, or several values of which a document has one. A document has a value of a set if the set contains it. */
  equals?: { readonly [field: string]: Value | readonly Value[] };
  /** Ranges of filter fields. */
  within?: { readonly [field: string]: Range };
  search?: string;
};
export type Query = Conditions & {
  /** A range of the sort field. */
  range?: Range;
  sort: string;
  descending?: boolean;
  limit: number;
  /** The limit of the whole page, where this query reads on for its rest: the way of reading then stays the same. */
  pageLimit?: number;
  /** Identifies the question for its cursors, if its conditions change while its pages are read; the conditions identify it if absent. */
  question?: string;
  /** An opaque cursor of an earlier answer to the same query. @throws {BadCursor} it is not */
  cursor?: string;
};
/**
 * A page may have fewer documents than its limit, even none, and still a cursor: an adapter may stop looking after some thousands of documents.
 */
export type Page<D = Document> = { documents: D[]; /** Absent on the last page. */ cursor?: string };

export type Count = { documents: number; isExact: boolean };

/** A write replaces exactly the state that it was folded from: `replaces` is the position read, absent if there was no document. */
export type Write = { collection: string; document: WrittenDocument; replaces?: number };

/** How far a generation is folded: the offset in each partition of the log. */
export type Checkpoint = { [partition: string]: Offset };

export type Save = {
  writes: readonly Write[];
  /** The changed heads of programmes, as of the checkpoint. */
  heads: Heads;
  /** The new offsets of the partitions that were folded further; those of the others stay as they are. */
  checkpoint: Checkpoint;
  /** The offsets of those partitions that this save continues from, as last written or read here. */
  follows: Checkpoint | undefined;
};

/** Every method may throw {@link ReadModelsUnavailable}. */
export interface ReadModels {
  /** The generation that serves readers, `undefined` before the first rebuild is done. */
  serving(): Promise<string | undefined>;
  generations(): Promise<string[]>;
  /** Creates an empty generation with its collections and indexes; an existing one stays as it is. */
  create(generation: string, collections: readonly CollectionSpec[]): Promise<void>;
  /** Makes this generation the serving one. */
  serve(generation: string): Promise<void>;
  /** Removes the generation. If it was the serving one, none serves. */
  drop(generation: string): Promise<void>;

  /** Notes that a partition has been folded to the log's end once. @returns all partitions with that note */
  markBuilt(generation: string, partition: number): Promise<number[]>;

  checkpoint(generation: string): Promise<Checkpoint | undefined>;
  heads(generation: string): Promise<Heads>;
  head(generation: string, programme: string): Promise<{ position: number; hash: string; recordedAt: string } | undefined>;
  /** Documents in the order of their keys given, `undefined` for a key without one. */
  get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]>;
  /** The document with the highest position among those with the value in a look-up field. @throws {UndeclaredField} */
  lookUp(generation: string, collection: string, field: string, value: string): Promise<Document | undefined>;
  /** @throws {BadCursor} @throws {UndeclaredField} */
  find(generation: string, collection: string, query: Query): Promise<Page>;
  /** One document as readers get it; its text is not parsed. */
  getShown(generation: string, collection: string, key: string): Promise<ShownDocument | undefined>;
  /** The same for several keys, in their order. A body that was written as text is returned as exactly that text. */
  getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]>;
  /** The same as `find`, with documents as readers get them. @throws {BadCursor} @throws {UndeclaredField} */
  findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>>;
  /**
   * Counts the documents that a query would find, up to `most`. An adapter may stop as soon as it has examined `most` documents; the count is then not exact:
   * there may be more. @throws {UndeclaredField}
   */
  count(generation: string, collection: string, conditions: Conditions, most: number): Promise<Count>;
  /** Every document of a collection, in the order of their keys. */
  scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]>;
  /**
   * The first fault in how the store keeps a generation of these collections, in words; `undefined` if there is none. It covers pages, indexes and
   * descriptions. Only a fold of the log can tell whether documents are right.
   */
  structuralFault(generation: string, collections: readonly CollectionSpec[]): Promise<string | undefined>;
  /**
   * Writes the documents (those of the first named collection before all others), then heads, which never move back, then the checkpoint. Writes nothing if the
   * stored checkpoint is not the one that the save follows. If an older copy of the store is restored meanwhile, its checkpoint stays as it is.
   * @throws {StaleWrite} a document or the checkpoint is not the one folded from: fold again from the stored checkpoint
   */
  save(generation: string, save: Save): Promise<void>;
  close(): Promise<void>;
}

/** Somebody else changed a document or the checkpoint. Some of the writes may have been made; a new fold from the stored checkpoint repairs that. */
export class StaleWrite extends Error {
  override readonly name = 'StaleWrite';
}
/** The read models can't be reached for now; a retry a little later mostly succeeds. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}
/** The cursor is not one of an earlier answer to this query. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}
/** A query names a field that its collection does not declare for that use. */
export class UndeclaredField extends Error {
  override readonly name = 'UndeclaredField';
}

/** Whether a stored checkpoint has the offsets that a save continues from. */
export function follows(stored: Checkpoint | undefined, { checkpoint, follows: from }: Pick<Save, 'checkpoint' | 'follows'>): boolean {
  return Object.keys(checkpoint).every((partition) => stored?.[partition] === from?.[partition]);
}

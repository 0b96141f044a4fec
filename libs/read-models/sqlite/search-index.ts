import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** The number of consecutive characters in one entry of the index. */
const gramLength = 4;
/** The index can't narrow the search for a text of fewer characters. */
const shortest = 3;
/** Appended to a text, so that an entry begins at its third last character too. */
const end = '\u{e0ff}';
/** A search with more matches than this doesn't use the index: a scan in the order of the query meets enough of them. */
const fewFound = 20_000;
/** A term in at most this many documents is rare. A search uses up to {@link rarest} rare terms and no others. */
const rareEnough = 1_000;
const rarest = 3;
/** A search considers at most this many of its terms. More would not narrow it further, and would take longer to count. */
const counted = 16;
/** Pages per transaction while the index is merged. */
const mergedAtOnce = 500;
/** Size and time to live (ms) of the cache of counts. Counting may take longer than reading a page, and an old count only makes a search slower. */
const remembered = { max: 50_000, ttl: 600_000 } as const;

/**
 * Finds the documents of a table that may contain a text. It indexes every four consecutive characters (a gram) as one word of SQLite's FTS5, without the text
 * or the positions in it. The caller must check each document found: it may have the grams but not the text.
 */
export class SearchIndex {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;
  private readonly sql: string;
  /** The number of rows by search expression. Made by the first count, because it reserves its whole size at once. */
  private counts: LRUCache<string, number> | undefined;
  private readonly command: StatementSync;
  private readonly changes: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    private readonly table: string,
  ) {
    this.insert = database.prepare(`INSERT INTO ${table}_search (rowid, grams) VALUES (?, ?)`);
    this.remove = database.prepare(`DELETE FROM ${table}_search WHERE rowid = ?`);
    this.command = database.prepare(`INSERT INTO ${table}_search (${table}_search, rank) VALUES (?, ?)`);
    this.changes = database.prepare('SELECT total_changes() AS changes');
    this.sql = `SELECT rowid AS found FROM ${table}_search WHERE ${table}_search MATCH ?`;
    this.count = database.prepare(`SELECT count(*) AS count FROM (${this.sql} LIMIT ?)`);
  }

  static create(database: DatabaseSync, table: string): void {
    database.exec(
      `CREATE VIRTUAL TABLE ${table}_search USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
    );
  }
  static drop(database: DatabaseSync, table: string): void {
    database.exec(`DROP TABLE ${table}_search`);
  }

  add(row: number | bigint, text: string): void {
    this.insert.run(row, gramsOf(wordCharacters(text + end)).join(' '));
  }
  replace(row: number, text: string): void {
    this.remove.run(row);
    this.add(row, text);
  }

  /** Merges the segments of the index into one, in transactions of its own, because a search reads every segment. */
  merge(): void {
    for (let pages = -mergedAtOnce; ; pages = mergedAtOnce) {
      const before = this.changed();
      this.command.run('merge', pages);
      // https://www.sqlite.org/fts5.html#the_merge_command: a difference of less than two means that nothing was left to merge.
      if (this.changed() - before < 2) return;
    }
  }

  /**
   * The number of the first row whose entries in the index differ from those of its text, `undefined` if there is none. It ignores rows that are only in the
   * index: a search checks rows of the table only.
   */
  firstDifference(texts: Iterable<{ row: number; text: string }>): number | undefined {
    const sums = this.indexed();
    for (const { row, text } of texts) {
      const entries = new Set(gramsOf(wordCharacters(text + end)));
      if ((sums.get(row) ?? 0) !== sumOf(entries)) return row;
    }
    return undefined;
  }

  /** By row, the sum of its entries' checksums: the entries themselves would not fit in memory. */
  private indexed(): Map<number, number> {
    const vocabulary = `temp.${this.table}_entries`;
    this.database.exec(`CREATE VIRTUAL TABLE ${vocabulary} USING fts5vocab(main, ${this.table}_search, instance)`);
    try {
      const sums = new Map<number, number>();
      for (const { term, doc } of this.database.prepare(`SELECT term, doc FROM ${vocabulary}`).iterate()) {
        const row = Number(doc);
        sums.set(row, (sums.get(row) ?? 0) + crc32(String(term)));
      }
      return sums;
    } finally {
      this.database.exec(`DROP TABLE ${vocabulary}`);
    }
  }

  /** The query for the rows that may contain a text, as `found`; `undefined` if they are many, or if the text is too short for the index. */
  few(text: string): { sql: string; match: string } | undefined {
    const characters = wordCharacters(text);
    if (characters.length < shortest) return undefined;
    const terms =
      characters.length < gramLength
        ? [`"${characters.join('')}"*`]
        : [...new Set(gramsOf(characters))].slice(0, counted).map((gram) => `"${gram}"`);
    // Common terms are left out if there are rarer ones: their entries would be read from end to end, and narrow the result little.
    const rare = this.rareIn(terms) ?? this.rarestOf(terms);
    if (rare) return { sql: this.sql, match: allOf(rare) };
    const match = allOf(terms);
    return this.rowsWith(match, fewFound) > fewFound ? undefined : { sql: this.sql, match };
  }

  private rareIn(terms: readonly string[]): string[] | undefined {
    const rare: string[] = [];
    for (const term of terms) {
      if (this.rowsWith(term, rareEnough) > rareEnough) continue;
      rare.push(term);
      if (rare.length === rarest) break;
    }
    return rare.length > 0 ? rare : undefined;
  }

  private rarestOf(terms: readonly string[]): string[] | undefined {
    const rare = terms
      .map((term) => ({ term, rows: this.rowsWith(term, fewFound) }))
      .filter(({ rows }) => rows <= fewFound)
      .sort((one, other) => one.rows - other.rows)
      .slice(0, rarest)
      .map(({ term }) => term);
    return rare.length > 0 ? rare : undefined;
  }

  /** The number of rows that match, or did a short time ago; counted up to `most` + 1. */
  private rowsWith(match: string, most: number): number {
    const asked = `${most} ${match}`;
    this.counts ??= new LRUCache(remembered);
    const known = this.counts.get(asked);
    if (known !== undefined) return known;
    const rows = Number(this.count.get(match, most + 1)?.['count']);
    this.counts.set(asked, rows);
    return rows;
  }

  private changed(): number {
    return Number(this.changes.get()?.['changes']);
  }
}

const allOf = (terms: readonly string[]): string => terms.join(' AND ');

/** The characters of a text as word characters of the tokenizer: other ASCII characters are moved to Unicode's private use area. */
function wordCharacters(text: string): string[] {
  return Array.from(text, (character) =>
    character > '\x7f' || /[a-z0-9]/.test(character) ? character : String.fromCharCode(0xe000 + character.charCodeAt(0)),
  );
}

function gramsOf(characters: readonly string[]): string[] {
  const grams: string[] = [];
  for (let from = 0; from + gramLength <= characters.length; from++) grams.push(characters.slice(from, from + gramLength).join(''));
  return grams;
}

function sumOf(entries: Iterable<string>): number {
  let sum = 0;
  for (const entry of entries) sum += crc32(entry);
  return sum;
}

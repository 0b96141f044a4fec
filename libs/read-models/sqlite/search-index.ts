import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** So many characters that follow one another are one entry of the index. */
const gramLength = 4;
/** A text of fewer characters may be anywhere. */
const shortest = 3;
/** Follows a text, so that its last three characters begin an entry too. */
const end = '\u{e0ff}';
/** A search that finds more than so many documents meets enough of them where it reads in the order asked for. */
const fewFound = 20_000;
/** Terms that no more than so many documents have are rare enough: a search looks for three of them, and for nothing that more have. */
const rareEnough = 1_000;
const rarest = 3;
/** Of so many of its terms a search looks for the rarest where none is rare enough; more would not find less, and take longer to count. */
const counted = 16;
/** How many pages one transaction writes while the index is merged. */
const mergedAtOnce = 500;
/** How many of the counts are remembered, and for how many milliseconds: counting may take longer than reading a page, and only says what to look for. */
const remembered = { max: 50_000, ttl: 600_000 } as const;

/**
 * Which documents of a table may hold a text: an index of every four characters that follow one another, each a word of SQLite's FTS5. It keeps neither
 * text nor places. What it finds is to be looked at: it may hold the grams, and not the text.
 */
export class SearchIndex {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;
  private readonly sql: string;
  /** How many rows have a gram. */
  private readonly counts = new LRUCache<string, number>(remembered);
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

  /** Makes one of the parts that the index has grown to, in transactions of its own: a search looks into each. */
  merge(): void {
    for (let pages = -mergedAtOnce; ; pages = mergedAtOnce) {
      const before = this.changed();
      this.command.run('merge', pages);
      // https://www.sqlite.org/fts5.html#the_merge_command: a difference of less than two says that nothing was left to merge.
      if (this.changed() - before < 2) return;
    }
  }

  /**
   * The first row (by its number) that the index does not find by exactly the entries that its text makes, `undefined` if there is none. Rows that the
   * index alone knows are left out: a search looks at rows of the table only.
   */
  firstDifference(texts: Iterable<{ row: number; text: string }>): number | undefined {
    const sums = this.indexed();
    for (const { row, text } of texts) {
      const entries = new Set(gramsOf(wordCharacters(text + end)));
      if ((sums.get(row) ?? 0) !== sumOf(entries)) return row;
    }
    return undefined;
  }

  /** By row, the sum of checksums of its entries: a list of them all would not fit in memory. */
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

  /** What finds the rows that may hold a text, as `found`, where they are few; `undefined` where they are many, or the text too short to say. */
  few(text: string): { sql: string; match: string } | undefined {
    const characters = wordCharacters(text);
    if (characters.length < shortest) return undefined;
    const terms =
      characters.length < gramLength
        ? [`"${characters.join('')}"*`]
        : [...new Set(gramsOf(characters))].slice(0, counted).map((gram) => `"${gram}"`);
    // What many have is left out where it can be: it would be read from end to end, and leave out little more.
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

  /** How many rows match, or did not long ago; beyond `most` it does not matter. */
  private rowsWith(match: string, most: number): number {
    const asked = `${most} ${match}`;
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

/** The characters of a text, each as one that the tokenizer takes for a part of a word: those of ASCII that are none are moved where no language has any. */
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

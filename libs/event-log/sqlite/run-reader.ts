import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { hashOf, lastUpTo, mayHold, minuteOf, Page, pagesInSegment, type Entry } from './run-format.js';

type Segment = {
  readonly segment: number;
  readonly run: number;
  readonly first: number;
  readonly fences: Uint32Array;
  filter: Uint32Array;
};
/**
 * `firsts` are the first hashes of its segments, `filters` their filters in one piece, so that a look is one at memory, and `filterAt` where each begins, and
 * the last ends. Below `from` a run does not count.
 */
type Run = {
  readonly run: number;
  readonly from: number;
  readonly segments: readonly Segment[];
  readonly firsts: Uint32Array;
  readonly filters: Uint32Array;
  readonly filterAt: Uint32Array;
};

/** Looks values up in the runs, whose fences and filters it keeps in memory, in transactions of whoever calls. */
export class RunReader {
  /** Newest first. */
  private runs: readonly Run[] = [];
  private readonly segments = new Map<number, Segment>();
  private version = -1;
  private readonly getPage: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {
    this.getPage = database.prepare('SELECT bytes FROM pages WHERE page = ?');
  }

  /** Makes sure that this knows the runs as of `version`: what changed since it last did is read. */
  catchUp(version: number): void {
    if (this.version === version) return;
    const changed = new Set<number | undefined>();
    const all = this.database.prepare('SELECT segment, run, first, fences, filter FROM segments WHERE version > ?');
    for (const row of all.iterate(this.version)) {
      const segment = Number(row['segment']);
      changed.add(this.segments.get(segment)?.run);
      this.segments.delete(segment);
      if (row['run'] === null) continue;
      const run = Number(row['run']);
      changed.add(run);
      this.segments.set(segment, {
        segment,
        run,
        first: Number(row['first']),
        fences: wordsOf(row['fences']),
        filter: wordsOf(row['filter']),
      });
    }
    const known = new Map(this.runs.map((run) => [run.run, run]));
    const rows = this.database.prepare('SELECT run, from_hash FROM runs ORDER BY newest DESC, run').all();
    this.runs = rows.map((row) => {
      const run = Number(row['run']);
      const unchanged = changed.has(run) ? undefined : known.get(run);
      return { ...(unchanged ?? this.gather(run)), from: Number(row['from_hash']) };
    });
    this.version = version;
  }

  /** The value of a key, of the newest run that has it. */
  find(key: string): string | undefined {
    const hash = hashOf(key);
    for (const run of this.runs) {
      if (hash < run.from) continue;
      const index = lastUpTo(run.firsts, hash);
      if (index < 0 || !mayHold(run.filters, run.filterAt[index] ?? 0, run.filterAt[index + 1] ?? 0, hash)) continue;
      const segment = run.segments[index];
      const found = segment && this.findIn(segment, hash, key);
      if (found) return found.expires > minuteOf(this.now()) ? found.bytes.toString('utf8', found.keyEnd, found.end) : undefined;
    }
    return undefined;
  }

  private findIn({ segment, fences }: Segment, hash: number, key: string): Entry | undefined {
    const page = segment * pagesInSegment + lastUpTo(fences, hash);
    return Page.read(this.getPage, page).find(hash, key);
  }

  private gather(run: number): Omit<Run, 'from'> {
    const segments = [...this.segments.values()].filter((segment) => segment.run === run).sort((one, other) => one.first - other.first);
    const filterAt = new Uint32Array(segments.length + 1);
    segments.forEach(({ filter }, index) => {
      filterAt[index + 1] = (filterAt[index] ?? 0) + filter.length;
    });
    const filters = new Uint32Array(filterAt[segments.length] ?? 0);
    segments.forEach((segment, index) => {
      filters.set(segment.filter, filterAt[index]);
      segment.filter = filters.subarray(filterAt[index], filterAt[index + 1]);
    });
    return { run, segments, firsts: Uint32Array.from(segments, ({ first }) => first), filters, filterAt };
  }
}

function wordsOf(blob: SQLOutputValue | undefined): Uint32Array {
  return blob instanceof Uint8Array ? new Uint32Array(blob.buffer, blob.byteOffset, blob.byteLength / 4) : new Uint32Array();
}

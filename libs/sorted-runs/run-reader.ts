import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { hashOf, lastUpTo, mayHold, minuteOf, Page, pagesInSegment, type Entry } from './run-format.js';
import { checkSegments, runsIn, segmentIn, type RunsSaved, type StoredSegment } from './stored-runs.js';

type Segment = Readonly<Omit<StoredSegment, 'filter'>> & { filter: Uint32Array };
/**
 * `firsts`: the first hash of each segment. `filters`: the filters of all segments in one array, so that a look-up touches memory once. `filterAt`: the index
 * at which each filter begins, then the end of the last. Hashes below `from` are merged into another run already.
 */
type Run = {
  readonly run: number;
  readonly from: number;
  readonly segments: readonly Segment[];
  readonly firsts: Uint32Array;
  readonly filters: Uint32Array;
  readonly filterAt: Uint32Array;
};

/** Looks values up in the runs, in the caller's transactions. It holds fences and filters in memory. */
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

  /** Brings this reader up to the saved runs: reads the segments that have changed since the last call. @throws {RunsDamaged} */
  catchUp(saved: RunsSaved): void {
    if (this.version === saved.version) return;
    const changed = new Set<number | undefined>();
    const rows = this.database.prepare('SELECT * FROM segments WHERE version > ?');
    for (const row of rows.iterate(this.version)) {
      const number = Number(row['segment']);
      changed.add(this.segments.get(number)?.run);
      this.segments.delete(number);
      const segment = segmentIn(row);
      if (!segment) continue;
      changed.add(segment.run);
      this.segments.set(number, segment);
    }
    const known = new Map(this.runs.map((run) => [run.run, run]));
    this.runs = runsIn(this.database, saved).map((stored) => {
      const { run, from } = stored;
      const gathered = (changed.has(run) ? undefined : known.get(run)) ?? this.gather(run);
      checkSegments(stored, gathered.segments.length);
      return { ...gathered, from };
    });
    this.version = saved.version;
  }

  /** The value of a key, from the newest run that has it. */
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

  /** The keys of every page of every run, including deleted ones and those replaced in a newer run. */
  *keys(): Iterable<string[]> {
    for (const { segments } of this.runs)
      for (const { segment, run, fences } of segments)
        for (let page = 0; page < fences.length; page++) yield Page.read(this.getPage, segment * pagesInSegment + page, run).keys();
  }

  private findIn({ segment, run, fences }: Segment, hash: number, key: string): Entry | undefined {
    const page = segment * pagesInSegment + lastUpTo(fences, hash);
    return Page.read(this.getPage, page, run).find(hash, key);
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

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  filterOf,
  gone,
  hashLimit,
  hashOf,
  haveSameKey,
  expiryOf,
  minuteOf,
  Page,
  pagesInSegment,
  RunsDamaged,
  seal,
  SegmentBuilder,
  type Entry,
} from './run-format.js';
import { checkSegments, runsIn, runValues, segmentIn, segmentValues, type RunsSaved } from './stored-runs.js';

/** A value by its key; `undefined` deletes it. If it has `expires` (milliseconds since 1970), it is forgotten after that. */
export type StoredValue = { key: string; value: string | undefined; expires?: number };

/** Runs merged per tier; more runs slow look-ups, fewer rewrite values more often. */
const fanOut = 8;
/** Pages that every merge writes for each page of a save, so that a merge is done before its tier is full again. */
const mergeRate = 2;
/** The most values of a run: a hash and a value's index share one number for sorting. */
const indexLimit = 2 ** 21;

type Segment = { readonly segment: number; readonly first: number; readonly pages: number };
/** If two runs have a key, the newer one counts. Hashes below `from` no longer count: they are merged into another run already. */
type Run = { readonly run: number; readonly newest: number; from: number; segments: Segment[] };
/** Sources are ordered newest first. `oldest`: no run is older than the sources, so deleted values need no trace in the target. */
type Merge = { readonly sources: readonly Cursor[]; readonly target: Run; readonly oldest: boolean };
/** A segment that is being written. */
type Open = { readonly segment: number; readonly builder: SegmentBuilder };

const pagesOf = ({ segments }: Run): number => segments.reduce((sum, { pages }) => sum + pages, 0);
const tierOf = (run: Run): number => Math.floor(Math.log(Math.max(pagesOf(run), 1)) / Math.log(fanOut));

/** Writes runs and merges them, in the caller's transactions. */
export class RunWriter {
  /** The version of the last transaction that this writer knows; each change of runs takes the next. */
  version = -1;
  /** Newest first. */
  private runs: Run[] = [];
  private merges: Merge[] = [];
  /** Runs whose rows must be written. */
  private readonly touched = new Set<Run>();
  /** Segments that may be overwritten. */
  private free: number[] = [];
  private segments = 0;
  private readonly setRun: StatementSync;
  private readonly setSegment: StatementSync;
  private readonly setPage: StatementSync;
  private readonly getPage: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {
    this.setRun = database.prepare('REPLACE INTO runs VALUES (?, ?, ?, ?, ?)');
    this.setSegment = database.prepare('REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.setPage = database.prepare('INSERT INTO pages VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes');
    this.getPage = database.prepare('SELECT bytes FROM pages WHERE page = ?');
  }

  get merging(): boolean {
    return this.merges.length > 0;
  }

  /**
   * Brings this writer up to the saved runs. If it was behind, it begins the merges that were under way again, with the rest of their sources.
   * @throws {RunsDamaged}
   */
  catchUp(saved: RunsSaved): void {
    if (this.version === saved.version) return;
    const stored = runsIn(this.database, saved);
    const runs = new Map(stored.map(({ run, newest, from }): [number, Run] => [run, { run, newest, from, segments: [] }]));
    const seen = new Set<number>();
    this.free = [];
    for (const row of this.database.prepare('SELECT * FROM segments ORDER BY first').iterate()) {
      const number = Number(row['segment']);
      if (seen.has(number)) throw new RunsDamaged(`segment ${number} is there twice`);
      seen.add(number);
      const segment = segmentIn(row);
      const holder = segment && runs.get(segment.run);
      if (holder) holder.segments.push({ segment: number, first: segment.first, pages: segment.fences.length });
      else this.free.push(number);
    }
    for (const run of stored) checkSegments(run, runs.get(run.run)?.segments.length ?? 0);
    this.segments = seen.size === 0 ? 0 : [...seen].reduce((most, segment) => Math.max(most, segment)) + 1;
    this.runs = [...runs.values()];
    this.forgetWork();
    this.version = saved.version;
  }

  /** Forgets a transaction that was rolled back. */
  forget(): void {
    this.version = -1;
    this.forgetWork();
  }
  private forgetWork(): void {
    this.merges = [];
    this.touched.clear();
  }

  /** Writes the rows of the runs that the transaction has changed. @returns the number of runs */
  finish(): number {
    for (const run of this.touched) this.setRun.run(...runValues({ ...run, segments: run.segments.length }));
    this.touched.clear();
    return this.runs.length;
  }

  /** Writes the changed values as the newest run. @returns how many times to {@link advance} merges for it */
  add(changed: readonly StoredValue[]): number {
    let pages = 0;
    for (let from = 0; from < changed.length; from += indexLimit) {
      const run = this.newRun();
      this.write(run, changed.slice(from, from + indexLimit));
      this.runs.unshift(run);
      pages += pagesOf(run);
    }
    this.plan();
    return Math.ceil((mergeRate * pages) / pagesInSegment);
  }

  /** Advances every merge that is under way by one segment. */
  advance(): void {
    this.version++;
    for (const merge of this.merges) this.advanceMerge(merge);
    this.plan();
  }

  /** Removes all runs; their pages stay in the file, to be overwritten. */
  clear(): void {
    const version = this.version + 1;
    this.database.exec('DELETE FROM runs');
    this.database.prepare("UPDATE segments SET run = NULL, version = ?, fences = x'', filter = x'', checksum = NULL").run(version);
    this.catchUp({ version, runs: 0 });
  }

  private newRun(newest?: number): Run {
    const number = ++this.version;
    const run = { run: number, newest: newest ?? number, from: 0, segments: [] };
    this.touched.add(run);
    return run;
  }

  private write(run: Run, changed: readonly StoredValue[]): void {
    const order = new Float64Array(changed.length);
    changed.forEach(({ key }, index) => {
      order[index] = hashOf(key) * indexLimit + index;
    });
    let bytes = Buffer.allocUnsafe(64 * 1024);
    let open = this.openSegment(run);
    let last = -1;
    for (const ordered of order.sort()) {
      const hash = Math.floor(ordered / indexLimit);
      const { key = '', value, expires } = changed[ordered % indexLimit] ?? {};
      const most = 3 * (key.length + (value?.length ?? 0));
      if (most > bytes.length) bytes = Buffer.allocUnsafe(2 * most);
      const keyEnd = bytes.write(key, 0);
      const end = value === undefined ? keyEnd : keyEnd + bytes.write(value, keyEnd);
      const expiry = value === undefined ? gone : expiryOf(expires);
      if (open.builder.full && hash !== last) {
        this.close(run, open);
        open = this.openSegment(run);
      }
      open.builder.add({ hash, expires: expiry, bytes, start: 0, keyEnd, end });
      last = hash;
    }
    this.close(run, open);
  }

  /**
   * Begins every merge that is due: of at least {@link fanOut} neighbouring runs that no merge uses yet. A run of a higher tier than all newer runs begins a
   * new group of neighbours.
   */
  private plan(): void {
    let [tier, group]: [number, Run[]] = [0, []];
    const groups = [group];
    for (const run of this.runs) {
      const merging = this.merges.some(({ sources, target }) => target === run || sources.some((source) => source.run === run));
      if (merging || tierOf(run) > tier) {
        group = [];
        groups.push(group);
      }
      tier = Math.max(tier, tierOf(run));
      if (!merging) group.push(run);
    }
    for (const sources of groups) {
      const [newest] = sources;
      if (!newest || sources.length < fanOut) continue;
      const oldest = sources.at(-1) === this.runs.at(-1);
      const target = this.newRun(newest.newest);
      this.runs.splice(this.runs.indexOf(newest), 0, target);
      this.merges.push({ sources: sources.map((run) => new Cursor(run, this.getPage)), target, oldest });
    }
  }

  private advanceMerge({ sources, target, oldest }: Merge): void {
    const now = minuteOf(this.now());
    const open = this.openSegment(target);
    let hash = lowestOf(sources);
    for (; hash < hashLimit && !open.builder.full; hash = lowestOf(sources)) {
      const seen: Entry[] = [];
      for (const source of sources)
        while (source.hash === hash) {
          const { entry } = source;
          source.next();
          if (!entry || seen.some((newer) => haveSameKey(newer, entry))) continue;
          seen.push(entry);
          if (entry.expires > now) open.builder.add(entry);
          else if (!oldest) open.builder.add({ ...entry, expires: gone, end: entry.keyEnd });
        }
    }
    this.close(target, open);
    for (const source of sources) this.leaveBehind(source, hash);
    if (hash < hashLimit) return;
    this.merges = this.merges.filter((merge) => merge.target !== target);
    if (target.segments.length === 0) this.drop(target);
  }

  /** Marks the merged part of a run, which no longer counts, and frees its segments. */
  private leaveBehind(source: Cursor, from: number): void {
    const { run } = source;
    for (const { segment } of source.takePassed()) {
      this.setSegment.run(segment, null, 0, this.version, nothing, nothing, null);
      this.free.push(segment);
    }
    run.from = from;
    if (from === hashLimit) this.drop(run);
    else this.touched.add(run);
  }

  private drop(run: Run): void {
    this.database.prepare('DELETE FROM runs WHERE run = ?').run(run.run);
    this.touched.delete(run);
    this.runs = this.runs.filter((other) => other !== run);
  }

  /** Opens a segment, which {@link close} makes part of the run. */
  private openSegment({ run }: Run): Open {
    const segment = this.free.pop() ?? this.segments++;
    const builder = new SegmentBuilder((index, bytes) => {
      const page = segment * pagesInSegment + index;
      seal(bytes, page, run);
      this.setPage.run(page, bytes);
    });
    return { segment, builder };
  }
  private close(run: Run, { segment, builder }: Open): void {
    builder.finish();
    const { fences, hashes } = builder;
    const [first] = fences;
    if (first === undefined) this.free.push(segment);
    else {
      const filled = { segment, run: run.run, first, version: this.version, fences: bytesOf(Uint32Array.from(fences)) };
      this.setSegment.run(...segmentValues({ ...filled, filter: bytesOf(filterOf(hashes)) }));
      this.touched.add(run);
      run.segments.push({ segment, first, pages: fences.length });
    }
  }
}

/** Goes through the entries of a run that still count. */
class Cursor {
  /** The hash of the current entry, {@link hashLimit} after the last. */
  hash = -1;
  private page: Page | undefined;
  private entryAt = 0;
  private pageAt = -1;
  private segmentAt = 0;

  constructor(
    readonly run: Run,
    private readonly getPage: StatementSync,
  ) {
    do this.next();
    while (this.hash < run.from);
  }

  /** The current entry. */
  get entry(): Entry | undefined {
    return this.page?.entry(this.entryAt);
  }

  next(): void {
    this.entryAt++;
    if (!this.page || this.entryAt >= this.page.count) this.nextPage();
    this.hash = this.page?.hash(this.entryAt) ?? hashLimit;
  }

  /** Takes the segments that it has passed away from the run, and returns them. */
  takePassed(): Segment[] {
    const passed = this.run.segments.splice(0, this.segmentAt);
    this.segmentAt = 0;
    return passed;
  }

  private nextPage(): void {
    this.entryAt = 0;
    this.pageAt++;
    if (this.pageAt === this.run.segments[this.segmentAt]?.pages) {
      this.pageAt = 0;
      this.segmentAt++;
    }
    const segment = this.run.segments[this.segmentAt];
    this.page = segment && Page.read(this.getPage, segment.segment * pagesInSegment + this.pageAt, this.run.run);
  }
}

function lowestOf(cursors: readonly Cursor[]): number {
  let lowest = hashLimit;
  for (const { hash } of cursors) if (hash < lowest) lowest = hash;
  return lowest;
}

const nothing = new Uint8Array();
const bytesOf = ({ buffer }: Uint32Array<ArrayBuffer>): Uint8Array => new Uint8Array(buffer);

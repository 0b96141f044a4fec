import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import {
  LogFenced,
  LogUnavailable,
  OutcomeUnknown,
  start,
  type Entry,
  type EventLog,
  type LogWriter,
  type NewEntry,
  type Offset,
} from '../../libs/event-log/ports.js';
import type { Seams } from './defects.js';
import type { Fault } from './faults.js';
import type { LedgerPromises } from './promises.js';
import type { Scheduler, SimulatedProcess } from './scheduler.js';

/** The fates of an append on the network. */
const fates = ['done', 'done', 'done', 'done', 'done', 'refused', 'half done', 'answer lost', 'request lost', 'late'] as const;
const faultsOf: Readonly<Record<(typeof fates)[number], readonly Fault[]>> = {
  done: [],
  refused: ['append failed before it was written'],
  'half done': ['append failed halfway'],
  'answer lost': ['append failed after it was written', 'append of unknown outcome'],
  'request lost': ['append failed before it was written', 'append of unknown outcome'],
  late: ['append came late', 'append of unknown outcome'],
};

/** The event log behind a network that loses, holds and delays requests. */
export class SimulatedLog {
  readonly memory: MemoryEventLog;
  private readonly written: EventLog;
  /** Appends that the oracle has not checked yet. */
  readonly appended: { process: SimulatedProcess; partition: number; entries: readonly Entry[] }[] = [];
  private readonly writers = new Map<number, object>();
  /** The partitions that each process was fenced from and has not been assigned since. */
  private readonly fenced = new WeakMap<SimulatedProcess, Set<number>>();

  constructor(
    private readonly scheduler: Scheduler,
    partitions: number,
    private readonly promises: LedgerPromises,
    seams: Pick<Seams, 'log'>,
  ) {
    this.memory = new MemoryEventLog({ partitions });
    this.written = seams.log(this.memory);
  }

  /** Notes that a partition was assigned to a process. */
  entitle(process: SimulatedProcess, partition: number): void {
    this.fenced.get(process)?.delete(partition);
  }

  /** The log as a process sees it. */
  as(process: SimulatedProcess): EventLog {
    const { memory } = this;
    return {
      partitions: memory.partitions,
      read: (partition, after) => this.read(process, partition, after),
      follow: (partition, after, signal) => this.follow(process, partition, after, signal),
      end: (partition) => memory.end(partition),
      acquire: (partition, signal) => this.acquire(process, partition, signal),
      close: () => Promise.resolve(),
    };
  }

  private async *read(process: SimulatedProcess, partition: number, after: Offset): AsyncIterable<Entry[]> {
    for await (const entries of this.memory.read(partition, after))
      for (let left = entries; left.length > 0;) {
        await process.moment(`reads partition ${partition}`);
        if (this.scheduler.choices.oneIn(40)) throw this.outOfReach();
        const count = left.length - this.scheduler.choices.below(left.length);
        yield left.slice(0, count);
        left = left.slice(count);
      }
  }

  private async *follow(process: SimulatedProcess, partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]> {
    for await (const entries of this.memory.follow(partition, after, signal))
      for (let left = entries; left.length > 0;) {
        await process.moment(`follows partition ${partition}`, partition);
        if (this.scheduler.choices.oneIn(30)) await this.hearsLate(process, signal);
        if (signal.aborted) return;
        if (this.scheduler.choices.oneIn(40)) throw this.outOfReach();
        const count = left.length - this.scheduler.choices.below(left.length);
        if (count < left.length) this.scheduler.inject('slow follower');
        yield left.slice(0, count);
        left = left.slice(count);
      }
  }

  /** A follower gets entries late. */
  private hearsLate(process: SimulatedProcess, signal: AbortSignal): Promise<void> {
    this.scheduler.inject('stale follower');
    this.scheduler.tell(`  ${process.name} hears nothing for a while`);
    return process.wait(1_000 * (1 + this.scheduler.choices.below(30)), signal);
  }
  private outOfReach(): LogUnavailable {
    this.scheduler.inject('log out of reach');
    return new LogUnavailable('the log can’t be reached');
  }

  private async acquire(process: SimulatedProcess, partition: number, signal: AbortSignal | undefined): Promise<LogWriter> {
    this.promises.hold(
      this.fenced.get(process)?.has(partition) !== true,
      () => `${process.name} was fenced and took partition ${partition} over again`,
    );
    await process.moment(`takes partition ${partition} over`);
    if (this.scheduler.choices.oneIn(12)) throw this.outOfReach();
    const inner = await this.written.acquire(partition, signal);
    this.writers.set(partition, inner);
    this.scheduler.tell(`  partition ${partition} is written by ${process.name}`);
    await process.moment(`has taken partition ${partition} over`);
    return { append: (entries) => this.append(process, partition, inner, entries) };
  }

  private append(process: SimulatedProcess, partition: number, inner: LogWriter, entries: readonly NewEntry[]): Promise<Offset[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Offset[]>();
    const unknown = () => new OutcomeUnknown('the answer to an append was lost');
    const answer = (how: () => void) => void process.moment('hears of its append').then(how);
    const arrive = async () => {
      const fate = this.scheduler.choices.of(fates);
      this.scheduler.tell(`  it is ${fate}`);
      for (const fault of faultsOf[fate]) this.scheduler.inject(fault);
      if (fate === 'half done') this.memory.useUp(partition, 2);
      if (fate === 'refused' || fate === 'half done') {
        answer(() => {
          reject(new LogUnavailable('the log takes nothing'));
        });
        return;
      }
      const written = () => this.write(process, partition, inner, entries);
      if (fate === 'late') this.scheduler.onTheWay(`an append of ${process.name} comes late`, () => void written().catch(() => undefined));
      if (fate === 'request lost' || fate === 'late') {
        answer(() => {
          reject(unknown());
        });
        return;
      }
      try {
        const offsets = await written();
        answer(() => {
          if (fate === 'answer lost') reject(unknown());
          else resolve(offsets);
        });
      } catch (error) {
        answer(() => {
          if (error instanceof LogFenced) this.fence(process, partition);
          reject(Error.isError(error) ? error : new Error(String(error)));
        });
      }
    };
    process.send(`an append of ${entries.length} by ${process.name} to partition ${partition} arrives`, () => void arrive());
    return promise;
  }

  private fence(process: SimulatedProcess, partition: number): void {
    this.fenced.set(process, (this.fenced.get(process) ?? new Set()).add(partition));
  }

  private async write(process: SimulatedProcess, partition: number, inner: LogWriter, entries: readonly NewEntry[]): Promise<Offset[]> {
    const isOwner = this.writers.get(partition) === inner;
    const offsets = await inner.append(entries);
    this.scheduler.tell(`  ${entries.length} entries of ${process.name} lie in partition ${partition} at ${offsets.join(', ')}`);
    this.promises.hold(isOwner, () => `${process.name} wrote partition ${partition}, which another process had taken over`);
    this.appended.push({ process, partition, entries: entries.map((entry, index) => ({ ...entry, offset: offsets[index] ?? start })) });
    return offsets;
  }
}

/** Decides what happens next, one event at a time, in a world of processes, a network between them and a clock that only moves when told. */
import { setImmediate as turn } from 'node:timers/promises';
import { dayIn, fiscalYearOf } from '../../libs/domain/calendar.js';
import type { FiscalYear } from '../../libs/domain/vocabulary.js';
import type { Wait } from '../../libs/command-processing/wait.js';
import type { Choices } from './choices.js';
import { noFaults, type Fault } from './faults.js';

/** The year of a moment in the programmes' time zone. */
export const yearAt = (milliseconds: number): FiscalYear => fiscalYearOf(dayIn('Asia/Bishkek', milliseconds));

/** An event of a process, or of the network between two. The latter has no process, and no crash prevents it. */
type Event = {
  process: SimulatedProcess | undefined;
  due: number;
  label: string;
  /** Set if it delivers something of one partition. */
  partition?: number | undefined;
  happen: () => void;
};

/** A process that can be paused and ended at any await. After its end no await resolves until the history is over. */
export class SimulatedProcess {
  alive = true;
  paused = false;
  /** The milliseconds that its clock is ahead. */
  ahead = 0;

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
  ) {}

  /** The years that its clock has shown, in the programmes' time zone. */
  readonly years = new Set<FiscalYear>();

  now = (): number => {
    const shown = this.scheduler.now + this.ahead;
    this.years.add(yearAt(shown));
    return shown;
  };
  wait: Wait = (milliseconds, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
      this.scheduler.add({ process: this, due: this.scheduler.now + milliseconds, label: `${this.name} has waited`, happen: resolve });
    });
  /** Resolves when the scheduler chooses it. Here the process can be paused or ended. */
  moment(label: string, partition?: number): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.add({ process: this, due: 0, label: `${this.name} ${label}`, partition, happen: resolve });
    });
  }
  /** Sends something that arrives even if this process ends meanwhile. */
  send(label: string, arrive: () => void): void {
    if (this.alive) this.scheduler.onTheWay(label, arrive);
  }
  end(): void {
    this.alive = false;
    this.scheduler.forget(this);
  }
  /** Aborted once the history is over. */
  get historyOver(): AbortSignal {
    return this.scheduler.over.signal;
  }
}

export class Scheduler {
  now = Date.parse('2024-06-01T06:00:00.000Z');
  /** The events in words, if requested. */
  readonly told: string[] = [];
  /** The number of injections of each fault. */
  readonly injected = noFaults();
  private events: Event[] = [];
  /** Aborted once the history is over, so that nothing of it waits, or stays in memory. */
  readonly over = new AbortController();

  constructor(
    readonly choices: Choices,
    private readonly telling: boolean,
  ) {}

  /** Ends the history. */
  close(): void {
    this.over.abort();
    this.events = [];
  }

  tell(what: string): void {
    if (this.telling) this.told.push(what);
  }
  /** Counts an injected fault. */
  inject(fault: Fault): void {
    this.injected[fault]++;
  }
  add(event: Event): void {
    if (event.process?.alive !== false) this.events.push(event);
  }
  /** An event on the network happens some time, even if the sender ends. */
  onTheWay(label: string, happen: () => void): void {
    this.add({ process: undefined, due: 0, label, happen });
  }
  forget(process: SimulatedProcess): void {
    this.events = this.events.filter((event) => event.process !== process);
  }

  /** Runs one event that is due; false if none is due before the clock moves. */
  async step(): Promise<boolean> {
    const ready = this.events.filter(({ process, due }) => due <= this.now && process?.paused !== true);
    const chosen = this.choices.below(Math.max(1, Math.min(ready.length, 12)));
    const event = ready[chosen];
    if (!event) return false;
    const { partition } = event;
    const overtaken = ready.slice(0, chosen).some((other) => other.partition !== undefined && other.partition !== partition);
    if (partition !== undefined && overtaken) this.inject('deliveries of partitions reordered');
    this.events.splice(this.events.indexOf(event), 1);
    this.tell(event.label);
    event.happen();
    await this.settle();
    return true;
  }

  /** Moves the clock to the next event. */
  async wake(): Promise<void> {
    const due = this.events.filter(({ process, due }) => due > this.now && process?.paused !== true).map((event) => event.due);
    if (due.length > 0) this.now = Math.min(...due);
    await this.settle();
  }

  /** Waits until everything waits for the scheduler: nothing else takes more than two turns of the event loop. */
  async settle(): Promise<void> {
    await turn();
    await turn();
  }
}

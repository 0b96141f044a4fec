/** Decides what happens next, one thing at a time, in a world of processes, a network between them and a clock that only moves when told. */
import { setImmediate as turn } from 'node:timers/promises';
import { dayIn, fiscalYearOf } from '../../libs/domain/calendar.js';
import type { FiscalYear } from '../../libs/domain/vocabulary.js';
import type { Wait } from '../../libs/command-processing/wait.js';
import type { Choices } from './choices.js';
import { noFaults, type Fault } from './faults.js';

/** The year of a moment where the programmes are. */
export const yearAt = (milliseconds: number): FiscalYear => fiscalYearOf(dayIn('Asia/Bishkek', milliseconds));

/** Something that can happen: to a process, or on the way between two, where it has no process and no crash prevents it. */
type Event = {
  process: SimulatedProcess | undefined;
  due: number;
  label: string;
  /** Where it brings something of one partition. */
  partition?: number | undefined;
  happen: () => void;
};

/** A process that can be paused and ended at any await. Whatever it awaits after its end never comes. */
export class SimulatedProcess {
  alive = true;
  paused = false;
  /** How far its clock is ahead, in milliseconds. */
  ahead = 0;

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
  ) {}

  /** The years that its clock has shown, where the programmes are. */
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
  /** Resolves when its turn comes: where it can be paused, and where it can end. */
  moment(label: string, partition?: number): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.add({ process: this, due: 0, label: `${this.name} ${label}`, partition, happen: resolve });
    });
  }
  /** Sends something off, which arrives whatever becomes of this process meanwhile. */
  send(label: string, arrive: () => void): void {
    if (this.alive) this.scheduler.onTheWay(label, arrive);
  }
  end(): void {
    this.alive = false;
    this.scheduler.forget(this);
  }
}

export class Scheduler {
  now = Date.parse('2024-06-01T06:00:00.000Z');
  /** What happened, in words, where somebody wants to read it. */
  readonly told: string[] = [];
  /** How often what went wrong. */
  readonly injected = noFaults();
  private events: Event[] = [];

  constructor(
    readonly choices: Choices,
    private readonly telling: boolean,
  ) {}

  tell(what: string): void {
    if (this.telling) this.told.push(what);
  }
  /** Counts what is made to go wrong now. */
  inject(fault: Fault): void {
    this.injected[fault]++;
  }
  add(event: Event): void {
    if (event.process?.alive !== false) this.events.push(event);
  }
  /** What is on its way happens some time, whatever becomes of who sent it. */
  onTheWay(label: string, happen: () => void): void {
    this.add({ process: undefined, due: 0, label, happen });
  }
  forget(process: SimulatedProcess): void {
    this.events = this.events.filter((event) => event.process !== process);
  }

  /** Lets one thing happen that can; false where nothing can before time goes on. */
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

  /** Time goes on to when something can happen. */
  async wake(): Promise<void> {
    const due = this.events.filter(({ process, due }) => due > this.now && process?.paused !== true).map((event) => event.due);
    if (due.length > 0) this.now = Math.min(...due);
    await this.settle();
  }

  /** Until everything waits for the scheduler: nothing else takes more than two turns of the event loop. */
  async settle(): Promise<void> {
    await turn();
    await turn();
  }
}

import { MemoryStateStore } from '../../libs/event-log/memory/memory-state-store.js';
import type { StateStore } from '../../libs/event-log/ports.js';
import type { Scheduler, SimulatedProcess } from './scheduler.js';

type Saved = Parameters<StateStore['save']>;

/** A machine's state store: it outlives processes, and loses unsynced saves when the power fails. */
export class SimulatedStates {
  private memory = new MemoryStateStore();
  private saves: Saved[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** The store as a process sees it. */
  as(process: SimulatedProcess): StateStore {
    return {
      open: (partition) => this.memory.open(partition),
      read: (keys) => this.memory.read(keys),
      save: async (...saved) => {
        await process.moment('saves what it knows');
        if (this.scheduler.choices.oneIn(20)) {
          this.scheduler.inject('state store out of reach');
          throw new Error('the state store can’t be written');
        }
        await this.save(saved);
      },
      clear: () => {
        this.clear();
      },
      close: () => undefined,
    };
  }

  /** The power fails: the last saves may be lost. */
  async lose(): Promise<void> {
    const kept = this.saves.slice(0, this.saves.length - this.scheduler.choices.below(this.saves.length + 1));
    this.clear();
    for (const saved of kept) await this.save(saved);
  }
  clear(): void {
    this.memory = new MemoryStateStore();
    this.saves = [];
  }

  private async save([offset, heads, changed]: Saved): Promise<void> {
    this.saves.push([offset, heads, changed]);
    await this.memory.save(offset, heads, changed);
  }
}

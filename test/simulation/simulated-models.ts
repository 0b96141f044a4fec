import { MemoryReadModels } from '../../libs/read-models/memory/memory-read-models.js';
import { follows, StaleWrite, type ReadModels, type Save } from '../../libs/read-models/ports.js';
import type { Scheduler, SimulatedProcess } from './scheduler.js';

/** The read models behind a network: documents and the checkpoint are written one after the other, with any events in between. */
export class SimulatedModels {
  memory = new MemoryReadModels();
  /** All changes, so that an older copy can be restored. */
  private changes: ((models: MemoryReadModels) => Promise<unknown>)[] = [];
  /** The number of changes, and of drops of each generation. */
  changed = 0;
  private readonly drops = new Map<string, number>();

  constructor(private readonly scheduler: Scheduler) {}

  /** The read models as a process sees them. */
  as(process: SimulatedProcess): ReadModels {
    let connected = this.memory;
    const reading = async <T>(read: (models: MemoryReadModels) => Promise<T>): Promise<T> => {
      if (this.scheduler.choices.oneIn(4)) await process.moment('reads documents');
      if (this.scheduler.choices.oneIn(60)) throw this.outOfReach();
      return read(this.memory);
    };
    const changing = async <T>(change: (models: MemoryReadModels) => Promise<T>, what: string, check?: () => void): Promise<T> => {
      await process.moment(what);
      check?.();
      if (this.scheduler.choices.oneIn(30)) throw this.outOfReach();
      return this.change(change);
    };
    return {
      serving: () => reading((models) => models.serving()),
      generations: () => reading((models) => models.generations()),
      create: (generation, collections) => changing((models) => models.create(generation, collections), 'makes a generation'),
      serve: (generation) => changing((models) => models.serve(generation), 'lets a generation serve'),
      drop: async (generation) => {
        await changing((models) => models.drop(generation), 'drops a generation');
        this.drops.set(generation, this.dropsOf(generation) + 1);
      },
      markBuilt: (generation, partition) =>
        changing((models) => models.markBuilt(generation, partition), `has built partition ${partition}`),
      checkpoint: (generation) => reading((models) => models.checkpoint(generation)),
      heads: (generation) => reading((models) => models.heads(generation)),
      head: (generation, programme) => reading((models) => models.head(generation, programme)),
      get: (generation, collection, keys) => reading((models) => models.get(generation, collection, keys)),
      lookUp: (generation, collection, field, value) => reading((models) => models.lookUp(generation, collection, field, value)),
      find: (generation, collection, query) => reading((models) => models.find(generation, collection, query)),
      getShown: (generation, collection, key) => reading((models) => models.getShown(generation, collection, key)),
      getAllShown: (generation, collection, keys) => reading((models) => models.getAllShown(generation, collection, keys)),
      count: (generation, collection, conditions, most) => reading((models) => models.count(generation, collection, conditions, most)),
      findShown: (generation, collection, query) => reading((models) => models.findShown(generation, collection, query)),
      scan: (generation, collection) => this.memory.scan(generation, collection),
      structuralFault: (generation, specs) => this.memory.structuralFault(generation, specs),
      save: async (generation, save) => {
        const documents = documentsOf(save);
        const begun = this.memory;
        if (connected !== begun) {
          connected = begun;
          throw new StaleWrite('the store was away meanwhile');
        }
        // A generation that was dropped and created again is another one: a late save of the old one must not change it.
        const drops = this.dropsOf(generation);
        const refuseDropped = () => {
          if (this.dropsOf(generation) !== drops) throw new StaleWrite(`the generation ${generation} was dropped meanwhile`);
        };
        const refuseAnother = () => {
          if (this.memory !== begun) throw new StaleWrite('an older copy was put back meanwhile');
          refuseDropped();
        };
        if (!follows(await begun.checkpoint(generation), save)) throw new StaleWrite('another writer went on from the checkpoint');
        if (this.scheduler.choices.oneIn(15)) {
          this.scheduler.inject('documents half saved');
          await changing((models) => models.save(generation, halfOf(documents)), 'saves half its documents', refuseDropped);
          throw this.outOfReach();
        }
        await changing((models) => models.save(generation, documents), 'saves documents', refuseDropped);
        await changing((models) => models.save(generation, { ...save, writes: [] }), 'saves its checkpoint', refuseAnother);
      },
      close: () => Promise.resolve(),
    };
  }

  /** Restores an older copy. */
  async putBack(): Promise<void> {
    this.scheduler.inject('older read models put back');
    const kept = this.changes.slice(0, this.changes.length - this.scheduler.choices.below(Math.min(20, this.changes.length + 1)));
    this.memory = new MemoryReadModels();
    this.changes = [];
    for (const change of kept) await this.change(change).catch(() => undefined);
  }

  private dropsOf(generation: string): number {
    return this.drops.get(generation) ?? 0;
  }

  private async change<T>(change: (models: MemoryReadModels) => Promise<T>): Promise<T> {
    this.changed++;
    // A failed change may have taken effect in part.
    this.changes.push(change);
    return change(this.memory);
  }

  private outOfReach(): Error {
    this.scheduler.inject('read models out of reach');
    return new Error('the read models can’t be reached');
  }
}

/** Only the documents of a save. */
function documentsOf({ writes }: Save): Save {
  return { writes, heads: new Map(), checkpoint: {}, follows: undefined };
}
function halfOf(save: Save): Save {
  return { ...save, writes: save.writes.slice(0, Math.ceil(save.writes.length / 2)) };
}

import { MemoryReadModels } from '../../libs/read-models/memory/memory-read-models.js';
import { follows, StaleWrite, type ReadModels, type Save } from '../../libs/read-models/ports.js';
import type { Defect } from './defects.js';
import type { Scheduler, SimulatedProcess } from './scheduler.js';

/** The read models behind a network: documents and the checkpoint are written one after the other, and anything may happen between. */
export class SimulatedModels {
  memory = new MemoryReadModels();
  /** Everything that changed them, so that they can be put back to where they were. */
  private changes: ((models: MemoryReadModels) => Promise<unknown>)[] = [];
  /** How often they changed. */
  changed = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly defect: Defect | undefined,
  ) {}

  /** The read models as a process sees them. */
  as(process: SimulatedProcess): ReadModels {
    let connected = this.memory;
    const reading = async <T>(read: (models: MemoryReadModels) => Promise<T>): Promise<T> => {
      if (this.scheduler.choices.oneIn(4)) await process.moment('reads documents');
      if (this.scheduler.choices.oneIn(60)) throw new Error('the read models can’t be reached');
      return read(this.memory);
    };
    const changing = async <T>(change: (models: MemoryReadModels) => Promise<T>, what: string, begun?: MemoryReadModels): Promise<T> => {
      await process.moment(what);
      if (begun && this.memory !== begun) throw new StaleWrite('an older copy was put back meanwhile');
      if (this.scheduler.choices.oneIn(30)) throw new Error('the read models can’t be reached');
      return this.change(change);
    };
    return {
      serving: () => reading((models) => models.serving()),
      generations: () => reading((models) => models.generations()),
      create: (generation, collections) => changing((models) => models.create(generation, collections), 'makes a generation'),
      serve: (generation) => changing((models) => models.serve(generation), 'lets a generation serve'),
      drop: (generation) => changing((models) => models.drop(generation), 'drops a generation'),
      markBuilt: (generation, partition) =>
        changing((models) => models.markBuilt(generation, partition), `has built partition ${partition}`),
      checkpoint: (generation) => reading((models) => models.checkpoint(generation)),
      heads: (generation) => reading((models) => models.heads(generation)),
      head: (generation, programme) => reading((models) => models.head(generation, programme)),
      get: async (generation, collection, keys) => {
        const documents = await reading((models) => models.get(generation, collection, keys));
        return this.defect === 'fold what a document already holds' ? documents.map((one) => one && { ...one, position: 0 }) : documents;
      },
      lookUp: (generation, collection, field, value) => reading((models) => models.lookUp(generation, collection, field, value)),
      find: (generation, collection, query) => reading((models) => models.find(generation, collection, query)),
      getShown: (generation, collection, key) => reading((models) => models.getShown(generation, collection, key)),
      findShown: (generation, collection, query) => reading((models) => models.findShown(generation, collection, query)),
      scan: (generation, collection) => this.memory.scan(generation, collection),
      save: async (generation, save) => {
        const documents = this.documentsOf(generation, save);
        const checkpoint: Save = { ...save, writes: [] };
        const [first, second] = this.defect === 'checkpoint before document' ? [checkpoint, documents] : [documents, checkpoint];
        const begun = this.memory;
        if (connected !== begun) {
          connected = begun;
          throw new StaleWrite('the store was away meanwhile');
        }
        if (!follows(await begun.checkpoint(generation), save)) throw new StaleWrite('another writer went on from the checkpoint');
        if (this.scheduler.choices.oneIn(15)) {
          await changing((models) => models.save(generation, halfOf(first)), 'saves half its documents');
          throw new Error('the read models can’t be reached');
        }
        await changing((models) => models.save(generation, first), 'saves documents');
        await changing((models) => models.save(generation, second), 'saves its checkpoint', begun);
      },
      close: () => Promise.resolve(),
    };
  }

  /** An older copy is put back. */
  async putBack(): Promise<void> {
    const kept = this.changes.slice(0, this.changes.length - this.scheduler.choices.below(Math.min(20, this.changes.length + 1)));
    this.memory = new MemoryReadModels();
    this.changes = [];
    for (const change of kept) await this.change(change).catch(() => undefined);
  }

  private async change<T>(change: (models: MemoryReadModels) => Promise<T>): Promise<T> {
    this.changed++;
    // One that fails may have changed something by then.
    this.changes.push(change);
    return change(this.memory);
  }

  /** A save’s documents alone. */
  private documentsOf(generation: string, { writes }: Save): Save {
    const asStored = ({ collection, document }: Save['writes'][number]) => {
      const stored = this.memory.documents(generation, collection).get(document.key);
      return { collection, document, ...(stored && { replaces: stored.position }) };
    };
    return {
      writes: this.defect === 'fold what a document already holds' ? writes.map(asStored) : writes,
      heads: new Map(),
      checkpoint: {},
      follows: undefined,
    };
  }
}

function halfOf(save: Save): Save {
  return { writes: save.writes.slice(0, Math.ceil(save.writes.length / 2)), heads: new Map(), checkpoint: {}, follows: undefined };
}

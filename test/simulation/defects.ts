/** Defects planted in the ledger's own code, each where such a bug would occur, to show that the simulation finds them. */
import { registerHooks } from 'node:module';

/** Replaces a text that occurs once in a file of the build. */
type Mutation = { file: string; search: string; replace: string };

const mutations = {
  'answer before append': {
    file: 'libs/command-processing/processor.js',
    search: 'durable: durable.then(()=>decided',
    replace: 'durable: Promise.race([durable.catch(()=>undefined), undefined]).then(()=>decided',
  },
  'skip the fence': {
    file: 'libs/event-log/memory/memory-event-log.js',
    search: 'if (log.writer !== writer)',
    replace: 'if (false)',
  },
  'checkpoint before document': {
    file: 'libs/projections/folding.js',
    search: 'await this.written.save({',
    replace: `const { models, generation } = this.options;
        await models.save(generation, { writes: [], heads, checkpoint, follows: this.checkpoint });
        this.checkpoint = checkpoint;
        await this.written.save({`,
  },
  'forget deduplication on restart': {
    file: 'libs/command-processing/replay.js',
    search: 'forgotten: command.records[0].record.recordedAt <= remembered',
    replace: 'forgotten: true',
  },
  'drop a refusal': {
    file: 'libs/command-processing/decide-command.js',
    search: 'const { outcome, entries } = record(pending, workspace, recordedAt, [',
    replace: `return refusedAlone(command, refusal.code, refusal.message);
        const { outcome, entries } = record(pending, workspace, recordedAt, [`,
  },
  'stop at a command that can’t be decided': {
    file: 'libs/command-processing/decide-command.js',
    search: "alarm('a command could not be decided'",
    // An earlier bug: nothing caught an unknown time zone when the day was computed.
    replace: "if (error instanceof RangeError) throw error; alarm('a command could not be decided'",
  },
  'off by one in replay': {
    file: 'libs/command-processing/processor.js',
    search: 'this.options.log.read(this.options.partition, this.offset)',
    replace: 'this.options.log.read(this.options.partition, this.offset + 1)',
  },
  'fold what a document already holds': {
    file: 'libs/projections/totals/fold-totals.js',
    search: 'if (record.position <= one.seen) continue;',
    replace: '',
  },
  'date by the latest record': {
    file: 'libs/command-processing/decide-command.js',
    search: 'if (head && isBehind(clock, head.recordedAt))',
    replace: `if (head && isBehind(clock, head.recordedAt)) clock = { now: Date.parse(head.recordedAt) };
        if (false)`,
  },
  're-acquire after being fenced': {
    file: 'libs/command-processing/processor.js',
    search: 'if (cause instanceof LogUnavailable)',
    replace: 'if (cause instanceof LogUnavailable || cause instanceof LogFenced)',
  },
} as const satisfies Readonly<Record<string, Mutation>>;

export type Defect = keyof typeof mutations;
export const defects = Object.keys(mutations) as Defect[];

/** The code with a text replaced. @throws {Error} the text does not occur exactly once */
export function mutated(code: string, { file, search, replace }: Mutation): string {
  const found = code.split(search).length - 1;
  if (found !== 1) throw new Error(`${file} holds "${search}" ${found} times, not once`);
  return code.replace(search, () => replace);
}

/**
 * Plants a defect in the code that `load` loads. The code must not have been loaded before.
 * @throws {Error} the code has changed since the defect was written, or is not loaded
 */
export async function loadedWith<T>(defect: Defect | undefined, load: () => Promise<T>): Promise<T> {
  if (!defect) return load();
  const mutation = mutations[defect];
  const { href } = new URL(`../../${mutation.file}`, import.meta.url);
  const planted: string[] = [];
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== href) return loaded;
      planted.push(url);
      const { source = '' } = loaded;
      return { ...loaded, source: mutated(typeof source === 'string' ? source : new TextDecoder().decode(source), mutation) };
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
    if (planted.length === 0) throw new Error(`${mutation.file} was not loaded`);
  }
}

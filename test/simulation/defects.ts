/** Defects planted at the ledger's ports, each acting as such a bug would, to show that the simulation finds them. */
import type { Commands } from '../../libs/command-processing/commands.js';
import type { ProcessorOptions } from '../../libs/command-processing/processor-options.js';
import { LogFenced, LogUnavailable, type EventLog, type LogWriter } from '../../libs/event-log/ports.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import { programmes } from '../../libs/projections/totals/collections.js';

/** Where the assembled ledger can be changed: each takes a part of it and gives the part that is used. */
export type Seams = {
  /** The log itself, behind the network. */
  readonly log: (log: EventLog) => EventLog;
  /** What a processor works with. */
  readonly processor: <Options extends ProcessorOptions>(options: Options) => Options;
  /** The read models that projections write. */
  readonly models: (models: ReadModels) => ReadModels;
  /** The entry for commands. */
  readonly commands: (commands: Commands) => Commands;
};
const sound: Seams = {
  log: (log) => log,
  processor: (options) => options,
  models: (models) => models,
  commands: (commands) => commands,
};

const planted = {
  'answer before append': {
    processor: (options) => ({
      ...options,
      log: withWriters(options.log, async (writer, partition) => {
        let end = await options.log.end(partition);
        return {
          append: (entries) => {
            writer.append(entries).catch(() => undefined);
            return Promise.resolve(entries.map(() => ++end));
          },
        };
      }),
    }),
  },
  'skip the fence': {
    log: (log) =>
      withWriters(log, (writer, partition) => {
        let unfenced = writer;
        return {
          append: async (entries) => {
            try {
              return await unfenced.append(entries);
            } catch (error) {
              if (!(error instanceof LogFenced)) throw error;
              unfenced = await log.acquire(partition);
              return unfenced.append(entries);
            }
          },
        };
      }),
  },
  'checkpoint before document': {
    models: (models) => ({
      ...models,
      save: async (generation, save) => {
        await models.save(generation, { ...save, writes: [] });
        await models.save(generation, { ...save, follows: save.checkpoint });
      },
    }),
  },
  'forget deduplication on restart': {
    processor: (options) => ({
      ...options,
      states: {
        ...options.states,
        save: (offset, heads, changed) =>
          options.states.save(
            offset,
            heads,
            changed.filter(({ key }) => !key.startsWith('c/')),
          ),
      },
    }),
  },
  'drop a refusal': {
    commands: (commands) => ({
      submit: (command, how) => commands.submit(command, how),
      submitAll: async (all, how) => {
        const foreseen = await commands.submitAll(all, { dryRun: true });
        return foreseen.every(({ kind }) => kind === 'refused') ? foreseen : commands.submitAll(all, how);
      },
      submitAtomically: (all, how) => commands.submitAtomically(all, how),
      outcome: (programme, organisation, commandId) => commands.outcome(programme, organisation, commandId),
    }),
  },
  // An earlier bug: nothing caught an unknown time zone when the day was computed.
  'stop at a command that can’t be decided': {
    processor: (options) => ({
      ...options,
      alarm: (message, detail) => {
        if (detail.error instanceof RangeError) throw detail.error;
        options.alarm(message, detail);
      },
    }),
  },
  'skip an entry when it replays': {
    processor: (options) => {
      const { log } = options;
      let skipped = 0;
      return {
        ...options,
        log: {
          ...withWriters(log, (writer) => {
            skipped = 1;
            return writer;
          }),
          read: (partition, after) => {
            const from = after + skipped;
            skipped = 0;
            return log.read(partition, from);
          },
        },
      };
    },
  },
  'fold what a document already holds': {
    models: (models) => {
      const held = new Map<string, number>();
      return {
        ...models,
        get: async (generation, collection, keys) => {
          const documents = await models.get(generation, collection, keys);
          if (collection !== programmes.name) return documents;
          return documents.map((document) => {
            if (document) held.set(document.key, document.position);
            return document && { ...document, position: 0 };
          });
        },
        save: (generation, save) => {
          const writes = save.writes.map((write) => {
            const replaces = write.replaces === 0 ? held.get(write.document.key) : write.replaces;
            return { ...write, ...(replaces !== undefined && { replaces }) };
          });
          return models.save(generation, { ...save, writes });
        },
      };
    },
  },
  'date by the latest record': {
    processor: (options) => {
      const { log, states } = options;
      let latest = 0;
      const meet = (recordedAt: string | undefined) => {
        if (recordedAt !== undefined) latest = Math.max(latest, Date.parse(recordedAt));
      };
      return {
        ...options,
        now: () => Math.max(options.now(), latest),
        states: {
          ...states,
          open: (partition) => {
            const saved = states.open(partition);
            for (const { recordedAt } of saved?.heads.values() ?? []) meet(recordedAt);
            return saved;
          },
        },
        log: {
          ...withWriters(log, (writer) => ({
            append: (entries) => {
              for (const { recordedAt } of entries) meet(recordedAt);
              return writer.append(entries);
            },
          })),
          async *read(partition, after) {
            for await (const entries of log.read(partition, after)) {
              for (const { recordedAt } of entries) meet(recordedAt);
              yield entries;
            }
          },
        },
      };
    },
  },
  're-acquire after being fenced': {
    processor: (options) => ({
      ...options,
      log: withWriters(options.log, (writer) => ({
        append: (entries) =>
          writer.append(entries).catch((error: unknown) => {
            throw error instanceof LogFenced ? new LogUnavailable('fenced, and taken for an outage') : error;
          }),
      })),
    }),
  },
} as const satisfies Readonly<Record<string, Partial<Seams>>>;

export type Defect = keyof typeof planted;
export const defects = Object.keys(planted) as Defect[];

/** The seams of a ledger with a defect, or of a sound one. */
export function seamsWith(defect: Defect | undefined): Seams {
  return { ...sound, ...(defect && planted[defect]) };
}

/** A log whose writers are changed. */
function withWriters(log: EventLog, change: (writer: LogWriter, partition: number) => LogWriter | Promise<LogWriter>): EventLog {
  return {
    partitions: log.partitions,
    read: (partition, after) => log.read(partition, after),
    follow: (partition, after, signal) => log.follow(partition, after, signal),
    end: (partition) => log.end(partition),
    acquire: async (partition, signal) => change(await log.acquire(partition, signal), partition),
    close: () => log.close(),
  };
}

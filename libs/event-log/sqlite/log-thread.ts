import {
  LedgerLocked,
  LogFenced,
  LogUnavailable,
  OutcomeUnknown,
  StatesDamaged,
  type EventLog,
  type Heads,
  type LogWriter,
  type NewEntry,
  type Offset,
  type StateStore,
} from '../ports.js';
import { LedgerDamaged } from '../../sqlite/database.js';
import { pack, packStates, type Question } from './log-messages.js';
import type { LogWorkerData } from './log-worker.js';
import { readSqliteEventLog, type SqliteEventLog } from './sqlite-event-log.js';
import { SqliteStateStore } from './sqlite-state-store.js';
import { startQuestionThread, type KnownErrors, type QuestionThread } from '../../async/question-thread.js';

const known: KnownErrors = { LedgerLocked, LedgerDamaged, LogFenced, LogUnavailable, OutcomeUnknown, StatesDamaged };

export type LogThreadOptions = {
  logFile: string;
  stateFile: string;
  codeVersion: string;
  /** Called when a thread ends by itself: this process can't go on. */
  onLost: (error: Error) => void;
  /** Called when states were damaged: they are folded again from the log. */
  onDiscarded?: (reason: string) => void;
  /** The worker's code, for specs that run beside the build. */
  workerUrl?: URL;
};

/**
 * Opens the SQLite log and state store. This thread reads both; each is written by a thread of its own, so that saving states delays no append.
 * @throws {LedgerLocked} @throws {LedgerDamaged}
 */
export async function startLogThread({
  workerUrl = new URL('./log-worker.js', import.meta.url),
  onLost,
  onDiscarded,
  logFile,
  stateFile,
  codeVersion,
}: LogThreadOptions): Promise<{ log: EventLog; states: StateStore }> {
  const logThread = await startWriter({ writes: 'log', file: logFile }, workerUrl, onLost);
  const stateThread = await startStates({ files: [stateFile], codeVersion, workerUrl, onLost, onDiscarded }).catch(
    async (error: unknown) => {
      await logThread.stop({ do: 'close' });
      throw error;
    },
  );
  const reader = readSqliteEventLog(logFile);
  return { log: new ThreadedLog(logThread, reader, stateThread), states: new ThreadedStates(stateThread, stateFile, codeVersion) };
}

/** Opens several state stores, each in its own file, all written by one thread, and gives a way to close them. */
export async function startStateThread({
  files,
  codeVersion,
  onLost,
  onDiscarded,
  workerUrl = new URL('./log-worker.js', import.meta.url),
}: Omit<LogThreadOptions, 'logFile' | 'stateFile'> & { files: readonly string[] }): Promise<{
  stores: StateStore[];
  stop(): Promise<void>;
}> {
  const thread = await startStates({ files, codeVersion, workerUrl, onLost, onDiscarded });
  const stores = files.map((file) => new ThreadedStates(thread, file, codeVersion));
  return {
    stores,
    async stop() {
      for (const store of stores) store.close();
      await thread.stop({ do: 'close' });
    },
  };
}

type StatesOptions = Pick<LogThreadOptions, 'codeVersion' | 'onLost'> & {
  files: readonly string[];
  workerUrl: URL;
  onDiscarded: LogThreadOptions['onDiscarded'];
};

async function startStates({ files, codeVersion, workerUrl, onLost, onDiscarded }: StatesOptions): Promise<LogWriterThread> {
  const thread = await startWriter({ writes: 'states', files: [...files], codeVersion }, workerUrl, onLost);
  const discarded = await thread.ask({ do: 'name what was discarded' });
  if (Array.isArray(discarded)) for (const reason of discarded) onDiscarded?.(String(reason));
  return thread;
}

function startWriter(workerData: LogWorkerData, workerUrl: URL, onLost: (error: Error) => void): Promise<LogWriterThread> {
  return startQuestionThread<Question>({
    workerUrl,
    workerData,
    known,
    onLost,
    unasked: (message) => new LogUnavailable(message),
    unanswered: (message) => new OutcomeUnknown(message),
  });
}

type LogWriterThread = QuestionThread<Question>;

class ThreadedLog implements EventLog {
  readonly partitions = 1;
  constructor(
    private readonly thread: LogWriterThread,
    private readonly reader: SqliteEventLog,
    private readonly states: LogWriterThread,
  ) {}
  read = (partition: number, after: Offset) => this.reader.read(partition, after);
  end = (partition: number) => this.reader.end(partition);
  follow = (partition: number, after: Offset, signal: AbortSignal) => this.reader.follow(partition, after, signal);
  async acquire(_partition: number, signal?: AbortSignal): Promise<LogWriter> {
    signal?.throwIfAborted();
    const writer = await this.thread.ask({ do: 'acquire' });
    if (typeof writer !== 'number') throw new Error('the log’s thread gave no writer');
    return {
      append: async (entries: readonly NewEntry[]) => {
        const packed = pack(entries);
        const offsets = await this.thread.ask({ do: 'append', writer, packed }, [packed.bytes.buffer, packed.numbers.buffer]);
        if (!isOffsets(offsets)) throw new OutcomeUnknown('the log’s thread gave no offsets');
        this.reader.wake();
        return offsets;
      },
    };
  }
  async close(): Promise<void> {
    await this.reader.close();
    try {
      await this.states.stop({ do: 'close' });
    } finally {
      await this.thread.stop({ do: 'close' });
    }
  }
}

function isOffsets(value: unknown): value is Offset[] {
  return Array.isArray(value) && value.every((offset) => typeof offset === 'number');
}

/** Reads in this thread, and saves in the states' thread. */
class ThreadedStates implements StateStore {
  private readonly reader: StateStore;
  /** The heads saved last: of many programmes, few change from save to save, and only those are sent. */
  private heads: Heads = new Map();
  constructor(
    private readonly thread: LogWriterThread,
    private readonly file: string,
    codeVersion: string,
  ) {
    // The states' thread has created the file; this connection never does.
    this.reader = new SqliteStateStore({ file, codeVersion, now: () => Date.now() });
  }
  open(partition: number): ReturnType<StateStore['open']> {
    const saved = this.reader.open(partition);
    this.heads = saved?.heads ?? new Map();
    return saved;
  }
  read = (keys: readonly string[]) => this.reader.read(keys);
  async save(...[offset, heads, changed]: Parameters<StateStore['save']>): Promise<void> {
    const changedHeads = [...heads].filter(([programme, { position }]) => this.heads.get(programme)?.position !== position);
    const packed = packStates(changed);
    await this.thread.ask({ do: 'save', file: this.file, offset, heads: changedHeads, packed }, [packed.expires.buffer]);
    this.heads = heads;
  }
  clear(): void {
    this.heads = new Map();
    this.reader.clear();
  }
  close(): void {
    this.reader.close();
  }
}

/** A thread that writes the log, or saves the states, so that neither holds up the one that decides. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LogWriter } from '../ports.js';
import { opened, unpack, unpackStates, type Request, type Response } from './log-messages.js';
import { openSqliteEventLog } from './sqlite-event-log.js';
import { openSqliteStateStore } from './sqlite-state-store.js';

/** Which files a thread writes: the log, or the states behind it. */
export type LogWorkerData = { writes: 'log'; file: string } | { writes: 'states'; files: string[]; codeVersion: string };

function given(data: unknown): LogWorkerData {
  if (isWorkerData(data)) return data;
  throw new Error('a thread that writes the ledger was not told which file is its own');
}
function isWorkerData(data: unknown): data is LogWorkerData {
  return typeof data === 'object' && data !== null && 'writes' in data && ('file' in data || 'files' in data);
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');

function tell(response: Response): void {
  port?.postMessage(response);
}
function tellFailure(id: number, error: unknown): void {
  tell({ id, failed: Error.isError(error) ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } });
}

type Answering = (request: Request) => Promise<unknown>;

function answeringForLog(file: string): Answering {
  const log = openSqliteEventLog(file);
  const writers: LogWriter[] = [];
  return async (request) => {
    switch (request.do) {
      case 'acquire':
        return writers.push(await log.acquire(0)) - 1;
      case 'append': {
        const writer = writers[request.writer];
        if (!writer) throw new Error(`there is no writer ${request.writer}`);
        return writer.append(unpack(request.packed));
      }
      case 'close':
        await log.close();
        return undefined;
      case 'save':
        throw new Error('the log’s thread saves no states');
    }
  };
}

function answeringForStates(files: readonly string[], codeVersion: string): Answering {
  const stores = new Map(files.map((file) => [file, openSqliteStateStore({ file, codeVersion, now: () => Date.now() })]));
  return async (request) => {
    switch (request.do) {
      case 'save':
        await stores.get(request.file)?.save(request.place, new Map(request.heads), unpackStates(request.packed));
        return undefined;
      case 'close':
        for (const states of stores.values()) states.close();
        return undefined;
      case 'acquire':
      case 'append':
        throw new Error('the states’ thread writes no log');
    }
  };
}

try {
  const data = given(workerData);
  const answer = data.writes === 'log' ? answeringForLog(data.file) : answeringForStates(data.files, data.codeVersion);
  port.on('message', (request: Request) => {
    answer(request).then(
      (done) => {
        tell({ id: request.id, done });
      },
      (error: unknown) => {
        tellFailure(request.id, error);
      },
    );
  });
  tell({ id: opened, done: undefined });
} catch (error) {
  tellFailure(opened, error);
}

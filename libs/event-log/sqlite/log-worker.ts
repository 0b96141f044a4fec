/** The thread that writes the log and saves the state store, so that flushing to the disk holds nothing up. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LogWriter } from '../ports.js';
import { opened, unpack, type Request, type Response } from './log-messages.js';
import { openSqliteEventLog } from './sqlite-event-log.js';
import { openSqliteStateStore } from './sqlite-state-store.js';

export type LogWorkerData = { logFile: string; stateFile: string; codeVersion: string };

function given(data: unknown): LogWorkerData {
  if (isWorkerData(data)) return data;
  throw new Error('the log’s thread was not told which files are its own');
}
function isWorkerData(data: unknown): data is LogWorkerData {
  return typeof data === 'object' && data !== null && 'logFile' in data && 'stateFile' in data && 'codeVersion' in data;
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');

function tell(response: Response): void {
  port?.postMessage(response);
}
function tellFailure(id: number, error: unknown): void {
  tell({ id, failed: Error.isError(error) ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } });
}

try {
  const { logFile, stateFile, codeVersion } = given(workerData);
  const log = openSqliteEventLog(logFile);
  const states = openSqliteStateStore({ file: stateFile, codeVersion, now: () => Date.now() });
  const writers: LogWriter[] = [];
  const answer = async (request: Request): Promise<unknown> => {
    switch (request.do) {
      case 'acquire':
        return writers.push(await log.acquire(0)) - 1;
      case 'append': {
        const writer = writers[request.writer];
        if (!writer) throw new Error(`there is no writer ${request.writer}`);
        return writer.append(unpack(request.packed));
      }
      case 'save':
        await states.save(request.place, new Map(request.heads), request.changed);
        return undefined;
      case 'close':
        states.close();
        await log.close();
        return undefined;
    }
  };
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

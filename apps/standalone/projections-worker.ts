/** The thread that folds the log into read models. */
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LogUnreadable } from '../../libs/event-log/ports.js';
import { UnknownRecord } from '../../libs/event-log/record.js';
import { messageOf } from '../../libs/sqlite/database.js';
import { readSqliteEventLog, type SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { runProjections } from '../../libs/projections/runner.js';
import { openBuildingReadModels } from '../../libs/read-models/sqlite/building-read-models.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ProjectionsData, ProjectionsNews } from './projections-messages.js';

function given(data: unknown): ProjectionsData {
  if (typeof data === 'object' && data !== null && 'logFile' in data && 'modelsFile' in data && 'generation' in data) {
    const { logFile, modelsFile, generation } = data;
    if (typeof logFile === 'string' && typeof modelsFile === 'string' && typeof generation === 'string')
      return { logFile, modelsFile, generation };
  }
  throw new Error('the projections’ thread was started without its files');
}

const port = parentPort;
if (!port) throw new Error('this runs as a worker thread');
const tell = (news: ProjectionsNews) => {
  port.postMessage(news);
};
const stop = new AbortController();
port.once('message', () => {
  stop.abort();
});

const retryEvery = 1_000;

/** Folds until told to stop. A full disk or missing files are tried again, since an operator may correct them; an unreadable record ends folding. */
async function foldPersistently({ logFile, modelsFile, generation }: ProjectionsData): Promise<void> {
  const observer = {
    folded: ({ offset }: { offset: number }) => {
      tell({ folded: offset });
    },
    serving: (serving: string) => {
      tell({ serving });
    },
  };
  while (!stop.signal.aborted) {
    let log: SqliteEventLog | undefined;
    try {
      log = readSqliteEventLog(logFile);
      const models = openBuildingReadModels(modelsFile);
      try {
        tell({ opened: true });
        await runProjections({ log, partition: 0, models, generation, observer }, stop.signal);
      } finally {
        await models.close();
      }
    } catch (error) {
      if (error instanceof LogUnreadable || error instanceof UnknownRecord) throw error;
      tell({ retrying: messageOf(error) });
      await wait(retryEvery, undefined, { signal: stop.signal }).catch(() => undefined);
    } finally {
      await log?.close();
    }
  }
}

try {
  letCommandsGoFirst();
  await foldPersistently(given(workerData));
} catch (error) {
  tell({ failed: messageOf(error) });
}
port.close();

/** The thread that folds the log into read models. */
import { parentPort, workerData } from 'node:worker_threads';
import { readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { runProjections } from '../../libs/projections/runner.js';
import { openSqliteReadModels } from '../../libs/read-models/sqlite/sqlite-read-models.js';
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

try {
  const { logFile, modelsFile, generation } = given(workerData);
  const log = readSqliteEventLog(logFile);
  const models = openSqliteReadModels(modelsFile, 'write');
  tell({ opened: true });
  const observer = {
    folded: ({ place }: { place: number }) => {
      tell({ folded: place });
    },
    serving: (serving: string) => {
      tell({ serving });
    },
  };
  try {
    await runProjections({ log, partition: 0, models, generation, observer }, stop.signal);
  } finally {
    await models.close();
    await log.close();
  }
} catch (error) {
  tell({ failed: Error.isError(error) ? error.message : String(error) });
}
port.close();

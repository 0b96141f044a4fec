/** The code of a thread that writes a generation of read models, so that it does not delay the thread that folds them. */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../async/question-thread.js';
import type { BuildQuestion } from './building-read-models.js';
import { unpackRows } from './rows.js';
import { openSqliteReadModels } from './sqlite-read-models.js';

function fileIn(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'file' in data && typeof data.file === 'string') return data.file;
  throw new Error('the thread that writes read models was given no file');
}

await answerQuestions<BuildQuestion>(() => {
  const models = openSqliteReadModels(fileIn(workerData));
  return async (question) => {
    switch (question.do) {
      case 'save':
        return models.saveRows(question.generation, {
          collections: question.collections.map(unpackRows),
          heads: new Map(question.heads),
          checkpoint: question.checkpoint,
          follows: question.follows,
        });
      case 'close':
        return models.close();
    }
  };
});

/** A thread that reads documents, so that long reads do not delay commands. */
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../../libs/async/question-thread.js';
import { tables } from '../../libs/http/csv-lists.js';
import { ReadersHere } from '../../libs/projections/readers.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import { trusted } from '../../libs/trusted/trusted.js';
import { letCommandsGoFirst } from '../thread-priority.js';
import type { ReaderData, ReaderQuestion } from './reader-messages.js';

/** Loads one adapter of the two, so that an embedded ledger starts without MongoDB's driver. */
async function modelsIn(data: ReaderData): Promise<ReadModels> {
  if ('sqliteFile' in data) {
    const { openSqliteReadModels } = await import('../../libs/read-models/sqlite/sqlite-read-models.js');
    return openSqliteReadModels(data.sqliteFile, 'read');
  }
  const { openMongoReadModels } = await import('../../libs/read-models/mongodb/mongo-read-models.js');
  return openMongoReadModels(data.mongodbUrl);
}

await answerQuestions<ReaderQuestion>(async () => {
  letCommandsGoFirst();
  const models = await modelsIn(trusted<ReaderData>(workerData));
  const readers = new ReadersHere(models);
  return async (question, signal) => {
    const asker = { client: '', signal };
    switch (question.do) {
      case 'read':
        return readers.read(question.name, question.asked, asker, question.generation);
      case 'table':
        return tables(question.list, question.page, question.options, asker);
      case 'close':
        return models.close();
    }
  };
});

/** The code of a thread that writes the log or saves the states, so that neither delays the thread that decides. */
import { workerData } from 'node:worker_threads';
import type { LogWriter } from '../ports.js';
import { unpack, unpackStates, type Question } from './log-messages.js';
import { openSqliteEventLog } from './sqlite-event-log.js';
import { openSqliteStateStore } from './sqlite-state-store.js';
import { answerQuestions } from '../../async/question-thread.js';
import { trusted } from '../../trusted/trusted.js';

/** The files that a thread writes: the log, or the state stores. */
export type LogWorkerData = { writes: 'log'; file: string } | { writes: 'states'; files: string[]; codeVersion: string };

type Answering = (question: Question) => Promise<unknown>;

function answeringForLog(file: string): Answering {
  const log = openSqliteEventLog(file);
  const writers: LogWriter[] = [];
  return async (question) => {
    switch (question.do) {
      case 'acquire':
        return writers.push(await log.acquire(0)) - 1;
      case 'append': {
        const writer = writers[question.writer];
        if (!writer) throw new Error(`there is no writer ${question.writer}`);
        return writer.append(unpack(question.packed));
      }
      case 'close':
        await log.close();
        return undefined;
      case 'save':
      case 'name what was discarded':
        throw new Error('the log’s thread saves no states');
    }
  };
}

function answeringForStates(files: readonly string[], codeVersion: string): Answering {
  const discarded: string[] = [];
  const onDiscarded = (reason: string) => discarded.push(reason);
  const stores = new Map(files.map((file) => [file, openSqliteStateStore({ file, codeVersion, now: () => Date.now(), onDiscarded })]));
  return async (question) => {
    switch (question.do) {
      case 'save':
        await stores.get(question.file)?.save(question.offset, new Map(question.heads), unpackStates(question.packed));
        return undefined;
      case 'name what was discarded':
        return discarded;
      case 'close':
        for (const states of stores.values()) states.close();
        return undefined;
      case 'acquire':
      case 'append':
        throw new Error('the states’ thread writes no log');
    }
  };
}

await answerQuestions<Question>(() => {
  const data = trusted<LogWorkerData>(workerData);
  return data.writes === 'log' ? answeringForLog(data.file) : answeringForStates(data.files, data.codeVersion);
});

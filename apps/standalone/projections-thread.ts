import { Worker } from 'node:worker_threads';
import { messageOf } from '../../libs/sqlite/database.js';
import type { Offset } from '../../libs/event-log/ports.js';
import type { ProjectionsData, ProjectionsNews, ProjectionsOrder } from './projections-messages.js';

/** Memory for new objects in MB: without a limit V8 keeps 128 MB for them, which does not speed folding up. */
const resourceLimits = { maxYoungGenerationSizeMb: 48 } as const;

export type ProjectionsObserver = {
  folded(offset: Offset): void;
  serving(generation: string): void;
  /** A write of documents failed and will be tried again. */
  retrying(message: string): void;
  /** The log can't be read any further; folding has ended. */
  failed(message: string): void;
};

/** Starts folding in a thread of its own; resolves once the read models can be opened. */
export async function startProjections(data: ProjectionsData, observer: ProjectionsObserver): Promise<{ stop(): Promise<void> }> {
  const worker = new Worker(new URL('./projections-worker.js', import.meta.url), { workerData: data, resourceLimits });
  const ended = new Promise<void>((done) => {
    worker.once('exit', () => {
      done();
    });
  });
  const opening = new Promise<void>((opened, failed) => {
    worker.on('message', (news: ProjectionsNews) => {
      if ('opened' in news) opened();
      else if ('folded' in news) observer.folded(news.folded);
      else if ('serving' in news) observer.serving(news.serving);
      else if ('retrying' in news) {
        observer.retrying(news.retrying);
        // Before the files are open there is nothing to read, so the start fails at once.
        failed(new Error(news.retrying));
      } else {
        observer.failed(news.failed);
        failed(new Error(news.failed));
      }
    });
    worker.on('error', (error) => {
      const message = messageOf(error);
      observer.failed(message);
      failed(new Error(message));
    });
  });
  try {
    await opening;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    async stop() {
      worker.postMessage('stop' satisfies ProjectionsOrder);
      await ended;
    },
  };
}

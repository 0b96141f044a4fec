/** A thread that holds files open and answers questions: one message per question, one per answer. */
import { onAbort } from './on-abort.js';
import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';

/** The id of the message that a thread sends unasked once its files are open. */
const opened = 0;
type Answer = { id: number } & ({ done: unknown } | { failed: { name: string; message: string } });
/** A question, or the notice that nobody waits for its answer any more. */
type Asked<Question> = { id: number; question: Question } | { id: number; abandoned: true };

/** The classes, by name, of a thread's errors that are rethrown as themselves; others become a plain `Error`. */
export type KnownErrors = Readonly<Record<string, new (message: string) => Error>>;
type Waiting = { resolve: (done: unknown) => void; reject: (error: Error) => void };

type QuestionThreadOptions = {
  workerUrl: URL;
  workerData: unknown;
  /** Limits of the thread's memory; the thread ends when it exceeds them. */
  resourceLimits?: ResourceLimits;
  known: KnownErrors;
  /** Called when the thread ends by itself. */
  onLost: (error: Error) => void;
  /** Makes the error for a question put after the thread had ended: nothing was done. */
  unasked: (message: string) => Error;
  /** Makes the error for a question that the thread left unanswered: it may have been done. */
  unanswered: (message: string) => Error;
};

/** Starts a thread whose code calls {@link answerQuestions}. @throws the error with which the thread failed to open its files */
export async function startQuestionThread<Question>({
  workerUrl,
  workerData,
  resourceLimits,
  ...options
}: QuestionThreadOptions): Promise<QuestionThread<Question>> {
  const thread = new QuestionThread<Question>(new Worker(workerUrl, { workerData, ...(resourceLimits && { resourceLimits }) }), options);
  try {
    await thread.ready();
  } catch (error) {
    await thread.abandon();
    throw error;
  }
  return thread;
}

/** The asking side of a thread that answers questions. */
export class QuestionThread<Question> {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private gone: Error | undefined;
  private stopping = false;

  constructor(
    private readonly worker: Worker,
    private readonly options: Omit<QuestionThreadOptions, 'workerUrl' | 'workerData'>,
  ) {
    worker.on('message', (answer: Answer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('done' in answer) waiting?.resolve(answer.done);
      else waiting?.reject(new (options.known[answer.failed.name] ?? Error)(answer.failed.message));
    });
    worker.on('error', (error) => {
      this.end(error);
    });
    worker.on('exit', (code) => {
      this.end(new Error(`a thread of the ledger ended with ${code}`));
    });
  }

  /** Resolves once the thread has opened its files. */
  ready(): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(opened, { resolve, reject }));
  }

  /** @throws the signal's reason once it is aborted: the thread is told, and its answer is ignored */
  ask(question: Question, transfer: ArrayBuffer[] = [], signal?: AbortSignal): Promise<unknown> {
    if (this.gone) return Promise.reject(this.options.unasked(this.gone.message));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const ignore = onAbort(signal, (reason) => {
        if (!this.waiting.delete(id)) return;
        this.worker.postMessage({ id, abandoned: true } satisfies Asked<Question>);
        reject(reason);
      });
      this.waiting.set(id, {
        resolve: (answer) => {
          ignore();
          resolve(answer);
        },
        reject: (error) => {
          ignore();
          reject(error);
        },
      });
      this.worker.postMessage({ id, question } satisfies Asked<Question>, transfer);
    });
  }

  /** Asks a last question, with which the thread closes its files, and ends the thread. */
  async stop(last: Question): Promise<void> {
    this.stopping = true;
    try {
      if (!this.gone) await this.ask(last);
    } finally {
      await this.worker.terminate();
    }
  }

  /** Ends a thread that could not open its files. */
  async abandon(): Promise<void> {
    this.stopping = true;
    await this.worker.terminate();
  }

  /** Rejects every open question: each may or may not have been done. */
  private end(reason: unknown): void {
    const error = Error.isError(reason) ? reason : new Error(String(reason));
    if (!this.gone && !this.stopping && !this.waiting.has(opened)) this.options.onLost(error);
    this.gone ??= error;
    for (const [id, { reject }] of this.waiting) reject(id === opened ? error : this.options.unanswered(error.message));
    this.waiting.clear();
  }
}

type Answering<Question> = (question: Question, signal: AbortSignal) => Promise<unknown>;

/**
 * The answering side: opens the thread's files and answers every question. Only the thread that started it asks, through a {@link QuestionThread} of the same
 * type, so the shape of a question is trusted.
 */

export async function answerQuestions<Question>(open: () => Answering<Question> | Promise<Answering<Question>>): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this runs as a worker thread');
  const tell = (answer: Answer) => {
    port.postMessage(answer);
  };
  const tellFailure = (id: number, error: unknown) => {
    tell({ id, failed: Error.isError(error) ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } });
  };
  try {
    const answer = await open();
    const asked = new Map<number, AbortController>();
    port.on('message', (message: Asked<Question>) => {
      const { id } = message;
      if ('abandoned' in message) {
        asked.get(id)?.abort();
        return;
      }
      const abandoned = new AbortController();
      asked.set(id, abandoned);
      void answer(message.question, abandoned.signal)
        .then(
          (done) => {
            tell({ id, done });
          },
          (error: unknown) => {
            tellFailure(id, error);
          },
        )
        .finally(() => {
          asked.delete(id);
        });
    });
    tell({ id: opened, done: undefined });
  } catch (error) {
    tellFailure(opened, error);
  }
}

/** A thread that holds files open, and how it is asked: one message a question, one an answer. */
import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';

/** The number of the answer that a thread gives unasked, once its files are open. */
const opened = 0;
type Answer = { id: number } & ({ done: unknown } | { failed: { name: string; message: string } });
/** A question, or that its answer is no longer waited for. */
type Asked<Question> = { id: number; question: Question } | { id: number; abandoned: true };

/** The errors of a thread that are thrown again as what they are, by name. */
export type KnownErrors = Readonly<Record<string, new (message: string) => Error>>;
type Waiting = { resolve: (done: unknown) => void; reject: (error: Error) => void };

type QuestionThreadOptions = {
  workerUrl: URL;
  workerData: unknown;
  /** Memory that the thread may take; beyond it, it ends. */
  resourceLimits?: ResourceLimits;
  known: KnownErrors;
  /** The thread ended although nobody asked it to. */
  onLost: (error: Error) => void;
  /** What is thrown where it had ended before it was asked: nothing was done. */
  unasked: (message: string) => Error;
  /** What is thrown where it ended before it answered: it may have been done. */
  unanswered: (message: string) => Error;
};

/** Starts a thread whose code calls {@link answerQuestions}. @throws what opening its files failed with */
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

/** Such a thread, as seen from the one that asks it. */
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

  /** @throws the signal's reason once it is aborted: the thread is told, and what it answers is not waited for */
  ask(question: Question, transfer: ArrayBuffer[] = [], signal?: AbortSignal): Promise<unknown> {
    if (this.gone) return Promise.reject(this.options.unasked(this.gone.message));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, question } satisfies Asked<Question>, transfer);
      signal?.addEventListener('abort', () => {
        if (!this.waiting.delete(id)) return;
        this.worker.postMessage({ id, abandoned: true } satisfies Asked<Question>);
        reject(Error.isError(signal.reason) ? signal.reason : new Error('the asker is gone'));
      });
    });
  }

  /** Lets the thread close its files with a last question. */
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

  /** What was asked and not answered may or may not have been done. */
  private end(reason: unknown): void {
    const error = Error.isError(reason) ? reason : new Error(String(reason));
    if (!this.gone && !this.stopping && !this.waiting.has(opened)) this.options.onLost(error);
    this.gone ??= error;
    for (const [id, { reject }] of this.waiting) reject(id === opened ? error : this.options.unanswered(error.message));
    this.waiting.clear();
  }
}

/** What such a thread does: opens its files, and answers every question. Only the thread that started it asks, with a {@link QuestionThread} of this type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the type
export function answerQuestions<Question>(open: () => (question: Question, signal: AbortSignal) => Promise<unknown>): void {
  const port = parentPort;
  if (!port) throw new Error('this runs as a worker thread');
  const tell = (answer: Answer) => {
    port.postMessage(answer);
  };
  const tellFailure = (id: number, error: unknown) => {
    tell({ id, failed: Error.isError(error) ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } });
  };
  try {
    const answer = open();
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

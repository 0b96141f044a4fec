import type { Logger } from 'pino';
import { FairQueue } from '../../libs/async/fair-queue.js';
import { startQuestionThread, type KnownErrors, type QuestionThread } from '../../libs/async/question-thread.js';
import type { Tables } from '../../libs/http/csv-lists.js';
import { ReadModelsBehind } from '../../libs/projections/read-models-behind.js';
import type { Asker, Readers } from '../../libs/projections/readers.js';
import type { ReadAnswers, ReadArguments, ReadName } from '../../libs/projections/reads.js';
import { BadCursor, ReadModelsUnavailable, UndeclaredField } from '../../libs/read-models/ports.js';
import type { ReaderData, ReaderQuestion } from './reader-messages.js';

const threads = 2;
/** Reads that run at a time, four a thread: between two pages of a long answer a thread reads for others. */
const atOnce = 4 * threads;
/** Reads that may wait; beyond that a client gets 503. */
const waiting = 256;
/** Memory of one thread's objects in MB: of old objects and of new ones. */
const resourceLimits = { maxOldGenerationSizeMb: 80, maxYoungGenerationSizeMb: 8 } as const;
const known: KnownErrors = { BadCursor, UndeclaredField, ReadModelsBehind, ReadModelsUnavailable };

type Reader = { thread: Promise<QuestionThread<ReaderQuestion>>; busy: number };

/** Reads in threads of their own: a bounded number of reads at a time, with clients taking turns. */
export class ReaderThreads implements Readers {
  private readonly turns = new FairQueue({ atOnce, waiting });
  private readonly readers = new Set<Reader>();
  private closing = false;

  constructor(
    private readonly data: ReaderData,
    private readonly logger: Logger,
    private readonly workerUrl = new URL('./reader-worker.js', import.meta.url),
  ) {}

  async read<N extends ReadName>(name: N, asked: ReadArguments[N], asker: Asker, generation?: string): Promise<ReadAnswers[N]> {
    const answer = await this.ask(questionOf(name, asked, generation), asker);
    // The answer comes from a reader of this process, by the same name.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    return answer as ReadAnswers[N];
  }

  readonly tables: Tables = async (list, page, options, asker) => String(await this.ask({ do: 'table', list, page, options }, asker));

  async close(): Promise<void> {
    this.closing = true;
    for (const { thread } of this.readers) await (await thread.catch(() => undefined))?.stop({ do: 'close' });
  }

  private ask(question: ReaderQuestion, { client, signal }: Asker): Promise<unknown> {
    return this.turns.run(
      client,
      async () => {
        const reader = this.leastBusy();
        reader.busy++;
        try {
          return await (await reader.thread).ask(question, [], signal);
        } finally {
          reader.busy--;
        }
      },
      signal,
    );
  }

  /** The thread with the fewest reads; starts threads in place of those that ended. */
  private leastBusy(): Reader {
    while (this.readers.size < threads && !this.closing) {
      const reader: Reader = { thread: this.start(() => this.readers.delete(reader)), busy: 0 };
      this.readers.add(reader);
      reader.thread.catch(() => this.readers.delete(reader));
    }
    const [reader] = [...this.readers].sort((one, other) => one.busy - other.busy);
    if (!reader) throw new ReadModelsBehind('the ledger is shutting down');
    return reader;
  }

  private start(left: () => void): Promise<QuestionThread<ReaderQuestion>> {
    const ended = () => new ReadModelsBehind('the read ended before it was complete; try again, or ask for less');
    return startQuestionThread<ReaderQuestion>({
      workerUrl: this.workerUrl,
      workerData: this.data,
      resourceLimits,
      known,
      onLost: (error) => {
        left();
        this.logger.error({ error }, 'a reader thread ended; another one replaces it');
      },
      unasked: ended,
      unanswered: ended,
    });
  }
}

function questionOf<N extends ReadName>(name: N, asked: ReadArguments[N], generation: string | undefined): ReaderQuestion {
  // The name and its arguments belong together; the generic type can't express that for the union.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return { do: 'read', name, asked, generation } as ReaderQuestion;
}

import type { Head } from '../../event-log/ports.js';
import { startQuestionThread, type QuestionThread } from '../../async/question-thread.js';
import { StaleWrite, type Save } from '../ports.js';
import { packRows, type PackedRows } from './rows.js';
import { openDatabaseToWrite, SqliteReadModels } from './sqlite-read-models.js';

/** What the thread that writes a generation is asked. */
export type BuildQuestion =
  | {
      do: 'save';
      generation: string;
      collections: PackedRows[];
      heads: [string, Head][];
      checkpoint: Save['checkpoint'];
      follows: Save['follows'];
    }
  | { do: 'close' };

/**
 * Read models in a file, to be written as by {@link openSqliteReadModels}, but that a generation which does not serve yet is written by a thread of its own:
 * whoever builds it folds the next documents meanwhile.
 */
export function openBuildingReadModels(file: string, workerUrl = new URL('./read-models-worker.js', import.meta.url)): SqliteReadModels {
  return new BuildingReadModels(file, workerUrl);
}

class BuildingReadModels extends SqliteReadModels {
  private thread: Promise<QuestionThread<BuildQuestion>> | undefined;

  constructor(
    private readonly file: string,
    private readonly workerUrl: URL,
  ) {
    super(openDatabaseToWrite(file), 'write');
  }

  override async save(generation: string, save: Save): Promise<void> {
    if ((await this.serving()) === generation) return super.save(generation, save);
    const collections = this.rowsOf(generation, save.writes).map(packRows);
    const { checkpoint, follows } = save;
    const thread = await (this.thread ??= this.startThread());
    const transfer = collections.map(({ positions }) => positions.buffer);
    await thread.ask({ do: 'save', generation, collections, heads: [...save.heads], checkpoint, follows }, transfer);
  }

  override async serve(generation: string): Promise<void> {
    await this.stopThread();
    await super.serve(generation);
  }
  override async drop(generation: string): Promise<void> {
    // The thread knows the generation by the tables it had.
    await this.stopThread();
    await super.drop(generation);
  }
  override async close(): Promise<void> {
    await this.stopThread();
    await super.close();
  }

  private startThread(): Promise<QuestionThread<BuildQuestion>> {
    const ended = (message: string) => new Error(message);
    return startQuestionThread<BuildQuestion>({
      workerUrl: this.workerUrl,
      workerData: { file: this.file },
      known: { StaleWrite },
      // Whoever saves is told.
      onLost: () => undefined,
      unasked: ended,
      unanswered: ended,
    });
  }

  private async stopThread(): Promise<void> {
    const thread = await this.thread?.catch(() => undefined);
    this.thread = undefined;
    await thread?.stop({ do: 'close' });
  }
}

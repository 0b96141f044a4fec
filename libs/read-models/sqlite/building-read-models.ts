import type { Head } from '../../event-log/ports.js';
import { startQuestionThread, type QuestionThread } from '../../async/question-thread.js';
import { StaleWrite, type Save } from '../ports.js';
import { packRows, type PackedRows } from './rows.js';
import { SqliteReadModels } from './sqlite-read-models.js';
import { openDatabaseToWrite } from './read-models-file.js';

/** The questions to the thread that writes a generation. */
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
 * Opens read models for writing as {@link openSqliteReadModels} does. But a generation that does not serve yet is written in a thread of its own, so that its
 * builder can fold the next documents meanwhile.
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
    // Otherwise the thread would go on with the generation's dropped tables.
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
      // The next save fails and reports it.
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

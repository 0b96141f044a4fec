import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Head } from '../../event-log/ports.js';

/** What every reader asks for, once it was read in a turn. */
export type ReadTurn = { serving?: { generation: string | undefined }; heads: Map<string, Head> };

/**
 * What is asked for in one turn of the event loop is read at its end, as of one moment, with all that follows from it: a transaction costs more than
 * most of what is read in it, and a reader that sleeps is woken once for all answers, not between any two of them.
 */
export class ReadTurns {
  private running: ReadTurn | undefined;
  /** The next turn, once something is asked for in it. */
  private coming: Promise<void> | undefined;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;

  constructor(private readonly database: DatabaseSync) {
    this.begin = database.prepare('BEGIN');
    this.commit = database.prepare('COMMIT');
  }

  /** The turn in which reads run now. */
  get current(): ReadTurn | undefined {
    return this.running;
  }

  /** Resolves when the next turn has begun. @throws {Error} SQLite could not begin its transaction */
  next(): Promise<void> {
    this.coming ??= new Promise((begun, failed) => {
      setImmediate(() => {
        this.coming = undefined;
        try {
          this.begin.run();
          this.running = { heads: new Map() };
          begun();
        } catch (error) {
          failed(error instanceof Error ? error : new Error(String(error)));
        }
      });
      // In the same turn as the one before, after whatever its promises led to.
      setImmediate(() => {
        this.running = undefined;
        if (this.database.isOpen && this.database.isTransaction) this.commit.run();
      });
    });
    return this.coming;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { CheckpointShown } from './checkpoint-shown.js';

/** The programmes whose checkpoints are kept, at most. */
const mostKept = 1_000;

/** How long a checkpoint is kept, and how long a reader waits for one that is being read (ms). */
export type Patience = { readonly keep: number; readonly wait: number };
const usual: Patience = { keep: 1_000, wait: 250 };

/** A read that is under way, or what it found and when. */
type Read =
  { readonly reading: Promise<CheckpointShown | undefined> } | { readonly found: CheckpointShown | undefined; readonly at: number };

/**
 * Checkpoints beside other answers, which never wait for them: each programme's is read once a second at most, and one that can't be read, or
 * not in time, is left out.
 */
export class RecentCheckpoints {
  private readonly reads = new LRUCache<string, Read>({ max: mostKept });

  /** `now` counts milliseconds. */
  constructor(
    private readonly read: (programme: string) => Promise<CheckpointShown | undefined>,
    private readonly patience: Patience = usual,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The checkpoint of a programme, at most a second old; `undefined` if there is none, or it can't be read now. */
  async of(programme: string): Promise<CheckpointShown | undefined> {
    const known = this.reads.get(programme);
    if (known && 'found' in known && this.now() - known.at < this.patience.keep) return known.found;
    const reading = known && 'reading' in known ? known.reading : this.begin(programme);
    return Promise.race([reading, pause(this.patience.wait, undefined, { ref: false })]);
  }

  private begin(programme: string): Promise<CheckpointShown | undefined> {
    const reading = this.read(programme)
      .catch(() => undefined)
      .then((found) => {
        this.reads.set(programme, { found, at: this.now() });
        return found;
      });
    this.reads.set(programme, { reading });
    return reading;
  }
}

/** How fast proof follows the log: while commands come it takes a small share of one processor, and when they pause it catches up. */
import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Offset } from '../event-log/ports.js';

/** A batch of fewer entries is few: the log has no more now. */
const few = 1_000;
/** The longest rest in milliseconds. */
const longestRest = 2_000;

export class Pace {
  private end: Offset | undefined;
  private began = performance.now();

  constructor(
    private readonly log: Pick<EventLog, 'end'>,
    private readonly partition: number,
    /** Milliseconds to wait after few entries, so that the next are taken together. */
    private readonly gather: number,
    /** While commands come, proof rests this many times as long as it works. */
    private readonly restPerWork = 19,
  ) {}

  /** Waits after a batch of that many entries, unless the log only has to be caught up with. */
  async rest(entries: number, signal: AbortSignal): Promise<void> {
    const worked = performance.now() - this.began;
    const end = await this.log.end(this.partition);
    const commandsCome = this.end !== undefined && end > this.end;
    this.end = end;
    const gathering = entries < few ? this.gather : 0;
    const resting = commandsCome ? Math.min(this.restPerWork * worked, longestRest) : 0;
    const wait = Math.max(gathering, resting);
    if (wait > 0 && !signal.aborted) await pause(wait, undefined, { signal }).catch(() => undefined);
    this.began = performance.now();
  }
}

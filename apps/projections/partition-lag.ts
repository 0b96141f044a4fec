import { start, type EventLog, type Offset } from '../../libs/event-log/ports.js';
import { decodeRecord } from '../../libs/event-log/record.js';

/** The lag of a partition's read models behind its log. Other processes write the log, so `look` reads its end from time to time. */
export class PartitionLag {
  private end: Offset = start;
  private folded: Offset = start;
  /** The moment the oldest unfolded record was recorded, in milliseconds since 1970. */
  private waitsSince = Infinity;

  constructor(
    private readonly log: EventLog,
    private readonly partition: number,
    private readonly now: () => number = () => Date.now(),
  ) {}

  onFolded(offset: Offset): void {
    this.folded = offset;
  }

  /** Reads the end of the log, and when its oldest unfolded record was recorded. */
  async look(): Promise<void> {
    const end = await this.log.end(this.partition);
    const waitsSince = this.folded < end ? await this.recordedAfter(this.folded) : Infinity;
    // Set together, so that nobody sees new records with an old time.
    this.end = end;
    this.waitsSince = waitsSince;
  }

  /** How many entries are not folded, and how long ago the oldest record among them was recorded, as of the last look. */
  get current(): { records: number; seconds: number } {
    const records = Math.max(0, this.end - this.folded);
    return { records, seconds: records === 0 ? 0 : Math.max(0, this.now() - this.waitsSince) / 1_000 };
  }

  private async recordedAfter(offset: Offset): Promise<number> {
    for await (const entries of this.log.read(this.partition, offset)) {
      const record = entries.find(({ kind }) => kind === 'record');
      if (record) return Date.parse(decodeRecord(record.bytes).recordedAt);
    }
    return Infinity;
  }
}

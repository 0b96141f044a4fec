import { start, type EventLog, type Offset } from '../../libs/event-log/ports.js';
import { decodeRecord } from '../../libs/event-log/record.js';

/** How far a partition's read models are behind its log, which others write: it is looked at now and then. */
export class PartitionLag {
  private end: Offset = start;
  private folded: Offset = start;
  /** When the oldest record that is not folded was recorded, in milliseconds since 1970. */
  private waitsSince = Infinity;

  constructor(
    private readonly log: EventLog,
    private readonly partition: number,
    private readonly now: () => number = () => Date.now(),
  ) {}

  onFolded(offset: Offset): void {
    this.folded = offset;
  }

  /** Looks how far the log is, and what is folded next. */
  async look(): Promise<void> {
    const end = await this.log.end(this.partition);
    const waitsSince = this.folded < end ? await this.recordedAfter(this.folded) : Infinity;
    // Both at once: nobody is told of records that have waited for no time.
    this.end = end;
    this.waitsSince = waitsSince;
  }

  /** Entries that are missing, and how long ago the oldest record among them was recorded, as last looked at. */
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

import { partitionOf } from '../../../libs/event-log/partition-of.js';
import { start, type EventLog, type Offset } from '../../../libs/event-log/ports.js';
import { decodeRecord } from '../../../libs/event-log/record.js';
import type { ImportSource } from '../aims/target.js';

/** A programme's records from the log. Each read continues at the offset where the last one ended. */
export function logSource(log: EventLog): ImportSource {
  const marks = new Map<string, { position: number; offset: Offset }>();
  return {
    async *records(programme, after) {
      const mark = marks.get(programme);
      const from = mark && mark.position <= after ? mark.offset : start;
      for await (const entries of log.read(partitionOf(programme, log.partitions), from))
        for (const { kind, programme: of, position = 0, offset, bytes } of entries)
          if (kind === 'record' && of === programme && position > after) {
            yield decodeRecord(bytes);
            marks.set(programme, { position, offset });
          }
    },
  };
}

import type { QueryBus } from '@nestjs/cqrs';
import { ListHeads, ReadRecords } from '../../application/queries/records.js';
import type { Asked } from '../../application/reading.js';
import { hashOf } from '../../event-log/record.js';
import { problemOf } from '../../http/problem.js';

/** What a part of a check found. */
export type Checked = {
  /** The last position that was checked, and the last of the programme. */
  readonly last: number;
  readonly end: number;
  /** The hash of the record at `last`. */
  readonly head?: string;
  /** What is wrong, in the ledger's own words. */
  readonly fault?: string;
};

/** The most records that are checked for one page: some tenths of a second in a reader thread. */
const mostAtOnce = 20_000;

/**
 * Checks a programme's records after a position: each names the hash of the one before, and the last has the hash that is published as the head. The reads
 * themselves check the chain; whether read models and log agree is for `ledger verify`. `undefined` if there is no such programme.
 */
export async function checkedAfter(bus: QueryBus, programme: string, after: number, asked: Asked): Promise<Checked | undefined> {
  let [last, end, lines] = [after, after, ''];
  try {
    do {
      const { answer } = await bus.execute(new ReadRecords(programme, last, undefined, asked));
      if (!answer) return undefined;
      end = answer.end;
      if (answer.lines === '') break;
      ({ last, lines } = answer);
    } while (last < end && last - after < mostAtOnce);
  } catch (error) {
    // A fault of the chain that the reader of records finds has no error of HTTP.
    if (problemOf(error).problem.status !== 500 || !Error.isError(error)) throw error;
    return { last, end, fault: error.message };
  }
  if (lines === '') return { last, end };
  const head = hashOf(Buffer.from(lines.trimEnd().split('\n').at(-1) ?? ''));
  const published = (await bus.execute(new ListHeads(asked))).find((one) => one.programme === programme);
  if (published?.position === last && published.hash !== head)
    return { last, end, head, fault: `the head published at position ${last} has the hash ${published.hash}` };
  return { last, end, head };
}

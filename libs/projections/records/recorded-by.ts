import type { LedgerRecord } from '../../event-log/record.js';
import type { ReadModels } from '../../read-models/ports.js';
import { recordKey, records } from './collection.js';
import { recordIn } from './recorded.js';

/** One record of a programme. @throws {Error} the read models do not have it */
export async function recordAt(models: ReadModels, generation: string, programme: string, position: number): Promise<LedgerRecord> {
  const [document] = await models.get(generation, records.name, [recordKey(programme, position)]);
  if (!document) throw new Error(`the read models have no record ${position} of ${programme}`);
  return recordIn(document);
}

/**
 * The last position, at most `last`, whose record `isKnown` by its moment of recording; 0 if there is none. `recordedAt` never decreases, so binary search
 * finds it.
 */
export async function lastPosition(
  models: ReadModels,
  generation: string,
  programme: string,
  last: number,
  isKnown: (recordedAt: string) => boolean,
): Promise<number> {
  let [known, unknown] = [0, last + 1];
  while (unknown - known > 1) {
    const middle = Math.floor((known + unknown) / 2);
    if (isKnown((await recordAt(models, generation, programme, middle)).recordedAt)) known = middle;
    else unknown = middle;
  }
  return known;
}

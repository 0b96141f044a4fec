/** Counts open notices for metrics, which are asked for far more often than notices change. */
import type { OpenNotices } from '../projections/notices/open-notices.js';
import type { Reading } from './reading.js';

/** How long a count is good for, in milliseconds. */
const goodFor = 60_000;
const asked = { asker: { client: 'metrics' } };
const none: OpenNotices = {};

/**
 * A function that gives the number of open notices by kind, as last counted: nothing at first. It never waits and never fails. If the count is a minute old,
 * a new one begins beside, one at a time. If the notices can't be counted, `onFailed` is told, there are no numbers, and the next call counts again.
 * @param reading called for each count @param now counts milliseconds
 */
export function countedNotices(
  reading: () => Reading,
  onFailed: (error: unknown) => void,
  now: () => number = () => performance.now(),
): () => OpenNotices {
  let last: { at: number; open: OpenNotices } | undefined;
  let isCounting = false;
  const count = async (): Promise<void> => {
    isCounting = true;
    const at = now();
    try {
      const from = reading();
      last = { at, open: await from.now(asked, (snapshot) => snapshot.read('openNotices', from.clock())) };
    } catch (error) {
      last = undefined;
      onFailed(error);
    } finally {
      isCounting = false;
    }
  };
  return () => {
    if (!isCounting && (!last || now() - last.at >= goodFor)) void count();
    return last?.open ?? none;
  };
}

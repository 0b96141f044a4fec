/** Counts open notices for metrics, which are asked for far more often than notices change. */
import type { OpenNotices } from '../projections/notices/open-notices.js';
import type { Reading } from './reading.js';

/** How long a count is good for, in milliseconds. */
const goodFor = 60_000;
const asked = { asker: { client: 'metrics' } };

/**
 * A function that gives the number of open notices by kind, counted at most once a minute. It never fails: if the notices can't be counted, `onFailed` is told,
 * it gives no numbers, and the next call counts again.
 * @param reading called for each count @param now counts milliseconds
 */
export function countedNotices(
  reading: () => Reading,
  onFailed: (error: unknown) => void,
  now: () => number = () => performance.now(),
): () => Promise<OpenNotices> {
  let last: { at: number; open: Promise<OpenNotices> } | undefined;
  const count = async (): Promise<OpenNotices> => {
    try {
      const { clock } = reading();
      return await reading().now(asked, (snapshot) => snapshot.read('openNotices', clock()));
    } catch (error) {
      last = undefined;
      onFailed(error);
      return {};
    }
  };
  return () => {
    if (!last || now() - last.at >= goodFor) last = { at: now(), open: count() };
    return last.open;
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Page, Query, ReadModels } from '../read-models/ports.js';

/** Documents of a page that is filtered or folded: read within milliseconds, and enough for the round trip to be worth it. */
const pageSize = 1_000;

/**
 * Every page that a query finds, in order. Between two pages the event loop gets its turn: SQLite answers without one, so a long history would keep
 * everybody else waiting. @throws the signal's reason once it is aborted
 */
export async function* pagesOf(
  models: ReadModels,
  generation: string,
  collection: string,
  { limit = pageSize, ...query }: Omit<Query, 'limit' | 'cursor'> & { limit?: number },
  signal?: AbortSignal,
): AsyncIterable<Page['documents']> {
  let cursor: string | undefined;
  do {
    signal?.throwIfAborted();
    const page: Page = await models.find(generation, collection, {
      ...query,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    yield page.documents;
    cursor = page.cursor;
    if (cursor !== undefined) await nextTurn();
  } while (cursor !== undefined);
}

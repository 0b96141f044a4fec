import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Page, Query, ReadModels } from '../read-models/ports.js';

/** Documents per page: few enough to be read within milliseconds, enough to be worth a round trip. */
const pageSize = 1_000;

/**
 * Every page that a query finds, in order. The event loop gets a turn between two pages: SQLite answers synchronously, so a long history would otherwise
 * block all other work. @throws the signal's reason once it is aborted
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

/** How many notices are open, for operators. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { contentOf } from '../collection.js';
import { initiatives } from '../initiatives/collection.js';
import { todayIn } from '../initiatives/list.js';
import { pagesOf } from '../pages.js';
import type { Source } from '../source.js';
import { programmes } from '../totals/collections.js';
import { conditionsOfNotice, initiativeNotices, noticeKinds, type NoticeKind } from './kinds.js';
import { noticesOfYears } from './reads.js';

/**
 * Initiatives examined per programme and kind: some ten milliseconds. In a larger programme a count is of those examined, so the figure is then the least that
 * there are.
 */
const examined = 20_000;

/** The number of open notices by kind. */
export type OpenNotices = { readonly [kind: string]: number };

/**
 * The number of open notices of each kind in all programmes. Other reads get a turn after each programme. No count is cached: nobody else asks for these, and
 * they would displace those that readers ask for. @param now milliseconds since 1970 @throws the signal's reason once it is aborted
 */
export async function openNotices(source: Source, now: number): Promise<OpenNotices> {
  const generation = await source.generation();
  const open = new Map<NoticeKind, number>(noticeKinds.map((kind) => [kind, 0]));
  const add = (kind: NoticeKind, count: number) => open.set(kind, (open.get(kind) ?? 0) + count);
  for await (const documents of pagesOf(
    source.models,
    generation,
    programmes.name,
    { scope: 'programmes', sort: 'programme' },
    source.signal,
  ))
    for (const document of documents) {
      const { body, internal } = contentOf(programmes, document);
      const { programme, thresholds } = body;
      add('appropriation-reached', noticesOfYears(programme, internal, thresholds.funded).length);
      const today = todayIn(body, now);
      for (const kind of initiativeNotices) {
        const conditions = { scope: programme, ...conditionsOfNotice(kind, today, thresholds) };
        const { documents: found } = await source.models.count(generation, initiatives.name, conditions, examined);
        add(kind, found);
      }
      await nextTurn();
      source.signal?.throwIfAborted();
    }
  return Object.fromEntries(open);
}

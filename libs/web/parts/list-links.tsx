import { useHref, usePage } from '../page.js';

/** Links below a list: to its first and its next page, to the same list as a file, and to its form for programs. */
export function ListLinks({ label, cursor, csv, api }: { label: string; cursor: string | undefined; csv?: string; api?: string }) {
  const { speech, path, query } = usePage();
  const href = useHref();
  return (
    <nav class="paging" aria-label={label}>
      {query['cursor'] !== undefined && (
        <a class="ds-link" href={href(path, { ...query, cursor: undefined })}>
          {speech.say('firstPage')}
        </a>
      )}
      {cursor !== undefined && (
        <a class="ds-link" rel="next" href={href(path, { ...query, cursor })}>
          {speech.say('nextPage')}
        </a>
      )}
      {csv !== undefined && (
        <a class="ds-link" href={href(csv, query)} download>
          {speech.say('csv')}
        </a>
      )}
      {api !== undefined && (
        <a class="ds-link" href={api} type="application/json">
          {speech.say('json')}
        </a>
      )}
    </nav>
  );
}

/** Says that a page of initiatives is empty: because none matches, or because the ledger read its share for one page and found none in it yet. */
export function NothingFound({ cursor }: { cursor: string | undefined }) {
  const { speech } = usePage();
  return <p role="status">{speech.say(cursor === undefined ? 'nothingFound' : 'nothingFoundYet')}</p>;
}

/** The number of items on all pages of a list. */
export function Total({ total, totalAtLeast }: { total?: number | undefined; totalAtLeast?: number | undefined }) {
  const { speech } = usePage();
  if (total !== undefined) return <p class="total">{speech.say('totalFound', { count: total })}</p>;
  return totalAtLeast === undefined ? null : <p class="total">{speech.say('totalAtLeast', { count: totalAtLeast })}</p>;
}

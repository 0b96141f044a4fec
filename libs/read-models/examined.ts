/** How many documents a question may examine: the same in every adapter that has indexes. */

/**
 * A page ends after this many documents were examined in the order of its sort, which takes some ten milliseconds. Where too few are found so, the page begins
 * with a filter that finds at most as many, all of which are then read and sorted; to find that filter, up to as many documents of each filter are counted,
 * once for as long as the choice is kept. A list may ask for several such pages to fill one of its own.
 */
export const examinedAtMost = 10_000;
/** The most documents with a value that a query reads and sorts. */
const fewHave = 5_000;
/** Size and time to live (ms) of a cache of index choices: the counting for a choice may take longer than reading a page. */
export const choicesKept = { max: 1_000, ttl: 60_000 } as const;

/**
 * The most documents that a filter may find for a query to begin with it. The index of the sort reads about the page's size times all documents, divided by
 * those with the value. The index of a filter reads and sorts all documents with the value.
 */
export function fewAmong(all: number, limit: number): number {
  return Math.min(fewHave, Math.floor(Math.sqrt((limit + 1) * all)));
}

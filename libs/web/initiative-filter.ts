import { isPast } from '../projections/as-of.js';
import { filterIn, filterNames, mayRepeat } from '../projections/initiatives/filters.js';
import { pastSort, type InitiativeListing } from '../projections/initiatives/list.js';
import type { ProgrammeView } from '../projections/totals/views.js';
import type { Page } from './page.js';
import { asOfOf, BadAddress, textsIn } from './page-request.js';

/** Which initiatives the address of a page asks for. @param sorts the sort fields that it may name @throws {BadAddress} */
export function filterOfPage(
  { past }: Page,
  query: Record<string, unknown>,
  programme: ProgrammeView,
  sorts: readonly string[],
  limit: number,
): InitiativeListing {
  const { sort = pastSort, cursor, ...texts } = textsIn(query);
  if (!sorts.includes(sort) && !sorts.includes(sort.replace(/^-/, ''))) throw new BadAddress(`sort: ${sorts.join(', ')}`);
  const filter = filterIn({ ...texts, ...severalIn(query) }, (name, right) => new BadAddress(`${name}: ${right}`));
  const asOf = asOfOf(past, programme);
  return { filter, sort: isPast(asOf) ? pastSort : sort, paging: { limit, ...(cursor !== undefined && { cursor }) }, asOf };
}

/** The filters that an address names several times. */
function severalIn(query: Record<string, unknown>): Record<string, readonly string[]> {
  const several: Record<string, readonly string[]> = {};
  for (const name of filterNames) {
    const values = query[name];
    if (mayRepeat(name) && Array.isArray(values)) several[name] = values.map(String).filter((text) => text !== '');
  }
  return several;
}

import type { StatusCounts } from '../../projections/totals/views.js';
import type { Dimension } from '../../projections/totals/dimensions.js';
import { useCurrency, useHref, usePage } from '../page.js';
import { Table } from './layout.js';
import { MoneyCell } from './texts.js';

/** The totals of initiatives that share a value of a dimension. */
export type GroupRow = {
  readonly name: string;
  readonly value: string;
  readonly initiatives: StatusCounts;
  readonly funded: string;
  readonly spent: string;
  readonly returned: string;
  readonly available: string;
};

/** The amounts of a group, with the names of their columns. */
const columns = [
  ['funded', 'funded'],
  ['spent', 'spent'],
  ['returned', 'returned'],
  ['available', 'unspent'],
] as const;
/** Rows that are shown unless all are asked for, so that a page stays below 100 KB. */
const mostShown = 30;
/** Ids of rows and columns are short: every figure names two. */
const shortOf = { authority: 'a', region: 'r', sector: 's' } as const;

/** A table of groups, of many those with the most funding; each name leads to the initiatives of its group at `list`. */
export function Groups({ kind, groups: all, list }: { kind: Dimension; groups: readonly GroupRow[]; list: string }) {
  const { speech, path, query } = usePage();
  const currency = useCurrency();
  const href = useHref();
  const short = shortOf[kind];
  const isShort = all.length > mostShown && query['all'] !== kind;
  const groups = isShort ? all.toSorted(byFunding).slice(0, mostShown) : all;
  const table = (
    <Table caption={speech.say('amountsIn', { currency: currency.code })}>
      <thead>
        <tr>
          <th scope="col">{speech.say(kind)}</th>
          <th scope="col" class="number">
            {speech.say('initiatives')}
          </th>
          {columns.map(([, name], column) => (
            <th scope="col" class="number" key={name} id={`${short}-${column}`}>
              {speech.say(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(({ name, value, initiatives, ...amounts }, row) => (
          <tr key={value}>
            <th scope="row" id={`${short}${row}`}>
              <a class="ds-link" href={href(list, { [kind]: value })}>
                <bdi>{name}</bdi>
              </a>
            </th>
            <td class="number">{speech.count(Object.values(initiatives).reduce((sum, count) => sum + count, 0))}</td>
            {columns.map(([figure], column) => (
              <MoneyCell
                key={figure}
                amount={amounts[figure]}
                why={{ of: { figure, [kind]: value }, named: [`${short}${row}`, `${short}-${column}`] }}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
  if (!isShort) return table;
  return (
    <>
      {table}
      <p>
        {speech.say('mostFundedShown', { shown: mostShown, count: all.length })}{' '}
        <a class="ds-link" href={`${href(path, { ...query, all: kind })}#by-${kind}`}>
          {speech.say('showAllOf', { count: all.length })}
        </a>
      </p>
    </>
  );
}

function byFunding(one: GroupRow, other: GroupRow): number {
  return Number(BigInt(other.funded) - BigInt(one.funded));
}

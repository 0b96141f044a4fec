import type { StatusCounts } from '../../projections/totals/views.js';
import type { MessageKey } from '../messages/en.js';
import { useCurrency, useHref, usePage } from '../page.js';
import { Table } from './layout.js';
import { MoneyCell } from './texts.js';

/** The totals of initiatives that share an authority or a region. `filter` lists them. */
export type GroupRow = {
  readonly name: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly initiatives: StatusCounts;
  readonly funded: string;
  readonly spent: string;
  readonly returned: string;
  readonly available: string;
};

/** A table of groups; each name leads to the initiatives of its group at `list`. */
export function Groups({ kind, groups, list }: { kind: MessageKey; groups: readonly GroupRow[]; list: string }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const href = useHref();
  return (
    <Table caption={speech.say('amountsIn', { currency: currency.code })}>
      <thead>
        <tr>
          <th scope="col">{speech.say(kind)}</th>
          <th scope="col" class="number">
            {speech.say('initiatives')}
          </th>
          {(['funded', 'spent', 'returned', 'unspent'] as const).map((name) => (
            <th scope="col" class="number" key={name}>
              {speech.say(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(({ name, filter, initiatives, funded, spent, returned, available }) => (
          <tr key={JSON.stringify(filter)}>
            <th scope="row">
              <a class="ds-link" href={href(list, filter)}>
                <bdi>{name}</bdi>
              </a>
            </th>
            <td class="number">{speech.count(Object.values(initiatives).reduce((sum, count) => sum + count, 0))}</td>
            {[funded, spent, returned, available].map((amount, index) => (
              <MoneyCell key={index} amount={amount} />
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

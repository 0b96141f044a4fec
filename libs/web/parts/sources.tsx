import type { SourceKind } from '../../domain/papers/source.js';
import type { GroupView } from '../../projections/totals/views.js';
import type { TextKey } from '../speech.js';
import { useCurrency, usePage } from '../page.js';
import { Table } from './layout.js';
import { MoneyCell } from './texts.js';

/** The name of each kind of source. */
export const sourceNames: Readonly<Record<SourceKind, TextKey>> = {
  budget: 'sourceBudget',
  grant: 'sourceGrant',
  loan: 'sourceLoan',
  own: 'sourceOwn',
};
export function isSource(value: string): value is SourceKind {
  return Object.hasOwn(sourceNames, value);
}

const columns = ['appropriated', 'funded'] as const;

/** What was appropriated and funded out of each kind of source. */
export function Sources({ sources }: { sources: readonly GroupView[] }) {
  const { speech } = usePage();
  const currency = useCurrency();
  return (
    <Table caption={speech.say('amountsIn', { currency: currency.code })}>
      <thead>
        <tr>
          <th scope="col">{speech.say('moneySource')}</th>
          {columns.map((figure) => (
            <th scope="col" class="number" key={figure} id={`m-${figure}`}>
              {speech.say(figure)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sources.map(({ value, ...amounts }) => (
          <tr key={value}>
            <th scope="row" id={`m${value}`}>
              {isSource(value) ? speech.say(sourceNames[value]) : value}
            </th>
            {columns.map((figure) => (
              <MoneyCell
                key={figure}
                amount={amounts[figure]}
                why={{ of: { figure, source: value }, named: [`m${value}`, `m-${figure}`] }}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

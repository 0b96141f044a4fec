import type { PeriodLength } from '../../projections/totals/periods.js';
import type { SeriesView } from '../../projections/totals/series.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { asOfOf } from '../as-of.js';
import { PairedBars } from '../charts/paired-bars.js';
import type { MessageKey } from '../messages/en.js';
import { addressOf, useCurrency, useHref, usePage, type Past } from '../page.js';
import type { Speech } from '../speech.js';
import { Table } from './layout.js';
import { MoneyCell } from './texts.js';

/** The most periods of a chart and its table, so that the page stays below 100 KB; the download has all. */
const mostShown = 36;
const lengths: { readonly [L in PeriodLength]: MessageKey } = { month: 'byMonth', quarter: 'byQuarter', year: 'byYear' };
const shownMeasures = ['funded', 'spent', 'returned'] as const;

/** What was funded and spent in each period: a chart, and beneath it a table with the same numbers. */
export function MoneyOverTime({ programme, by, series }: { programme: ProgrammeView; by: PeriodLength; series: readonly SeriesView[] }) {
  const { speech, past } = usePage();
  const currency = useCurrency();
  const href = useHref();
  const here = `/p/${programme.programme}`;
  const shown = series.slice(-mostShown);
  const pairs = shown.map(({ period, funded, spent }) => ({
    name: period,
    year: period.slice(0, 4),
    amounts: [Number(spent), Number(funded)],
  }));
  return (
    <>
      <ul class="details">
        {(['month', 'quarter', 'year'] as const).map((length) => (
          <li key={length}>
            {length === by ? (
              <span aria-current="true">{speech.say(lengths[length])}</span>
            ) : (
              <a class="ds-link" href={href(here, { by: length })}>
                {speech.say(lengths[length])}
              </a>
            )}
          </li>
        ))}
      </ul>
      <PairedBars title={speech.say('moneyOverTimeChart')} pairs={pairs} kinds={[speech.say('spent'), speech.say('funded')]} />
      {shown.length < series.length && <p>{speech.say('latestPeriods', { shown: shown.length, all: series.length })}</p>}
      <details class="ds-details">
        <summary>{speech.say('sameNumbers')}</summary>
        <div>
          <Table caption={speech.say('amountsIn', { currency: currency.code })}>
            <thead>
              <tr>
                <th scope="col">{speech.say('period')}</th>
                {shownMeasures.map((measure, column) => (
                  <th scope="col" class="number" key={measure} id={`p-${column}`}>
                    {speech.say(measure)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((item, row) => (
                <tr key={item.period}>
                  <th scope="row" id={`p${row}`}>
                    <a class="ds-link" href={href(here, { by, happened: item.to })}>
                      {periodName(speech, by, item)}
                    </a>
                  </th>
                  {shownMeasures.map((measure, column) => (
                    <MoneyCell
                      key={measure}
                      amount={item[measure]}
                      // In most periods nothing is returned; a page of many periods must stay light.
                      {...(item[measure] !== '0' && {
                        why: {
                          of: { figure: measure, from: item.from, happened: lastDayOf(item, past) },
                          named: [`p${row}`, `p-${column}`],
                        },
                      })}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
          <p>{speech.say('periodsHint')}</p>
          <p>
            <a
              class="ds-link"
              href={addressOf(`/programmes/${programme.programme}/series`, { by, ...asOfOf(past, programme) })}
              type="application/json"
            >
              {speech.say('json')}
            </a>
          </p>
        </div>
      </details>
    </>
  );
}

/** The last day of a period that a page counts. */
function lastDayOf({ to }: SeriesView, { happened }: Past): string {
  return happened !== undefined && happened < to ? happened : to;
}

function periodName(speech: Speech, by: PeriodLength, { period, from }: SeriesView): string {
  if (by === 'month') return speech.month(from);
  return by === 'year' ? period : speech.say('quarterOf', { quarter: period.slice(-1), year: period.slice(0, 4) });
}

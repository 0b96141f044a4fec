import type { IndicatorView, ReportedValue } from '../../projections/delivery/indicator.js';
import { LinesOverTime } from '../charts/lines-over-time.js';
import { usePage } from '../page.js';
import { Table } from './layout.js';
import { Day } from './texts.js';

/** The most results of one indicator that the page shows; the interface for programs has all. */
const mostShown = 60;

/** The end of a period, with what was meant to be reached by then and what was. */
type Row = { readonly on: string; readonly period?: string; readonly target?: string; readonly result?: string | undefined };

/** An indicator: its results and targets over time as a chart, and beside it as a table. `results` come in the order of recording. */
export function Indicator({ indicator, results }: { indicator: IndicatorView; results: readonly ReportedValue[] }) {
  const { speech } = usePage();
  const rows = rowsOf(indicator, results);
  const shown = reachedIn(rows).length;
  return (
    <>
      <div class="charted">
        <Chart indicator={indicator} rows={rows} />
        <Values indicator={indicator} rows={rows} />
      </div>
      {indicator.results > shown && <p>{speech.say('latestResults', { shown, all: indicator.results })}</p>}
    </>
  );
}

function Chart({ indicator: { title, unit, baseline, definedOn }, rows }: { indicator: IndicatorView; rows: readonly Row[] }) {
  const { speech } = usePage();
  const reached = reachedIn(rows);
  const meant = rows.flatMap(({ on, target }) => (target === undefined ? [] : [{ on, value: target }]));
  const [latest, last] = [reached.at(-1), meant.at(-1)];
  const [first] = reached;
  // Results of periods before the definition are part of the same line.
  const since = first && first.on <= definedOn ? [] : [{ on: definedOn, value: baseline }];
  return (
    <LinesOverTime
      title={speech.say('indicatorChart', {
        title: speech.title(title).text,
        unit,
        baseline: speech.decimal(baseline),
        reported: latest ? 'yes' : 'no',
        latest: latest ? speech.decimal(latest.value) : '',
        latestOn: latest ? speech.day(latest.on) : '',
        target: last ? speech.decimal(last.value) : '',
        targetOn: last ? speech.day(last.on) : '',
      })}
      lines={[
        { name: speech.say('result'), mark: 'reached', points: [...since, ...reached].map(drawn) },
        { name: speech.say('target'), mark: 'meant', points: meant.map(drawn) },
      ]}
    />
  );
}

/** The results of some rows, each once: periods may end on the same day. */
function reachedIn(rows: readonly Row[]): { on: string; value: string }[] {
  return [...new Map(rows.flatMap(({ on, result }) => (result === undefined ? [] : [[on, { on, value: result }]]))).values()];
}

function drawn({ on, value }: { on: string; value: string }) {
  return { on, value: Number(value) };
}

function Values({ indicator: { indicatorId, title, unit, baseline }, rows }: { indicator: IndicatorView; rows: readonly Row[] }) {
  const { speech } = usePage();
  return (
    <Table caption={`${speech.title(title).text} (${unit})`}>
      <thead>
        <tr>
          <th scope="col">{speech.say('period')}</th>
          <th scope="col" class="number">
            {speech.say('target')}
          </th>
          <th scope="col" class="number">
            {speech.say('result')}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">
            {speech.say('indicatorBaseline')} <small>({indicatorId})</small>
          </th>
          <td class="number">–</td>
          <td class="number">
            <Value of={baseline} />
          </td>
        </tr>
        {rows.map(({ on, period, target, result }) => (
          <tr key={period ?? on}>
            <th scope="row">{period ?? <Day on={on} />}</th>
            <td class="number">{target === undefined ? '–' : <Value of={target} />}</td>
            <td class="number">{result === undefined ? <span class="none">{speech.say('noResult')}</span> : <Value of={result} />}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Targets and results by the ends of their periods, the latest results only. Of several results of one day, the one that was recorded last counts. */
function rowsOf({ targets, latest }: IndicatorView, results: readonly ReportedValue[]): Row[] {
  const known = [...results, ...targets.flatMap(({ result }) => result ?? []), ...(latest ? [latest] : [])];
  const values = [...new Map(known.map(({ periodEnd, value }) => [periodEnd, value]))];
  const shown = new Map(values.sort(([one], [other]) => (one < other ? -1 : 1)).slice(-mostShown));
  const meant = targets.map(({ period, periodEnd: on, value: target }) => ({ on, period, target, result: shown.get(on) }));
  const beside = [...shown].filter(([on]) => !meant.some((row) => row.on === on)).map(([on, result]) => ({ on, result }));
  return [...meant, ...beside].sort((one, other) => (one.on < other.on ? -1 : 1));
}

function Value({ of }: { of: string }) {
  const { speech } = usePage();
  return <data value={of}>{speech.decimal(of)}</data>;
}

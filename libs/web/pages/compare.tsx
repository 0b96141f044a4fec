import type { ComponentChildren } from 'preact';
import type { FiscalYear, IsoDate } from '../../domain/vocabulary.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { currencyOf } from '../currency.js';
import type { AmountChange, Differences, YearName } from '../differences.js';
import type { MessageKey } from '../messages/en.js';
import { InCurrency, useCurrency, useHref, usePage } from '../page.js';
import { AmountRow, CountRow, ShareRow, type Heads } from '../parts/changes.js';
import { Age } from '../parts/freshness.js';
import { Table } from '../parts/layout.js';
import { ChooseDays, WholeYears, type Basis, type Compared } from '../parts/choose-days.js';
import { StatusTag, Title } from '../parts/texts.js';

export type Comparison = {
  readonly programme: ProgrammeView;
  /** Every fiscal year, for one-click comparisons of its beginning and its end. */
  readonly years: readonly FiscalYear[];
  readonly compared: Compared;
  readonly differences?: Differences;
};

/** A programme on two days, with what changed in between. */
export function Compare({ programme, years, compared, differences }: Comparison) {
  const { speech } = usePage();
  return (
    <InCurrency value={currencyOf(programme)}>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('compare')}
      </h1>
      <p class="lead">
        <Title of={programme.title} />
      </p>
      <ChooseDays compared={compared} />
      <WholeYears programme={programme} years={years} by={compared.by} />
      {compared.days && differences && <Changes programme={programme} by={compared.by} days={compared.days} differences={differences} />}
      <p class="freshness">
        <Age programme={programme} />
      </p>
    </InCurrency>
  );
}

type Shown = { programme: ProgrammeView; by: Basis; days: readonly [IsoDate, IsoDate]; differences: Differences };

function Changes({ programme, by, days, differences }: Shown) {
  const { speech } = usePage();
  const currency = useCurrency();
  const caption = speech.say('amountsIn', { currency: currency.code });
  const heads = [speech.day(days[0]), speech.day(days[1]), speech.say('change')] as const;
  const head = <Head programme={programme} by={by} days={days} />;
  return (
    <div class="compared">
      <Part id="totals" title={speech.say('compareTotals')}>
        <Table caption={caption} stacks>
          {head}
          <tbody>
            {differences.totals.map((change) => (
              <AmountRow key={change.name} name={speech.say(change.name)} of={change} heads={heads} />
            ))}
            <ShareRow name={speech.say('absorption')} of={differences.absorption} heads={heads} />
          </tbody>
        </Table>
      </Part>
      <Part id="by-status" title={speech.say('statusCounts')}>
        <Table caption={speech.say('statusCounts')} hidden stacks>
          {head}
          <tbody>
            {differences.counts.map((change) => (
              <CountRow key={change.status} name={<StatusTag status={change.status} />} of={change} heads={heads} />
            ))}
          </tbody>
        </Table>
      </Part>
      <Part id="by-year" title={speech.say('moneyByYear')}>
        {differences.years.length > 0 && (
          <Table caption={caption} stacks>
            {head}
            {differences.years.map(({ fiscalYear, closed, changes }) => (
              <Group
                key={fiscalYear}
                name={`${fiscalYear}${closed ? ` (${speech.say('compareClosed')})` : ''}`}
                changes={changes}
                heads={heads}
              />
            ))}
          </Table>
        )}
        {differences.sameYears.length > 0 && (
          <p class="hint">{speech.say('compareSameYears', { years: differences.sameYears.join(', ') })}</p>
        )}
      </Part>
      <Part id="by-authority" title={speech.say('authorities')}>
        {differences.authorities.length > 0 && (
          <Table caption={caption} stacks>
            {head}
            {differences.authorities.map(({ authority, name, changes }) => (
              <Group key={authority} name={name ?? authority} changes={changes} heads={heads} names={{ available: 'unspent' }} />
            ))}
          </Table>
        )}
        {differences.sameAuthorities > 0 && (
          <p class="hint">{speech.say('compareSameAuthorities', { count: differences.sameAuthorities })}</p>
        )}
      </Part>
    </div>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section aria-labelledby={id}>
      <h2 class="ds-heading" data-size="md" id={id}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Both days lead to the programme as of then. */
function Head({ programme, by, days }: Pick<Shown, 'programme' | 'by' | 'days'>) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <thead>
      <tr>
        <th scope="col">{speech.say('figure')}</th>
        {days.map((day, index) => (
          <th scope="col" class="number" key={index}>
            <a class="ds-link" href={href(`/p/${programme.programme}`, { [by]: day })}>
              <time dateTime={day}>{speech.day(day)}</time>
            </a>
          </th>
        ))}
        <th scope="col" class="number">
          {speech.say('change')}
        </th>
      </tr>
    </thead>
  );
}

/** The changes of one year or authority, under its name. `names` are messages for amounts whose name here is not their own. */
function Group({
  name,
  changes,
  heads,
  names = {},
}: {
  name: string;
  changes: readonly AmountChange<YearName>[];
  heads: Heads;
  names?: Partial<Record<YearName, MessageKey>>;
}) {
  const { speech } = usePage();
  return (
    <tbody class="group">
      <tr>
        <th scope="rowgroup" colSpan={4}>
          <bdi>{name}</bdi>
        </th>
      </tr>
      {changes.map((change) => (
        <AmountRow key={change.name} name={speech.say(names[change.name] ?? change.name)} of={change} heads={heads} />
      ))}
    </tbody>
  );
}

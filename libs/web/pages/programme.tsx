import { statuses } from '../../domain/vocabulary.js';
import type { Dimension } from '../../projections/totals/dimensions.js';
import type { PeriodLength } from '../../projections/totals/periods.js';
import type { SeriesView } from '../../projections/totals/series.js';
import type { FiscalYearView, GroupView, ProgrammeView } from '../../projections/totals/views.js';
import type { EntryView } from '../../projections/entries/reads.js';
import type { NoticeView } from '../../projections/notices/reads.js';
import { StackedBars } from '../charts/stacked-bars.js';
import { useCurrency, useHref, usePage } from '../page.js';
import { Freshness } from '../parts/freshness.js';
import { Groups } from '../parts/groups.js';
import { Table } from '../parts/layout.js';
import { Embedding } from '../parts/embedding.js';
import { MoneyOverTime } from '../parts/money-over-time.js';
import { PastForm } from '../parts/past.js';
import { Sources } from '../parts/sources.js';
import { sectorInWords } from '../sectors.js';
import { NoticeList } from './notices.js';
import { Figure, Money, MoneyCell, nameOfEntry, Share, ShareCell, StatusTag, Title } from '../parts/texts.js';
import { InProgramme, WhyHint } from '../parts/why.js';

/** What the page of a programme shows. */
export type ProgrammeShown = {
  programme: ProgrammeView;
  years: readonly FiscalYearView[];
  authorities: readonly GroupView[];
  regions: readonly GroupView[];
  sectors: readonly GroupView[];
  sources: readonly GroupView[];
  /** The length of the periods of the series. */
  by: PeriodLength;
  series: readonly SeriesView[];
  /** The first notices and the latest entries; none on a page that shows the past. */
  notices: readonly NoticeView[];
  entries: readonly EntryView[];
};

/** One programme: its money by year and over time, its initiatives by status, their authorities, regions and sectors. */
export function Programme({ programme, years, authorities, regions, sectors, sources, by, series, notices, entries }: ProgrammeShown) {
  const { speech } = usePage();
  const href = useHref();
  const list = `/p/${programme.programme}/initiatives`;
  return (
    <InProgramme of={programme}>
      <h1 class="ds-heading" data-size="lg">
        <Title of={programme.title} />
      </h1>
      <PastForm />
      <p class="beside-past">
        <a class="ds-link" href={href(`/p/${programme.programme}/compare`)}>
          {speech.say('compare')}
        </a>
      </p>
      {programme.ceiling === 'none' && <p>{speech.say('noCeiling')}</p>}
      <dl class="figures">
        <Figure name="appropriated" means="appropriatedMeans" of={{ figure: 'appropriated' }}>
          <Money amount={programme.appropriated} />
        </Figure>
        <Figure name="funded" means="fundedMeans" of={{ figure: 'funded' }} href={href(list, { sort: '-funded' })}>
          <Money amount={programme.funded} />
        </Figure>
        <Figure name="spent" means="spentMeans" of={{ figure: 'spent' }} href={href(list, { sort: '-spent' })}>
          <Money amount={programme.spent} />
        </Figure>
        {programme.committed !== '0' && (
          <Figure name="committed" means="committedMeans" of={{ figure: 'committed' }}>
            <Money amount={programme.committed} />
          </Figure>
        )}
        <Figure name="returned" means="returnedMeans" of={{ figure: 'returned' }}>
          <Money amount={programme.returned} />
        </Figure>
        <Figure name="available" means="availableMeans" of={programme.available === null ? undefined : { figure: 'available' }}>
          <Money amount={programme.available} />
        </Figure>
        <Figure name="lapsed" means="lapsedMeans" of={programme.lapsed === null ? undefined : { figure: 'lapsed' }}>
          <Money amount={programme.lapsed} />
        </Figure>
        <Figure name="absorption" means="absorptionMeans" of={programme.absorption === null ? undefined : { figure: 'absorption' }}>
          <Share share={programme.absorption} />
        </Figure>
      </dl>
      <WhyHint />
      <section aria-labelledby="by-year">
        <h2 class="ds-heading" data-size="md" id="by-year">
          {speech.say('moneyByYear')}
        </h2>
        <MoneyByYear programme={programme.programme} years={years} />
      </section>
      {series.length > 0 && (
        <section aria-labelledby="over-time">
          <h2 class="ds-heading" data-size="md" id="over-time">
            {speech.say('moneyOverTime')}
          </h2>
          <MoneyOverTime programme={programme} by={by} series={series} />
        </section>
      )}
      <section aria-labelledby="by-status">
        <h2 class="ds-heading" data-size="md" id="by-status">
          {speech.say('statusCounts')}
        </h2>
        <ul class="counts">
          {statuses.map((status) => (
            <li key={status}>
              <a class="ds-link" href={href(list, { status })}>
                <StatusTag status={status} /> <span class="count">{speech.count(programme.initiatives[status])}</span>
              </a>
            </li>
          ))}
        </ul>
        <p>
          <a class="ds-link" href={href(list)}>
            {speech.say('allInitiatives')}
          </a>
        </p>
      </section>
      <GroupsOf kind="authority" title="authorities" groups={authorities} called={({ name, value }) => name ?? value} list={list} />
      {regions.length > 0 && <GroupsOf kind="region" title="regions" groups={regions} called={({ value }) => value} list={list} />}
      {sectors.length > 0 && (
        <GroupsOf kind="sector" title="sectors" groups={sectors} called={({ value }) => sectorInWords(speech, value)} list={list} />
      )}
      {sources.length > 0 && (
        <section aria-labelledby="by-source">
          <h2 class="ds-heading" data-size="md" id="by-source">
            {speech.say('moneySources')}
          </h2>
          <Sources sources={sources} />
        </section>
      )}
      <Embedding path={`/p/${programme.programme}`} title={speech.title(programme.title).text} />
      {entries.length > 0 && <Latest programme={programme} notices={notices} entries={entries} />}
      <Freshness programme={programme} />
    </InProgramme>
  );
}

/** The totals of every group of a dimension. */
function GroupsOf({
  kind,
  title,
  groups,
  called,
  list,
}: {
  kind: Dimension;
  title: 'authorities' | 'regions' | 'sectors';
  groups: readonly GroupView[];
  called: (group: GroupView) => string;
  list: string;
}) {
  const { speech } = usePage();
  return (
    <section aria-labelledby={`by-${kind}`}>
      <h2 class="ds-heading" data-size="md" id={`by-${kind}`}>
        {speech.say(title)}
      </h2>
      <Groups kind={kind} groups={groups.map((group) => ({ ...group, name: called(group) }))} list={list} />
    </section>
  );
}

/** What somebody should look at, and what was recorded last. */
function Latest({
  programme,
  notices,
  entries,
}: {
  programme: ProgrammeView;
  notices: readonly NoticeView[];
  entries: readonly EntryView[];
}) {
  const { speech } = usePage();
  const href = useHref();
  const base = `/p/${programme.programme}`;
  return (
    <>
      <section aria-labelledby="notices">
        <h2 class="ds-heading" data-size="md" id="notices">
          {speech.say('notices')}
        </h2>
        <NoticeList programme={programme} notices={notices} />
        <p>
          <a class="ds-link" href={href(`${base}/notices`)}>
            {speech.say('allNotices')}
          </a>
        </p>
      </section>
      <section aria-labelledby="latest">
        <h2 class="ds-heading" data-size="md" id="latest">
          {speech.say('latestEntries')}
        </h2>
        <ul class="notices">
          {entries.map((entry) => (
            <li key={entry.position}>
              <a class="ds-link" href={href(`${base}/entries/${entry.position}`)}>
                {speech.say(nameOfEntry(entry))}
              </a>
              {entry.initiative !== undefined && ` · ${entry.initiative}`}
              {entry.change !== undefined && (
                <>
                  {' · '}
                  <Money amount={entry.change} />
                </>
              )}{' '}
              <small>
                <time dateTime={entry.recordedAt}>{speech.moment(entry.recordedAt, programme.timeZone)}</time>
              </small>
            </li>
          ))}
        </ul>
        <p>
          <a class="ds-link" href={href(`${base}/entries`)}>
            {speech.say('allEntries')}
          </a>
        </p>
      </section>
    </>
  );
}

const yearColumns = ['appropriated', 'funded', 'spent', 'returned', 'available', 'lapsed', 'absorption'] as const;

/** A chart of all fiscal years, and a table with the same numbers. */
function MoneyByYear({ programme, years }: { programme: string; years: readonly FiscalYearView[] }) {
  const { speech } = usePage();
  const href = useHref();
  const currency = useCurrency();
  const kinds = [speech.say('spent'), speech.say('openFunding'), speech.say('freeOrLapsed')];
  const bars = years.map((year) => ({
    name: String(year.fiscalYear),
    parts: [
      Number(year.spent),
      Number(year.funded) - Number(year.returned) - Number(year.spent),
      Number(year.available ?? 0) + Number(year.lapsed ?? 0),
    ],
  }));
  return (
    <>
      {years.length > 0 && <StackedBars title={speech.say('moneyByYearChart')} bars={bars} kinds={kinds} />}
      <Table caption={speech.say('amountsIn', { currency: currency.code })}>
        <thead>
          <tr>
            <th scope="col">{speech.say('year')}</th>
            {yearColumns.map((name, column) => (
              <th scope="col" class="number" key={name} id={`y-${column}`}>
                {speech.say(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {years.map(({ fiscalYear, ...year }) => (
            <tr key={fiscalYear}>
              <th scope="row">
                <a class="ds-link" href={href(`/p/${programme}/years/${fiscalYear}`)} id={`y${fiscalYear}`}>
                  {fiscalYear}
                </a>{' '}
                <small>
                  {year.closedOn === null ? speech.say('yearOpen') : speech.say('yearClosed', { day: speech.day(year.closedOn) })}
                </small>
              </th>
              {yearColumns.map((figure, column) => {
                const why = { of: { figure, fiscalYear }, named: [`y${fiscalYear}`, `y-${column}`] } as const;
                return figure === 'absorption' ? (
                  <ShareCell key={figure} share={year.absorption} why={why} />
                ) : (
                  <MoneyCell key={figure} amount={year[figure]} why={why} />
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

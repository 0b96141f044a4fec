import { dayIn } from '../../domain/calendar.js';
import { amountMoved, effectsOf } from '../../domain/effects.js';
import type { EventRecord } from '../../event-log/record.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import type { InitiativeView, SumTexts } from '../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import type { IndicatorView, ResultView } from '../../projections/delivery/indicator.js';
import type { MilestoneView } from '../../projections/delivery/milestone.js';
import { Waterfall } from '../charts/waterfall.js';
import type { MessageKey } from '../messages/en.js';
import { useCurrency, useHref, usePage } from '../page.js';
import { Commitments } from '../parts/commitments.js';
import { Embedding } from '../parts/embedding.js';
import { EntryDetails } from '../parts/entry-details.js';
import { Freshness } from '../parts/freshness.js';
import { Table } from '../parts/layout.js';
import { PastForm } from '../parts/past.js';
import { sectorInWords } from '../sectors.js';
import { Delivery } from './delivery.js';
import { Day, Money, MoneyCell, StatusTag, Title } from '../parts/texts.js';
import { InProgramme, Why, WhyHint, type Explained } from '../parts/why.js';

/** One initiative: its money, its plan beside the actual course, and every entry. */
export function Initiative({
  programme,
  initiative,
  commitments,
  moreCommitments,
  milestones,
  indicators,
  results,
  events,
  cursor,
}: {
  programme: ProgrammeView;
  initiative: InitiativeView;
  /** A page of them. */
  commitments: readonly CommitmentView[];
  /** The cursor of their next page. */
  moreCommitments: string | undefined;
  milestones: readonly MilestoneView[];
  indicators: readonly IndicatorView[];
  /** Of all its indicators, in the order of recording. */
  results: readonly ResultView[];
  events: readonly EventRecord[];
  cursor: string | undefined;
}) {
  const { speech, path, query } = usePage();
  const href = useHref();
  return (
    <InProgramme of={programme}>
      <h1 class="ds-heading" data-size="lg">
        <Title of={initiative.title} />
      </h1>
      <p class="under-title">
        <StatusTag status={initiative.status} suspended={initiative.suspended} />{' '}
        <a class="ds-link" href={href(`/p/${programme.programme}/initiatives`, { authority: initiative.authority })}>
          <bdi>{initiative.authorityName ?? initiative.authority}</bdi>
        </a>
        {initiative.region !== undefined && (
          <>
            {' · '}
            <a class="ds-link" href={href(`/p/${programme.programme}/initiatives`, { region: initiative.region })}>
              <bdi>{initiative.region}</bdi>
            </a>
          </>
        )}
        {initiative.sector !== undefined && (
          <>
            {' · '}
            <a class="ds-link" href={href(`/p/${programme.programme}/initiatives`, { sector: initiative.sector })}>
              {sectorInWords(speech, initiative.sector)}
            </a>
          </>
        )}
      </p>
      <PastForm />
      <section aria-labelledby="money">
        <h2 class="ds-heading" data-size="md" id="money">
          {speech.say('money')}
        </h2>
        <MoneyOf initiative={initiative} />
      </section>
      <Commitments commitments={commitments} all={initiative.commitments} next={moreCommitments} />
      <section aria-labelledby="plan">
        <h2 class="ds-heading" data-size="md" id="plan">
          {speech.say('plan')}
        </h2>
        <Plan initiative={initiative} />
      </section>
      <Delivery {...{ initiative, milestones, indicators, results }} />
      <section aria-labelledby="history">
        <h2 class="ds-heading" data-size="md" id="history">
          {speech.say('history')}
        </h2>
        <p>{speech.say('historyHint')}</p>
        <p>
          {speech.say('lateness', {
            entries: initiative.lateness.entries,
            average: speech.count(initiative.lateness.averageDays),
            longest: initiative.lateness.longestDays,
          })}
        </p>
        <Timeline events={events} timeZone={programme.timeZone} />
        {cursor !== undefined && (
          <p>
            <a class="ds-link" rel="next" href={href(path, { ...query, cursor })}>
              {speech.say('nextPage')}
            </a>
          </p>
        )}
      </section>
      <Embedding path={`/p/${programme.programme}/i/${initiative.initiative}`} title={speech.title(initiative.title).text} />
      <Freshness programme={programme} initiative={initiative} />
    </InProgramme>
  );
}

/** The sums of an initiative, with the names of their columns. */
const columns = [
  ['funded', 'funded'],
  ['returned', 'returned'],
  ['spent', 'spent'],
  ['available', 'unspent'],
  ['committed', 'committed'],
  ['free', 'uncommitted'],
] as const satisfies readonly (readonly [keyof SumTexts, MessageKey])[];

function MoneyOf({ initiative }: { initiative: InitiativeView }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const { transferred } = initiative;
  const steps = [
    { name: speech.say('funded'), change: Number(initiative.funded), kind: 1 },
    { name: speech.say('returned'), change: 0 - Number(initiative.returned), kind: 3 },
    { name: speech.say('spent'), change: 0 - Number(initiative.spent), kind: 0 },
  ];
  return (
    <>
      <p>
        {speech.say('fundedOfInitiativeMeans')}{' '}
        {transferred !== undefined && (
          <Why reason={{ of: { figure: 'transferred', initiative: initiative.initiative }, named: ['money'] }}>
            {speech.say('fundedByTransfers', { amount: speech.signedMoney(transferred, currency) })}
          </Why>
        )}
      </p>
      <WhyHint />
      <Waterfall title={speech.say('waterfall')} steps={steps} rest={{ name: speech.say('unspent'), kind: 2 }} />
      <Table caption={speech.say('amountsIn', { currency: currency.code })}>
        <thead>
          <tr>
            <th scope="col">{speech.say('year')}</th>
            {columns.map(([, name], column) => (
              <th scope="col" class="number" key={name} id={`i-${column}`}>
                {speech.say(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {initiative.fiscalYears.map(({ fiscalYear, ...year }) => (
            <MoneyRow key={fiscalYear} name={String(fiscalYear)} of={year} figures={{ initiative: initiative.initiative, fiscalYear }} />
          ))}
          <MoneyRow name={speech.say('total')} of={initiative} figures={{ initiative: initiative.initiative }} />
        </tbody>
      </Table>
    </>
  );
}

/** The sums of an initiative in one year or in all; `figures` says whose they are. */
function MoneyRow({ name, of, figures }: { name: string; of: SumTexts; figures: Omit<Explained, 'figure'> }) {
  const row = `i${figures.fiscalYear ?? ''}`;
  return (
    <tr>
      <th scope="row" id={row}>
        {name}
      </th>
      {columns.map(([figure], column) => (
        <MoneyCell key={figure} amount={of[figure]} why={{ of: { figure, ...figures }, named: [row, `i-${column}`] }} />
      ))}
    </tr>
  );
}

function Plan({ initiative }: { initiative: InitiativeView }) {
  const { speech } = usePage();
  const { firstApproved, ended } = initiative;
  // What was spent when it ended may have been corrected since.
  const actual = ended?.finalValue ?? initiative.spent;
  const named = ['plan-amount', 'actual'] as const;
  return (
    <Table caption={speech.say('plan')} hidden>
      <thead>
        <tr>
          <td />
          <th scope="col">{speech.say('firstApproved')}</th>
          <th scope="col">{speech.say('planned')}</th>
          <th scope="col" id="actual">
            {speech.say('actual')}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{speech.say('start')}</th>
          <td>
            <Day on={firstApproved?.plannedStart} />
          </td>
          <td>
            <Day on={initiative.plannedStart} />
          </td>
          <td>
            <Day on={initiative.firstSpentOn} />
          </td>
        </tr>
        <tr>
          <th scope="row">{speech.say('end')}</th>
          <td>
            <Day on={firstApproved?.plannedEnd} />
          </td>
          <td>
            <Day on={initiative.plannedEnd} />
          </td>
          <td>
            <Day on={ended?.on} />
          </td>
        </tr>
        <tr>
          <th scope="row" id="plan-amount">
            {speech.say('amount')}
          </th>
          <td>
            <Money amount={firstApproved?.requestedAmount} />
          </td>
          <td>
            <Money amount={initiative.requestedAmount} />
          </td>
          <td>
            <Why reason={actual === initiative.spent ? { of: { figure: 'spent', initiative: initiative.initiative }, named } : undefined}>
              <Money amount={actual} />
            </Why>
          </td>
        </tr>
      </tbody>
    </Table>
  );
}

const day = 86_400_000;

function Timeline({ events, timeZone }: { events: readonly EventRecord[]; timeZone: string }) {
  const { speech } = usePage();
  return (
    <ol class="timeline">
      {events.map((event) => {
        const late = Math.round((Date.parse(dayIn(timeZone, Date.parse(event.recordedAt))) - Date.parse(event.occurredOn)) / day);
        return (
          <li key={event.position} id={`position-${event.position}`}>
            <p class="happened">
              <Day on={event.occurredOn} /> <strong>{speech.say(event.type)}</strong> <AmountOf event={event} />
            </p>
            <EntryDetails data={event.data} references={event.references} />
            <p class="recorded">
              <a class="ds-link" href={`#position-${event.position}`}>
                {speech.say('position', { position: speech.count(event.position) })}
              </a>
              {' · '}
              {speech.say('recorded')} <time dateTime={event.recordedAt}>{speech.moment(event.recordedAt, timeZone)}</time>{' '}
              {late > 0 && <span class="late">{speech.say('lateBy', { days: late })}</span>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** The money that an event moves, if it does. */
function AmountOf({ event }: { event: EventRecord }) {
  if (event.type === 'FundsCarriedOver')
    return (
      <>
        <Money amount={event.data.amount.toString()} />{' '}
        <small>
          ({event.data.fiscalYear} → {event.data.fiscalYear + 1})
        </small>
      </>
    );
  const moved = amountMoved(effectsOf(event));
  return moved === undefined ? null : (
    <>
      <Money amount={moved.amount.toString()} /> <small>({moved.fiscalYear})</small>
    </>
  );
}

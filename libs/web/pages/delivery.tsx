import type { IndicatorView, ResultView } from '../../projections/delivery/indicator.js';
import type { AssessmentView } from '../../projections/delivery/initiative-delivery.js';
import type { MilestoneView } from '../../projections/delivery/milestone.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import { ProgressBar } from '../charts/progress-bar.js';
import type { MessageKey } from '../messages/en.js';
import { useHref, usePage } from '../page.js';
import { milestoneKindNames, milestoneStatusNames, ratingNames } from '../parts/delivery-names.js';
import { Indicator } from '../parts/indicator.js';
import { Table } from '../parts/layout.js';
import { Day, Title } from '../parts/texts.js';

/** What an initiative delivers: progress beside its money, confidence, milestones, indicators. Nothing of an initiative without any. */
export function Delivery({
  initiative,
  milestones,
  indicators,
  results,
}: {
  initiative: InitiativeView;
  milestones: readonly MilestoneView[];
  indicators: readonly IndicatorView[];
  /** Of all its indicators, in the order of recording. */
  results: readonly ResultView[];
}) {
  const { speech } = usePage();
  const { progress, confidence } = initiative;
  if (!progress && !confidence && milestones.length === 0 && indicators.length === 0) return null;
  return (
    <section aria-labelledby="delivery">
      <h2 class="ds-heading" data-size="md" id="delivery">
        {speech.say('delivery')}
      </h2>
      {progress && <Progress initiative={initiative} progress={progress} />}
      {confidence && <Confidence initiative={initiative} confidence={confidence} />}
      {milestones.length > 0 && <Milestones milestones={milestones} />}
      {indicators.length > 0 && <Indicators {...{ initiative, indicators, results }} />}
    </section>
  );
}

function Heading({ text }: { text: MessageKey }) {
  const { speech } = usePage();
  return (
    <h3 class="ds-heading" data-size="xs">
      {speech.say(text)}
    </h3>
  );
}

/** A link to the entry that says so. */
function ToEntry({ initiative, position }: { initiative: InitiativeView; position: number }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <a class="ds-link" href={href(`/p/${initiative.programme}/entries/${position}`)}>
      {speech.say('position', { position: speech.count(position) })}
    </a>
  );
}

function Progress({ initiative, progress }: { initiative: InitiativeView; progress: NonNullable<InitiativeView['progress']> }) {
  const { speech } = usePage();
  const { absorption, spendingAhead = 0 } = initiative;
  return (
    <>
      <Heading text="progressTitle" />
      {absorption !== null && <ProgressBar name={speech.say('progressMoney')} share={absorption} kind={0} />}
      <ProgressBar name={speech.say('progressPhysical')} share={progress.percent / 100} kind={2} />
      {spendingAhead > 0 && <p>{speech.say('spendingAhead', { points: spendingAhead })}</p>}
      <p>
        <bdi>{progress.note}</bdi>{' '}
        <small>
          <Day on={progress.on} /> · <ToEntry initiative={initiative} position={progress.position} />
        </small>
      </p>
    </>
  );
}

const ratingColours = { green: 'success', amber: 'warning', red: 'danger' } as const;

function Confidence({ initiative, confidence }: { initiative: InitiativeView; confidence: NonNullable<InitiativeView['confidence']> }) {
  const { speech } = usePage();
  const { own, independent } = confidence;
  return (
    <Table caption={speech.say('confidence')}>
      <thead>
        <tr>
          <td />
          <th scope="col">{speech.say('rating')}</th>
          <th scope="col">{speech.say('assessor')}</th>
          <th scope="col">{speech.say('validUntil')}</th>
        </tr>
      </thead>
      <tbody>
        {own && <Assessment kind="ownAssessment" assessment={own} initiative={initiative} />}
        {independent && <Assessment kind="independentAssessment" assessment={independent} initiative={initiative} />}
      </tbody>
    </Table>
  );
}

function Assessment({ kind, assessment, initiative }: { kind: MessageKey; assessment: AssessmentView; initiative: InitiativeView }) {
  const { speech } = usePage();
  const { rating, narrative, organisation, on, validUntil, position } = assessment;
  return (
    <tr>
      <th scope="row">{speech.say(kind)}</th>
      <td>
        <span class="ds-tag" data-color={ratingColours[rating]}>
          {speech.say(ratingNames[rating])}
        </span>
        <br />
        <bdi>{narrative}</bdi>
      </td>
      <td>
        <bdi>{organisation}</bdi>
        <br />
        <small>
          <Day on={on} /> · <ToEntry initiative={initiative} position={position} />
        </small>
      </td>
      <td>
        <Day on={validUntil} />
      </td>
    </tr>
  );
}

function Milestones({ milestones }: { milestones: readonly MilestoneView[] }) {
  const { speech } = usePage();
  return (
    <Table caption={speech.say('milestonesTitle')}>
      <thead>
        <tr>
          <th scope="col">{speech.say('milestone')}</th>
          <th scope="col">{speech.say('baselineDay')}</th>
          <th scope="col">{speech.say('forecastDay')}</th>
          <th scope="col" class="number">
            {speech.say('drift')}
          </th>
        </tr>
      </thead>
      <tbody>
        {milestones.map(({ milestoneId, title, kind, status, baseline, dueOn, metOn, driftDays, reforecasts }) => (
          <tr key={milestoneId} id={`milestone-${milestoneId}`}>
            <th scope="row">
              <Title of={title} />
              <br />
              <small>
                <bdi>{milestoneId}</bdi> · {speech.say(milestoneKindNames[kind])}
              </small>
            </th>
            <td>
              <Day on={baseline?.dueOn} />
            </td>
            <td>
              <Day on={metOn ?? dueOn} />
              <br />
              <small>
                {speech.say(status === 'scheduled' ? 'milestoneScheduled' : milestoneStatusNames[status])} ·{' '}
                {speech.say('reforecastTimes', { count: reforecasts })}
              </small>
            </td>
            <td class="number">{speech.say('driftDays', { days: driftDays })}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Indicators({
  initiative,
  indicators,
  results,
}: {
  initiative: InitiativeView;
  indicators: readonly IndicatorView[];
  results: readonly ResultView[];
}) {
  const { speech } = usePage();
  return (
    <>
      <Heading text="indicatorsTitle" />
      {indicators.map((indicator) => (
        <Indicator
          key={indicator.indicatorId}
          indicator={indicator}
          results={results.filter(({ indicatorId }) => indicatorId === indicator.indicatorId)}
        />
      ))}
      <p>
        <a class="ds-link" href={`/programmes/${initiative.programme}/initiatives/${initiative.initiative}/results`}>
          {speech.say('correctedResults')}
        </a>
      </p>
    </>
  );
}

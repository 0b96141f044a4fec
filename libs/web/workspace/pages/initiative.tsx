import { capabilities } from '../../../domain/capabilities.js';
import { amountMoved, effectsOf } from '../../../domain/effects.js';
import { isDeliveryEvent } from '../../../domain/delivery/delivery-event.js';
import type { Actor } from '../../../domain/vocabulary.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import { Table } from '../../parts/layout.js';
import { Day, Money, Title } from '../../parts/texts.js';
import { initiativeForms, type CommandForm } from '../forms/command-forms.js';
import { InitiativeFacts } from '../parts/initiative-facts.js';
import { DoLink, NextPage } from '../parts/initiative-table.js';
import type { HashedEvent } from '../reads.js';

/** One initiative: what can be done with it now, and its entries with the ways to correct them. */
export function OwnInitiative({
  programme,
  initiative,
  events,
  next,
  actor,
}: {
  programme: ProgrammeView;
  initiative: InitiativeView;
  events: readonly HashedEvent[];
  next: string | undefined;
  actor: Actor;
}) {
  const { speech, path } = usePage();
  const href = useHref();
  const here = `/workspace/p/${programme.programme}/i/${initiative.initiative}`;
  const possible = offered.filter((name) => isPossible(initiativeForms[name], initiative, actor));
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        <Title of={initiative.title} />
      </h1>
      <InitiativeFacts initiative={initiative} titled={false} />
      <div class="buttons">
        {possible.map((name, index) => (
          <DoLink key={name} href={href(`${here}/send/${name}`)} secondary={index > 0}>
            {speech.say(initiativeForms[name].title)}
          </DoLink>
        ))}
      </div>
      <p>
        <a class="ds-link" href={href(`/p/${programme.programme}/i/${initiative.initiative}`)}>
          {speech.say('publicPage')}
        </a>
      </p>
      <h2 class="ds-heading" data-size="md">
        {speech.say('history')}
      </h2>
      <Table caption={speech.say('history')} hidden stacks>
        <thead>
          <tr>
            <th scope="col">{speech.say('what')}</th>
            <th scope="col">{speech.say('occurred')}</th>
            <th scope="col" class="number">
              {speech.say('amount')}
            </th>
            <th scope="col">{speech.say('actions')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.version} id={`v${event.version}`}>
              <th scope="row">
                {speech.say(event.type)}
                <br />
                <small>{speech.say('position', { position: speech.count(event.position) })}</small>
                <What event={event} />
              </th>
              <td data-label={speech.say('occurred')}>
                <Day on={event.occurredOn} />
              </td>
              <td class="number" data-label={speech.say('amount')}>
                <Amount event={event} />
              </td>
              <td data-label={speech.say('actions')}>
                <Corrections event={event} initiative={initiative} actor={actor} here={here} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <NextPage href={next === undefined ? undefined : href(path, { from: next })} />
      <Freshness programme={programme} initiative={initiative} />
    </>
  );
}

/** In the order in which they are offered; the others begin at an entry. */
const offered = [
  'spending',
  'commitment',
  'funding',
  'completion',
  'finalization',
  'return',
  'transfer',
  'carry-over',
  'progress',
  'milestone',
  'indicator',
  'assessment',
  'amendment',
  'resumption',
  'suspension',
  'cancellation',
] as const satisfies readonly (keyof typeof initiativeForms)[];

/** Whether somebody may send a form in the initiative's present status. */
function isPossible({ type }: CommandForm, { status, suspended, authority }: InitiativeView, { role, organisation }: Actor): boolean {
  const { by, in: within = [], notWhileSuspended = false } = capabilities[type];
  if (!by.includes(role) || (role === 'ministry' && organisation !== authority)) return false;
  if (type === 'RecordSpending' && status === 'proposed') return false;
  return within.includes(status) && !(suspended && notWhileSuspended) && (suspended || type !== 'ResumeInitiative');
}

function Amount({ event }: { event: HashedEvent }) {
  const amount = amountMoved(effectsOf(event))?.amount;
  return amount === undefined ? <span class="none">–</span> : <Money amount={amount.toString()} />;
}

/** The number of what an event is about, and the payee or supplier. */
function What({ event }: { event: HashedEvent }) {
  const number = numberIn(event.data);
  const payee = event.type === 'SpendingRecorded' ? event.data.payee : event.type === 'CommitmentMade' ? event.data.supplier : undefined;
  if (number === undefined && payee === undefined) return null;
  return (
    <>
      <small>
        <bdi>{number}</bdi>
        {payee !== undefined && (
          <>
            {' · '}
            <bdi>{payee}</bdi>
          </>
        )}
      </small>
    </>
  );
}

/** The number of what an entry brings or is about. */
function numberIn(data: HashedEvent['data']): string | undefined {
  for (const name of ['transactionId', 'fundingId', 'commitmentId', 'milestoneId', 'assessmentId', 'resultId', 'indicatorId']) {
    const number: unknown = Reflect.get(data, name);
    if (typeof number === 'string') return number;
  }
  return undefined;
}

type FormName = keyof typeof initiativeForms;
/** The forms that continue an entry about delivery, with what its number fills in. */
function waysOfDelivery(event: HashedEvent, may: (name: FormName) => boolean): [name: FormName, query: Record<string, string>][] {
  const ways = (query: Record<string, string>, ...names: FormName[]) =>
    names.filter(may).map((name): [FormName, Record<string, string>] => [name, query]);
  if (!isDeliveryEvent(event)) return [];
  switch (event.type) {
    case 'MilestonePlanned':
      return ways({ milestoneId: event.data.milestoneId }, 'milestone-report', 'forecast');
    case 'IndicatorDefined':
      return ways({ indicatorId: event.data.indicatorId }, 'result');
    case 'ResultReported':
      return ways({ resultId: event.data.resultId }, 'result-correction');
    case 'MilestoneReforecast':
    case 'MilestoneReported':
    case 'ProgressReported':
    case 'ConfidenceAssessed':
    case 'ResultCorrected':
      return [];
  }
}

function Corrections({ event, initiative, actor, here }: { event: HashedEvent; initiative: InitiativeView; actor: Actor; here: string }) {
  const { speech } = usePage();
  const href = useHref();
  const may = (name: keyof typeof initiativeForms) => isPossible(initiativeForms[name], initiative, actor);
  const ways: (readonly [text: string, href: string])[] = [];
  if (event.type === 'SpendingRecorded') {
    const { transactionId } = event.data;
    if (may('reversal') && may('spending')) ways.push([speech.say('correctPayment'), href(`${here}/corrections/${event.version}`)]);
    if (may('reversal')) ways.push([speech.say('reverseSpending'), href(`${here}/send/reversal`, { transactionId })]);
  }
  if (event.type === 'CommitmentMade') {
    const { commitmentId } = event.data;
    if (may('spending')) ways.push([speech.say('recordSpending'), href(`${here}/send/spending`, { commitmentId })]);
    if (may('commitment-change')) ways.push([speech.say('changeCommitment'), href(`${here}/send/commitment-change`, { commitmentId })]);
    if (may('commitment-release')) ways.push([speech.say('releaseCommitment'), href(`${here}/send/commitment-release`, { commitmentId })]);
  }
  if (event.type === 'InitiativeFunded' && may('funding-change'))
    ways.push([speech.say('adjustFunding'), href(`${here}/send/funding-change`, { fundingId: event.data.fundingId })]);
  ways.push(
    ...waysOfDelivery(event, may).map(
      ([name, query]) => [speech.say(initiativeForms[name].title), href(`${here}/send/${name}`, query)] as const,
    ),
  );
  if (ways.length === 0) return <span class="none">–</span>;
  return (
    <ul class="plain">
      {ways.map(([text, address]) => (
        <li key={address}>
          <a class="ds-link" href={address} aria-label={`${text}: ${speech.say('position', { position: event.position })}`}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}

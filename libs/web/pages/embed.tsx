/** Cards that other sites show in a frame: a title, the status, key figures, a bar, and how new they are. */
import type { ComponentChildren } from 'preact';
import { statuses } from '../../domain/vocabulary.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { ShareBar, type Part } from '../charts/share-bar.js';
import { currencyOf } from '../currency.js';
import type { MessageKey } from '../messages/en.js';
import { InCurrency, useHref, usePage } from '../page.js';
import { Age } from '../parts/freshness.js';
import { PastShown } from '../parts/past.js';
import { Money, Share, StatusTag, Title } from '../parts/texts.js';

type Titled = { readonly title: Readonly<Record<string, string>> };

export function ProgrammeCard({ programme }: { programme: ProgrammeView }) {
  const { speech } = usePage();
  const all = statuses.reduce((sum, status) => sum + programme.initiatives[status], 0);
  const open = BigInt(programme.funded) - BigInt(programme.returned) - BigInt(programme.spent);
  const rest = BigInt(programme.available ?? '0') + BigInt(programme.lapsed ?? '0');
  const parts: Part[] = [
    { name: speech.say('spent'), amount: programme.spent, kind: 0 },
    { name: speech.say('openFunding'), amount: open.toString(), kind: 1 },
    ...(programme.ceiling === 'none' ? [] : [{ name: speech.say('freeOrLapsed'), amount: rest.toString(), kind: 2 }]),
  ];
  return (
    <InCurrency value={currencyOf(programme)}>
      <Card of={programme} path={`/p/${programme.programme}`} programme={programme}>
        <p class="under-title">
          {speech.say('initiativesCounted', {
            all,
            running: programme.initiatives.spending + programme.initiatives.finalizing,
            finalized: programme.initiatives.finalized,
          })}
        </p>
        <dl class="facts">
          <Fact name="appropriated">
            <Money amount={programme.appropriated} />
          </Fact>
          <Fact name="absorption">
            <Share share={programme.absorption} />
          </Fact>
        </dl>
        <ShareBar title={speech.say('shareBar')} parts={parts} />
      </Card>
    </InCurrency>
  );
}

export function InitiativeCard({ programme, initiative }: { programme: ProgrammeView; initiative: InitiativeView }) {
  const { speech } = usePage();
  const parts: Part[] = [
    { name: speech.say('spent'), amount: initiative.spent, kind: 0 },
    { name: speech.say('unspent'), amount: initiative.available, kind: 1 },
    { name: speech.say('returned'), amount: initiative.returned, kind: 3 },
  ];
  return (
    <InCurrency value={currencyOf(programme)}>
      <Card of={initiative} path={`/p/${programme.programme}/i/${initiative.initiative}`} programme={programme} initiative={initiative}>
        <p class="under-title">
          <StatusTag status={initiative.status} suspended={initiative.suspended} />{' '}
          <bdi>{initiative.authorityName ?? initiative.authority}</bdi>
        </p>
        <dl class="facts">
          <Fact name="funded">
            <Money amount={initiative.funded} />
          </Fact>
          <Fact name="spent">
            <Money amount={initiative.spent} />
          </Fact>
        </dl>
        <ShareBar title={speech.say('shareBar')} parts={parts} />
      </Card>
    </InCurrency>
  );
}

/** A card that says why there is no other one. */
export function FailureCard({ title, text }: { title: MessageKey; text: string }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="xs">
        {speech.say(title)}
      </h1>
      <p>{text}</p>
    </>
  );
}

function Card({
  of,
  path,
  programme,
  initiative,
  children,
}: {
  of: Titled;
  path: string;
  programme: ProgrammeView;
  /** What the figures belong to, if not to the programme. */
  initiative?: { readonly lastRecordedAt: string };
  children: ComponentChildren;
}) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="xs">
        <a class="ds-link" href={href(path)} target="_blank" rel="noopener">
          <Title of={of.title} />
        </a>
      </h1>
      <PastShown />
      {children}
      <p class="hint">
        <Age programme={programme} initiative={initiative} />{' '}
        <a class="ds-link" href={href(path)} target="_blank" rel="noopener">
          {speech.say('embedMore')}
        </a>
      </p>
    </>
  );
}

function Fact({ name, children }: { name: MessageKey; children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <div>
      <dt>{speech.say(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

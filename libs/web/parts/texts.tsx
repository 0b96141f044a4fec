import type { ComponentChildren } from 'preact';
import { useCurrency, usePage } from '../page.js';
import type { EntryView } from '../../projections/entries/reads.js';
import type { MessageKey } from '../messages/en.js';
import type { Status } from '../../domain/vocabulary.js';
import { Why, type Explained, type Reason } from './why.js';

/** Text for screen readers only. */
export function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="ds-sr-only">{children}</span>;
}

/**
 * An amount of minor units as decimal text, with its currency; `null` if the programme has none.
 * `bare` leaves the currency out, for tables whose caption names it.
 */
export function Money({ amount, bare = false }: { amount: string | null | undefined; bare?: boolean }) {
  const { speech } = usePage();
  const currency = useCurrency();
  return amount === null || amount === undefined ? (
    <span class="none">{speech.say('notApplicable')}</span>
  ) : (
    <data class="money" value={amount}>
      {bare ? speech.amount(amount, currency) : speech.money(amount, currency)}
    </data>
  );
}

/** A cell of a table of amounts; `label` is its name when the table stacks, and `why` leads to the parts of the amount. */
export function MoneyCell({ amount, label, why }: { amount: string | null | undefined; label?: string; why?: Reason }) {
  return (
    <td class="number" data-label={label}>
      <Why reason={amount === null || amount === undefined ? undefined : why}>
        <Money amount={amount} bare />
      </Why>
    </td>
  );
}

/** A cell with a share. */
export function ShareCell({ share, why }: { share: number | null; why?: Reason }) {
  return (
    <td class="number">
      <Why reason={share === null ? undefined : why}>
        <Share share={share} />
      </Why>
    </td>
  );
}

export function Share({ share }: { share: number | null }) {
  const { speech } = usePage();
  return share === null ? (
    <span class="none">{speech.say('notApplicable')}</span>
  ) : (
    <data value={String(share)}>{speech.percent(share)}</data>
  );
}

export function Day({ on }: { on: string | undefined }) {
  const { speech } = usePage();
  return on === undefined ? <span class="none">–</span> : <time dateTime={on}>{speech.day(on)}</time>;
}

/** A title in the reader's language, or in another one with its `lang` attribute. */
export function Title({ of }: { of: Readonly<Record<string, string>> }) {
  const { speech } = usePage();
  const { text, language } = speech.title(of);
  return (
    <bdi lang={language} class="title">
      {text}
    </bdi>
  );
}

/** The name of what an entry records. */
export function nameOfEntry({ type }: Pick<EntryView, 'type'>): MessageKey {
  return type;
}

export const statusMessages: { readonly [S in Status]: MessageKey } = {
  proposed: 'proposed',
  funded: 'fundedStatus',
  spending: 'spending',
  finalizing: 'finalizing',
  finalized: 'finalized',
  cancelled: 'cancelled',
};
const statusColours: { readonly [S in Status]: string } = {
  proposed: 'neutral',
  funded: 'info',
  spending: 'accent',
  finalizing: 'warning',
  finalized: 'success',
  cancelled: 'danger',
};

export function StatusTag({ status, suspended = false }: { status: Status; suspended?: boolean }) {
  const { speech } = usePage();
  return (
    <>
      <span class="ds-tag" data-color={statusColours[status]}>
        {speech.say(statusMessages[status])}
      </span>
      {suspended && (
        <span class="ds-tag" data-color="danger">
          {speech.say('suspended')}
        </span>
      )}
    </>
  );
}

/** A figure with its name and its definition. The name leads to a list that shows it in parts, the figure to the entries that add up to it. */
export function Figure({
  name,
  means,
  href,
  of,
  children,
}: {
  name: MessageKey;
  means: MessageKey;
  href?: string;
  /** Absent for a figure that has no value. */
  of: Explained | undefined;
  children: ComponentChildren;
}) {
  const { speech } = usePage();
  const said = speech.say(name);
  return (
    <div class="figure">
      <dt id={name}>
        {href === undefined ? (
          said
        ) : (
          <a class="ds-link" href={href}>
            {said}
          </a>
        )}
      </dt>
      <dd class="value">
        <Why reason={of && { of, named: [name] }}>{children}</Why>
      </dd>
      <dd class="means">{speech.say(means)}</dd>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { useCurrency, usePage } from '../page.js';
import type { EntryView } from '../../projections/entries/reads.js';
import type { MessageKey } from '../messages/en.js';
import type { Status } from '../../domain/vocabulary.js';

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

/** A cell of a table of amounts; `label` is its name where the table stacks. */
export function MoneyCell({ amount, label }: { amount: string | null | undefined; label?: string }) {
  return (
    <td class="number" data-label={label}>
      <Money amount={amount} bare />
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

/** A figure with its name, its definition, and a link to its parts. */
export function Figure({
  name,
  means,
  href,
  children,
}: {
  name: MessageKey;
  means: MessageKey;
  href?: string;
  children: ComponentChildren;
}) {
  const { speech } = usePage();
  return (
    <div class="figure">
      <dt>{speech.say(name)}</dt>
      <dd class="value">{href === undefined ? children : <a href={href}>{children}</a>}</dd>
      <dd class="means">{speech.say(means)}</dd>
    </div>
  );
}

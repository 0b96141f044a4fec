import type { ComponentChildren } from 'preact';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Day, MoneyCell, Share, StatusTag, Title } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import type { Listing } from '../reads.js';

/** A column of amounts, or of shares. */
export type FigureColumn = { readonly name: TextKey } & (
  | { readonly amount: (initiative: InitiativeView) => string | null | undefined }
  | { readonly share: (initiative: InitiativeView) => number | null }
);

/** A page of initiatives to work on, with the way to the next page. */
export function InitiativeTable({
  programme,
  initiatives: { items, cursor },
  columns,
  nothing,
}: {
  programme: ProgrammeView;
  initiatives: Listing<InitiativeView>;
  columns: readonly FigureColumn[];
  /** What to say if there are none. */
  nothing: TextKey;
}) {
  const { speech, path, query } = usePage();
  const href = useHref();
  if (items.length === 0) return <p role="status">{speech.say(nothing)}</p>;
  return (
    <>
      <Table caption={speech.say('amountsIn', { currency: programme.currency })} stacks>
        <thead>
          <tr>
            <th scope="col">{speech.say('initiative')}</th>
            <th scope="col">{speech.say('status')}</th>
            {columns.map(({ name }) => (
              <th scope="col" class="number" key={name}>
                {speech.say(name)}
              </th>
            ))}
            <th scope="col">{speech.say('end')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.initiative}>
              <th scope="row">
                <a class="ds-link" href={href(`/workspace/p/${one.programme}/i/${one.initiative}`)}>
                  <Title of={one.title} />
                </a>
                <br />
                <small>
                  {one.initiative} · <bdi>{one.authorityName ?? one.authority}</bdi>
                </small>
              </th>
              <td data-label={speech.say('status')}>
                <StatusTag status={one.status} suspended={one.suspended} />
              </td>
              {columns.map((column) =>
                'amount' in column ? (
                  <MoneyCell key={column.name} amount={column.amount(one)} label={speech.say(column.name)} />
                ) : (
                  <td class="number" key={column.name} data-label={speech.say(column.name)}>
                    <Share share={column.share(one)} />
                  </td>
                ),
              )}
              <td data-label={speech.say('end')}>
                <Day on={one.plannedEnd} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <NextPage href={cursor === undefined ? undefined : href(path, { ...query, cursor })} />
    </>
  );
}

/** The way to the next page of a list; nothing on the last page. */
export function NextPage({ href }: { href: string | undefined }): ComponentChildren {
  const { speech } = usePage();
  if (href === undefined) return null;
  return (
    <p>
      <a class="ds-link" rel="next" href={href}>
        {speech.say('nextPage')}
      </a>
    </p>
  );
}

/** A link that looks like a button, to a page with a form. */
export function DoLink({ href, children, secondary = false }: { href: string; children: ComponentChildren; secondary?: boolean }) {
  return (
    <a class="ds-button" href={href} {...(secondary && { 'data-variant': 'secondary' })}>
      {children}
    </a>
  );
}

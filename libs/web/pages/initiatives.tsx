import { statuses } from '../../domain/vocabulary.js';
import type { InitiativeFilter } from '../../projections/initiatives/filters.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { GroupView, ProgrammeView } from '../../projections/totals/views.js';
import type { MessageKey } from '../messages/en.js';
import { currencyOf } from '../currency.js';
import { addressOf, InCurrency, useHref, usePage } from '../page.js';
import { Freshness } from '../parts/freshness.js';
import { Choice, type Option } from '../parts/choice.js';
import { Table } from '../parts/layout.js';
import { ListLinks, NothingFound, Total } from '../parts/list-links.js';
import { Day, MoneyCell, statusMessages, StatusTag, Title } from '../parts/texts.js';

/** The sort orders of the page, with their names. */
export const sorts: Readonly<Record<string, MessageKey>> = {
  initiative: 'sortCode',
  '-spent': 'sortSpent',
  '-funded': 'sortFunded',
  '-available': 'sortAvailable',
  '-lastRecordedAt': 'sortLatest',
};

export type ListFilter = InitiativeFilter & { readonly sort: string };

/** A page of a programme's initiatives, with search, filters and sort order. */
export function Initiatives({
  programme,
  authorities,
  initiatives,
  filter,
  cursor,
  total,
  totalAtLeast,
}: {
  programme: ProgrammeView;
  authorities: readonly GroupView[];
  initiatives: readonly InitiativeView[];
  filter: ListFilter;
  cursor: string | undefined;
  total: number | undefined;
  totalAtLeast: number | undefined;
}) {
  const { speech, query } = usePage();
  const href = useHref();
  return (
    <InCurrency value={currencyOf(programme)}>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('initiatives')}
      </h1>
      <Filters authorities={authorities} filter={filter} />
      <Total total={total} totalAtLeast={totalAtLeast} />
      {initiatives.length === 0 ? (
        <NothingFound cursor={cursor} />
      ) : (
        <Table caption={speech.say('amountsIn', { currency: programme.currency })} stacks>
          <thead>
            <tr>
              <th scope="col">{speech.say('initiative')}</th>
              <th scope="col">{speech.say('authority')}</th>
              <th scope="col">{speech.say('status')}</th>
              {(['funded', 'spent', 'unspent'] as const).map((name) => (
                <th scope="col" class="number" key={name}>
                  {speech.say(name)}
                </th>
              ))}
              <th scope="col">{speech.say('end')}</th>
            </tr>
          </thead>
          <tbody>
            {initiatives.map((one) => (
              <tr key={one.initiative}>
                <th scope="row">
                  <a class="ds-link" href={href(`/p/${one.programme}/i/${one.initiative}`)}>
                    <Title of={one.title} />
                  </a>
                  <br />
                  <small>{one.initiative}</small>
                </th>
                <td data-label={speech.say('authority')}>
                  <bdi>{one.authorityName ?? one.authority}</bdi>
                </td>
                <td data-label={speech.say('status')}>
                  <StatusTag status={one.status} suspended={one.suspended} />
                </td>
                {(['funded', 'spent', 'available'] as const).map((name) => (
                  <MoneyCell key={name} amount={one[name]} label={speech.say(name === 'available' ? 'unspent' : name)} />
                ))}
                <td data-label={speech.say('end')}>
                  <Day on={one.plannedEnd} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <ListLinks
        label={speech.say('initiatives')}
        cursor={cursor}
        csv={`/p/${programme.programme}/initiatives.csv`}
        api={addressOf(`/programmes/${programme.programme}/initiatives`, query)}
      />
      <Freshness programme={programme} />
    </InCurrency>
  );
}

function Filters({ authorities, filter }: { authorities: readonly GroupView[]; filter: ListFilter }) {
  const { speech, path, past, keepsLanguage } = usePage();
  return (
    <form method="get" action={path} class="filters" role="search">
      {keepsLanguage && <input type="hidden" name="lang" value={speech.language} />}
      {Object.entries(past).map(([name, day]) => (
        <input key={name} type="hidden" name={name} value={day} />
      ))}
      <div class="ds-field">
        <label class="ds-label" for="q">
          {speech.say('search')}
        </label>
        <div class="hint" id="q-hint">
          {speech.say('searchHint')}
        </div>
        <input class="ds-input" type="search" id="q" name="q" maxLength={200} value={filter.q ?? ''} aria-describedby="q-hint" />
      </div>
      <Choice
        name="status"
        label={speech.say('status')}
        chosen={filter.status?.[0] ?? ''}
        options={[['', speech.say('anyStatus')], ...statuses.map((status): Option => [status, speech.say(statusMessages[status])])]}
      />
      <Choice
        name="authority"
        label={speech.say('authority')}
        chosen={filter.authority?.[0] ?? ''}
        options={[['', speech.say('anyAuthority')], ...authorities.map(({ value, name }): Option => [value, name ?? value])]}
      />
      <div class="ds-field">
        <label class="ds-label" for="region">
          {speech.say('region')}
        </label>
        <input class="ds-input" type="text" id="region" name="region" maxLength={200} value={filter.region?.[0] ?? ''} />
      </div>
      <div class="ds-field">
        <label class="ds-label" for="sector">
          {speech.say('sector')}
        </label>
        <input class="ds-input" type="text" id="sector" name="sector" maxLength={200} value={filter.sector?.[0] ?? ''} />
      </div>
      {filter.suspended !== undefined && <input type="hidden" name="suspended" value={String(filter.suspended)} />}
      <Choice
        name="sort"
        label={speech.say('sort')}
        chosen={filter.sort}
        options={Object.entries(sorts).map(([sort, name]): Option => [sort, speech.say(name)])}
      />
      <button class="ds-button" type="submit">
        {speech.say('show')}
      </button>
    </form>
  );
}

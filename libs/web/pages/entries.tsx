import { eventTypes } from '../../domain/capabilities.js';
import type { EntryFilter } from '../../projections/entries/filters.js';
import type { EntryView } from '../../projections/entries/reads.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { currencyOf } from '../currency.js';
import { InCurrency, useHref, usePage } from '../page.js';
import { EntryDetails } from '../parts/entry-details.js';
import { Freshness } from '../parts/freshness.js';
import { Table } from '../parts/layout.js';
import { ListLinks, Total } from '../parts/list-links.js';
import { DayField } from '../parts/past.js';
import { Day, Money, MoneyCell, nameOfEntry, Title } from '../parts/texts.js';
import { Choice, type Option } from '../parts/choice.js';

/** A page of a programme's entries, newest first. */
export function Entries({
  programme,
  items,
  filter,
  cursor,
  total,
  totalAtLeast,
}: {
  programme: ProgrammeView;
  items: readonly EntryView[];
  filter: EntryFilter;
  cursor?: string | undefined;
  total?: number | undefined;
  totalAtLeast?: number | undefined;
}) {
  const { speech } = usePage();
  const href = useHref();
  const base = `/p/${programme.programme}`;
  return (
    <InCurrency value={currencyOf(programme)}>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('allEntries')}
      </h1>
      <p class="lead">
        <Title of={programme.title} />
      </p>
      <p>{speech.say('allEntriesHint')}</p>
      <Filters filter={filter} />
      <Total total={total} totalAtLeast={totalAtLeast} />
      {items.length > 0 && (
        <Table caption={speech.say('amountsIn', { currency: programme.currency })} stacks>
          <thead>
            <tr>
              <th scope="col">{speech.say('what')}</th>
              <th scope="col">{speech.say('occurred')}</th>
              <th scope="col">{speech.say('initiative')}</th>
              <th scope="col" class="number">
                {speech.say('amount')}
              </th>
              <th scope="col">{speech.say('recorded')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.position}>
                <th scope="row">
                  <a class="ds-link" href={href(`${base}/entries/${entry.position}`)}>
                    {speech.say(nameOfEntry(entry))}
                  </a>
                </th>
                <td data-label={speech.say('occurred')}>
                  <Day on={entry.occurredOn} />
                </td>
                <td data-label={speech.say('initiative')}>
                  {entry.initiative === undefined ? (
                    '–'
                  ) : (
                    <a class="ds-link" href={href(`${base}/i/${entry.initiative}`)}>
                      {entry.initiative}
                    </a>
                  )}
                </td>
                {entry.change === undefined ? <td class="number">–</td> : <MoneyCell amount={entry.change} />}
                <td data-label={speech.say('recorded')}>
                  <time dateTime={entry.recordedAt}>{speech.moment(entry.recordedAt, programme.timeZone)}</time>{' '}
                  {entry.daysLate > 0 && <span class="late">{speech.say('lateBy', { days: entry.daysLate })}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <ListLinks
        label={speech.say('allEntries')}
        cursor={cursor}
        csv={`${base}/entries.csv`}
        api={`/programmes/${programme.programme}/entries`}
      />
      <Freshness programme={programme} />
    </InCurrency>
  );
}

function Filters({ filter }: { filter: EntryFilter }) {
  const { speech, path, keepsLanguage } = usePage();
  return (
    <form method="get" action={path} class="filters" role="search">
      {keepsLanguage && <input type="hidden" name="lang" value={speech.language} />}
      <Choice
        name="type"
        label={speech.say('what')}
        chosen={filter.type?.[0] ?? ''}
        options={[['', speech.say('anyType')], ...eventTypes.map((type): Option => [type, speech.say(type)])]}
      />
      <div class="ds-field">
        <label class="ds-label" for="initiative">
          {speech.say('initiative')}
        </label>
        <div class="hint" id="initiative-hint">
          {speech.say('initiativeHint')}
        </div>
        <input
          class="ds-input"
          type="text"
          id="initiative"
          name="initiative"
          maxLength={64}
          value={filter.initiative ?? ''}
          aria-describedby="initiative-hint"
        />
      </div>
      <DayField name="from" label={speech.say('from')} hint={speech.say('fromHint')} value={filter.occurredAfter} />
      <DayField name="to" label={speech.say('to')} hint={speech.say('toHint')} value={filter.occurredBy} />
      <button class="ds-button" type="submit">
        {speech.say('show')}
      </button>
    </form>
  );
}

/** One entry: what was recorded, when, and its place in the history. */
export function Entry({ programme, entry }: { programme: ProgrammeView; entry: EntryView }) {
  const { speech } = usePage();
  const href = useHref();
  const base = `/p/${programme.programme}`;
  const { initiative, change, fiscalYear, data } = entry;
  return (
    <InCurrency value={currencyOf(programme)}>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(nameOfEntry(entry))}
      </h1>
      <dl class="facts">
        <Fact name={speech.say('occurred')}>
          <Day on={entry.occurredOn} />
        </Fact>
        <Fact name={speech.say('recorded')}>
          <time dateTime={entry.recordedAt}>{speech.moment(entry.recordedAt, programme.timeZone)}</time>{' '}
          {entry.daysLate > 0 && speech.say('lateBy', { days: entry.daysLate })}
        </Fact>
        {initiative !== undefined && (
          <Fact name={speech.say('initiative')}>
            <a class="ds-link" href={href(`${base}/i/${initiative}`)}>
              {initiative}
            </a>
          </Fact>
        )}
        {change !== undefined && (
          <Fact name={speech.say('amount')}>
            <Money amount={change} /> {fiscalYear !== undefined && `(${fiscalYear})`}
          </Fact>
        )}
        <Fact name={speech.say('place')}>{speech.say('position', { position: speech.count(entry.position) })}</Fact>
      </dl>
      <EntryDetails data={data} references={entry.references} />
      <nav class="paging" aria-label={speech.say('allEntries')}>
        {entry.position > 1 && (
          <a class="ds-link" rel="prev" href={href(`${base}/entries/${entry.position - 1}`)}>
            {speech.say('entryBefore')}
          </a>
        )}
        {entry.position < programme.position && (
          <a class="ds-link" rel="next" href={href(`${base}/entries/${entry.position + 1}`)}>
            {speech.say('entryAfter')}
          </a>
        )}
        <a class="ds-link" href={href(`${base}/entries`, initiative === undefined ? {} : { initiative })}>
          {speech.say('allEntries')}
        </a>
      </nav>
      <Freshness programme={programme} />
    </InCurrency>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

import type { ComponentChildren } from 'preact';
import { eventTypes } from '../../../domain/capabilities.js';
import type { Total } from '../../../projections/counts.js';
import type { EntryView } from '../../../projections/entries/reads.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import type { TextKey } from '../../speech.js';
import { EntryTable } from '../parts/entry-table.js';
import { NextPage } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

type Found = Listing<EntryView> & Total;

/** Entries with the form to search them. */
export function Entries({ programme, found }: { programme: ProgrammeView; found: Found }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('entriesOf')}
      </h1>
      <SearchForm />
      <List programme={programme} found={found} nothing="noEntries" />
    </>
  );
}

/** What an organisation sent today. */
export function SentToday({ programme, found }: { programme: ProgrammeView; found: Found }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('sentToday')}
      </h1>
      <p>{speech.say('sentTodayText')}</p>
      <List programme={programme} found={found} nothing="nothingSent" />
    </>
  );
}

function List({
  programme,
  found: { items, cursor, total, totalAtLeast },
  nothing,
}: {
  programme: ProgrammeView;
  found: Found;
  nothing: TextKey;
}) {
  const { speech, path, query } = usePage();
  const href = useHref();
  if (items.length === 0) return <p role="status">{speech.say(nothing)}</p>;
  return (
    <>
      <p role="status">
        {total === undefined ? speech.say('foundMore', { count: speech.count(totalAtLeast ?? 0) }) : speech.say('found', { count: total })}
      </p>
      <EntryTable programme={programme} entries={items} />
      <NextPage href={cursor === undefined ? undefined : href(path, { ...query, cursor })} />
      <Freshness programme={programme} />
    </>
  );
}

function SearchForm() {
  const { speech, path, query, keepsLanguage } = usePage();
  return (
    <form method="get" action={path} class="filters" role="search">
      {keepsLanguage && <input type="hidden" name="lang" value={speech.language} />}
      <Choice
        name="type"
        label="type"
        options={[['', speech.say('anyType')], ...eventTypes.map((type): Option => [type, speech.say(type)])]}
      />
      <Choice
        name="refused"
        label="outcome"
        options={[
          ['', speech.say('anyOutcome')],
          ['false', speech.say('onlyRecorded')],
          ['true', speech.say('onlyRefused')],
        ]}
      />
      <Labelled name="initiative" label="initiative">
        <input class="ds-input" type="text" id="initiative" name="initiative" value={query['initiative'] ?? ''} />
      </Labelled>
      <Labelled name="organisation" label="organisationField">
        <input class="ds-input" type="text" id="organisation" name="organisation" value={query['organisation'] ?? ''} />
      </Labelled>
      {(
        [
          ['occurredAfter', 'happenedFrom'],
          ['occurredBy', 'happenedUntil'],
          ['recordedFrom', 'recordedFrom'],
          ['recordedUntil', 'recordedUntil'],
        ] as const
      ).map(([name, label]) => (
        <Labelled key={name} name={name} label={label}>
          <input class="ds-input" type="date" id={name} name={name} value={query[name] ?? ''} />
        </Labelled>
      ))}
      <Labelled name="amountFrom" label="amountFrom">
        <input class="ds-input" type="text" inputMode="decimal" id="amountFrom" name="amountFrom" value={query['amountFrom'] ?? ''} />
      </Labelled>
      <div class="ds-field">
        <input class="ds-input" type="checkbox" id="late" name="late" value="true" checked={query['late'] === 'true'} />
        <label class="ds-label" for="late">
          {speech.say('onlyLate')}
        </label>
      </div>
      <button class="ds-button" type="submit">
        {speech.say('show')}
      </button>
    </form>
  );
}

function Labelled({ name, label, children }: { name: string; label: TextKey; children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <div class="ds-field">
      <label class="ds-label" for={name}>
        {speech.say(label)}
      </label>
      {children}
    </div>
  );
}

type Option = readonly [value: string, text: string];

function Choice({ name, label, options }: { name: string; label: TextKey; options: readonly Option[] }) {
  const { query } = usePage();
  return (
    <Labelled name={name} label={label}>
      <select class="ds-input" id={name} name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === (query[name] ?? '')}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

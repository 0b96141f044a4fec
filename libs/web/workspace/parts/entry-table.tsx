import { capabilities } from '../../../domain/capabilities.js';
import type { EntryView } from '../../../projections/entries/reads.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Day, Money } from '../../parts/texts.js';
import { refusalText } from '../messages/refusals.js';

/** Entries with their receipts, refusals included, as far as the reader may see them. */
export function EntryTable({ programme, entries }: { programme: ProgrammeView; entries: readonly EntryView[] }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <Table caption={speech.say('entriesOf')} hidden>
      <thead>
        <tr>
          <th scope="col">{speech.say('what')}</th>
          <th scope="col">{speech.say('initiative')}</th>
          <th scope="col" class="number">
            {speech.say('amount')}
          </th>
          <th scope="col">{speech.say('occurred')}</th>
          <th scope="col">{speech.say('recordedAt')}</th>
          <th scope="col">{speech.say('sender')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.position}>
            <th scope="row">
              <What entry={entry} />
            </th>
            <td>
              {entry.initiative === undefined ? (
                '–'
              ) : (
                <a class="ds-link" href={href(`/workspace/p/${programme.programme}/i/${entry.initiative}`)}>
                  {entry.initiative}
                </a>
              )}
            </td>
            <td class="number">
              <Amount entry={entry} />
            </td>
            <td>
              <Day on={entry.occurredOn} />
            </td>
            <td>
              <time dateTime={entry.recordedAt}>{speech.moment(entry.recordedAt, programme.timeZone)}</time>
              {entry.daysLate > 0 && (
                <>
                  <br />
                  <small>{speech.say('lateBy', { days: entry.daysLate })}</small>
                </>
              )}
            </td>
            <td>
              <Sender entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The event or refusal, its position, and the hash that proves it. */
function What({ entry: { type, refusal, position, hash } }: { entry: EntryView }) {
  const { speech } = usePage();
  return (
    <>
      {refusal ? (
        <>
          <span class="ds-tag" data-color="danger">
            {speech.say('refused')}
          </span>{' '}
          {speech.say('triedTo', { what: speech.say(capabilities[refusal.command].event) })}
          <br />
          <small>{refusalText(refusal.code, speech.language)}</small>
        </>
      ) : (
        <>
          {type !== 'CommandRefused' && speech.say(type)}
          <br />
        </>
      )}
      <small>{speech.say('position', { position: speech.count(position) })}</small>
      {hash !== undefined && (
        <small>
          <code class="hash">{hash}</code>
        </small>
      )}
    </>
  );
}

/** What an event moved, or what a refused command would have moved. */
function Amount({ entry: { change, data } }: { entry: EntryView }) {
  const sent = 'amount' in data ? data.amount : 'change' in data ? data.change : undefined;
  const amount = change ?? (typeof sent === 'string' && /^-?\d+$/.test(sent) ? sent : undefined);
  return amount === undefined ? <span class="none">–</span> : <Money amount={amount} />;
}

function Sender({ entry: { actor } }: { entry: EntryView }) {
  if (!actor) return <span class="none">–</span>;
  return (
    <>
      <bdi>{actor.id}</bdi>
      <br />
      <small>{actor.organisation}</small>
    </>
  );
}

import type { CommitmentStatus, CommitmentView, DrawingView } from '../../projections/commitments/commitment-view.js';
import { useCurrency, useHref, usePage } from '../page.js';
import type { MessageKey } from '../messages/en.js';
import { Table } from './layout.js';
import { Day, Money, MoneyCell } from './texts.js';

const statusNames: { readonly [S in CommitmentStatus]: MessageKey } = {
  open: 'commitmentOpen',
  drawn: 'commitmentDrawn',
  released: 'commitmentReleased',
};

/** The name, in the page's address, of the cursor of the commitments' next page. */
export const commitmentsCursor = 'commitments';

/** The columns of the table. */
const columns = 5;
/** The most drawings that the page shows of one commitment; the HTTP interface has more. */
const drawingsShown = 5;

/** The commitments of an initiative, each with the payments drawn from it; nothing if it has none. `all` is how many were made; `next` is the cursor of the next page. */
export function Commitments({ commitments, all, next }: { commitments: readonly CommitmentView[]; all: number; next: string | undefined }) {
  const { speech } = usePage();
  const currency = useCurrency();
  if (commitments.length === 0) return null;
  return (
    <section aria-labelledby="commitments">
      <h2 class="ds-heading" data-size="md" id="commitments">
        {speech.say('commitments')}
      </h2>
      <p>{speech.say('commitmentsHint')}</p>
      <Table caption={`${speech.say('commitments')} · ${speech.say('amountsIn', { currency: currency.code })}`} hidden stacks>
        <thead>
          <tr>
            <th scope="col">{speech.say('supplier')}</th>
            <th scope="col">{speech.say('status')}</th>
            <th scope="col" class="number">
              {speech.say('commitmentValue')}
            </th>
            <th scope="col" class="number">
              {speech.say('drawn')}
            </th>
            <th scope="col" class="number">
              {speech.say('stillOpen')}
            </th>
          </tr>
        </thead>
        <tbody>
          {commitments.map((one) => (
            <Row key={one.commitmentId} of={one} />
          ))}
        </tbody>
      </Table>
      <MoreCommitments shown={commitments.length} all={all} next={next} />
    </section>
  );
}

/** How many of all are shown, with links to the others; nothing if all are shown. */
function MoreCommitments({ shown, all, next }: { shown: number; all: number; next: string | undefined }) {
  const { speech, path, query } = usePage();
  const href = useHref();
  const isLater = query[commitmentsCursor] !== undefined;
  if (!isLater && next === undefined) return null;
  const to = (cursor: string | undefined) => `${href(path, { ...query, [commitmentsCursor]: cursor })}#commitments`;
  return (
    <nav class="paging" aria-label={speech.say('commitments')}>
      <span>{speech.say('commitmentsShown', { shown: speech.count(shown), all: speech.count(all) })}</span>
      {isLater && (
        <a class="ds-link" href={to(undefined)}>
          {speech.say('commitmentsFirst')}
        </a>
      )}
      {next !== undefined && (
        <a class="ds-link" rel="next" href={to(next)}>
          {speech.say('commitmentsNext')}
        </a>
      )}
    </nav>
  );
}

function Row({ of }: { of: CommitmentView }) {
  const { speech } = usePage();
  return (
    <>
      <tr id={`commitment-${of.commitmentId}`}>
        <th scope="row">
          <bdi>{of.supplier}</bdi>
          <br />
          <small>
            <bdi>{of.commitmentId}</bdi>
            {of.contract !== undefined && (
              <>
                {' · '}
                {speech.say('contractNumber')}: <bdi>{of.contract}</bdi>
              </>
            )}
            {' · '}
            <Day on={of.madeOn} />
          </small>
        </th>
        <td data-label={speech.say('status')}>
          {speech.say(statusNames[of.status])} ({of.fiscalYear})
        </td>
        <MoneyCell amount={of.amount} label={speech.say('commitmentValue')} />
        <MoneyCell amount={of.drawn} label={speech.say('drawn')} />
        <MoneyCell amount={of.open} label={speech.say('stillOpen')} />
      </tr>
      {of.drawings.length > 0 && (
        <tr class="drawings">
          <td colSpan={columns}>
            <Drawings drawings={of.drawings} all={of.drawingsTotal} />
          </td>
        </tr>
      )}
    </>
  );
}

function Drawings({ drawings, all }: { drawings: readonly DrawingView[]; all: number }) {
  const { speech } = usePage();
  const latest = drawings.slice(-drawingsShown);
  return (
    <details>
      <summary>
        {speech.say('drawings')} ({speech.count(all)})
      </summary>
      <ul class="plain">
        {latest.map(({ transactionId, occurredOn, amount, reversed }) => (
          <li key={transactionId}>
            <Day on={occurredOn} /> · <bdi>{transactionId}</bdi> · <Money amount={amount} />
            {reversed !== '0' && <Reversed amount={reversed} />}
          </li>
        ))}
      </ul>
      {all > latest.length && <p>{speech.say('drawingsMore', { others: speech.count(all - latest.length) })}</p>}
    </details>
  );
}

function Reversed({ amount }: { amount: string }) {
  const { speech } = usePage();
  const currency = useCurrency();
  return <> ({speech.say('reversedOf', { amount: speech.money(amount, currency) })})</>;
}

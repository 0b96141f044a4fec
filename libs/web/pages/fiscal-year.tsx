import type { AppropriationView } from '../../projections/totals/appropriations.js';
import type { ClosingView, FiscalYearDetail } from '../../projections/totals/fiscal-year.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { asOfOf } from '../as-of.js';
import { addressOf, useCurrency, useHref, usePage } from '../page.js';
import { Freshness } from '../parts/freshness.js';
import { Table } from '../parts/layout.js';
import { PastForm } from '../parts/past.js';
import { Day, Figure, Money, MoneyCell, Share, Title } from '../parts/texts.js';
import { InProgramme, Why, WhyHint } from '../parts/why.js';

/** One fiscal year of a programme: its totals, the appropriations that they stand on, and when it was closed. */
export function FiscalYear({ programme, year }: { programme: ProgrammeView; year: FiscalYearDetail }) {
  const { speech, past } = usePage();
  const href = useHref();
  const list = `/p/${programme.programme}/initiatives`;
  const fiscalYear = String(year.fiscalYear);
  const ofYear = { fiscalYear: year.fiscalYear };
  return (
    <InProgramme of={programme}>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('oneFiscalYear', { year: String(year.fiscalYear) })}
      </h1>
      <p>{year.closedOn === null ? speech.say('yearIsOpen') : speech.say('yearIsClosed', { day: speech.day(year.closedOn) })}</p>
      <PastForm />
      <dl class="figures">
        <Figure name="appropriated" means="appropriatedMeans" of={{ figure: 'appropriated', ...ofYear }} href="#appropriations">
          <Money amount={year.appropriated} />
        </Figure>
        <Figure name="funded" means="fundedMeans" of={{ figure: 'funded', ...ofYear }} href={href(list, { fiscalYear, sort: '-funded' })}>
          <Money amount={year.funded} />
        </Figure>
        <Figure name="spent" means="spentMeans" of={{ figure: 'spent', ...ofYear }} href={href(list, { fiscalYear, sort: '-spent' })}>
          <Money amount={year.spent} />
        </Figure>
        {year.committed !== '0' && (
          <Figure name="committed" means="committedMeans" of={{ figure: 'committed', ...ofYear }}>
            <Money amount={year.committed} />
          </Figure>
        )}
        <Figure name="returned" means="returnedMeans" of={{ figure: 'returned', ...ofYear }}>
          <Money amount={year.returned} />
        </Figure>
        <Figure name="available" means="availableMeans" of={year.available === null ? undefined : { figure: 'available', ...ofYear }}>
          <Money amount={year.available} />
        </Figure>
        <Figure name="lapsed" means="lapsedMeans" of={year.lapsed === null ? undefined : { figure: 'lapsed', ...ofYear }}>
          <Money amount={year.lapsed} />
        </Figure>
        <Figure name="absorption" means="absorptionMeans" of={year.absorption === null ? undefined : { figure: 'absorption', ...ofYear }}>
          <Share share={year.absorption} />
        </Figure>
      </dl>
      <WhyHint />
      <section aria-labelledby="appropriations">
        <h2 class="ds-heading" data-size="md" id="appropriations">
          {speech.say('appropriations')}
        </h2>
        <Appropriations appropriations={year.appropriations} timeZone={programme.timeZone} />
      </section>
      <section aria-labelledby="open-funds">
        <h2 class="ds-heading" data-size="md" id="open-funds">
          {speech.say('openMoney')}
        </h2>
        <OpenMoney programme={programme.programme} year={year} />
      </section>
      <section aria-labelledby="closings">
        <h2 class="ds-heading" data-size="md" id="closings">
          {speech.say('closings')}
        </h2>
        <Closings closings={year.closings} />
      </section>
      <Freshness programme={programme} />
      <p>
        <a
          class="ds-link"
          href={addressOf(`/programmes/${programme.programme}/fiscal-years/${year.fiscalYear}`, asOfOf(past, programme))}
          type="application/json"
        >
          {speech.say('json')}
        </a>
      </p>
    </InProgramme>
  );
}

function Appropriations({ appropriations, timeZone }: { appropriations: readonly AppropriationView[]; timeZone: string }) {
  const { speech } = usePage();
  const currency = useCurrency();
  if (appropriations.length === 0) return <p>{speech.say('noAppropriation')}</p>;
  return (
    <Table caption={speech.say('amountsIn', { currency: currency.code })}>
      <thead>
        <tr>
          <th scope="col">{speech.say('what')}</th>
          <th scope="col" class="number">
            {speech.say('amount')}
          </th>
          <th scope="col">{speech.say('basis')}</th>
          <th scope="col">{speech.say('occurred')}</th>
          <th scope="col">{speech.say('recorded')}</th>
        </tr>
      </thead>
      <tbody>
        {appropriations.map(({ position, amount, change, carryOverId, legalBasis, occurredOn, recordedAt }) => (
          <tr key={position}>
            <th scope="row">
              {speech.say(
                carryOverId !== undefined ? 'FundsCarriedOver' : amount === undefined ? 'AppropriationAdjusted' : 'AppropriationGranted',
              )}{' '}
              <small>{speech.say('position', { position: speech.count(position) })}</small>
            </th>
            <MoneyCell amount={amount ?? change} />
            <td>
              <bdi>{legalBasis}</bdi>
            </td>
            <td>
              <Day on={occurredOn} />
            </td>
            <td>
              <time dateTime={recordedAt}>{speech.moment(recordedAt, timeZone)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The initiatives with money of the year that is neither spent nor returned. As of a past day only the amount is known. */
function OpenMoney({ programme, year }: { programme: string; year: FiscalYearDetail }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const href = useHref();
  const { amount, items, total, totalAtLeast } = year.openFunds;
  return (
    <>
      <p>
        <Why reason={{ of: { figure: 'unspent', fiscalYear: year.fiscalYear }, named: ['open-funds'] }}>
          {speech.say('openFundsAmount', { amount: speech.money(amount, currency) })}
        </Why>
      </p>
      {items && items.length > 0 && (
        <>
          <p>
            <a class="ds-link" href={href(`/p/${programme}/initiatives`, { openFunds: String(year.fiscalYear) })}>
              {total === undefined
                ? speech.say('openFundsMany', { count: totalAtLeast ?? items.length })
                : speech.say('openFundsIn', { count: total })}
            </a>
          </p>
          <Table caption={speech.say('amountsIn', { currency: currency.code })}>
            <thead>
              <tr>
                <th scope="col">{speech.say('initiative')}</th>
                <th scope="col">{speech.say('authority')}</th>
                <th scope="col" class="number">
                  {speech.say('unspent')}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ initiative, title, authority, amount: open }) => (
                <tr key={initiative}>
                  <th scope="row">
                    <a class="ds-link" href={href(`/p/${programme}/i/${initiative}`)}>
                      <Title of={title} />
                    </a>
                  </th>
                  <td>{authority}</td>
                  <MoneyCell amount={open} />
                </tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </>
  );
}

function Closings({ closings }: { closings: readonly ClosingView[] }) {
  const { speech } = usePage();
  if (closings.length === 0) return <p>{speech.say('neverClosed')}</p>;
  return (
    <ol class="timeline">
      {closings.map(({ closed, position, occurredOn, reason, legalBasis }) => (
        <li key={position}>
          <p>
            <Day on={occurredOn} /> – <strong>{speech.say(closed ? 'FiscalYearClosed' : 'FiscalYearReopened')}</strong>
          </p>
          <ul class="details">
            {reason !== undefined && (
              <li>
                <bdi>{speech.say('reason', { text: reason })}</bdi>
              </li>
            )}
            {legalBasis !== undefined && (
              <li>
                <bdi>{speech.say('legalBasis', { text: legalBasis })}</bdi>
              </li>
            )}
            <li>{speech.say('position', { position: speech.count(position) })}</li>
          </ul>
        </li>
      ))}
    </ol>
  );
}

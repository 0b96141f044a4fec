import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { FiscalYearView, ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import { Table } from '../../parts/layout.js';
import { MoneyCell, Share } from '../../parts/texts.js';
import { ShareLinks } from './absorption.js';
import { DoLink, InitiativeTable } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

/** What waits for finance, longest first, and the fiscal years. */
export function FinanceWork({
  programme,
  waiting,
  years,
}: {
  programme: ProgrammeView;
  waiting: Listing<InitiativeView>;
  years: readonly FiscalYearView[];
}) {
  const { speech } = usePage();
  const href = useHref();
  const here = `/workspace/p/${programme.programme}`;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('financeWork')}
      </h1>
      <div class="buttons">
        <DoLink href={href(`${here}/upload`)} secondary>
          {speech.say('upload')}
        </DoLink>
        <DoLink href={href(`${here}/requests`)} secondary>
          {speech.say('requestsWork')}
        </DoLink>
        <DoLink href={href(`${here}/today`)} secondary>
          {speech.say('sentToday')}
        </DoLink>
        <DoLink href={href(`${here}/entries`)} secondary>
          {speech.say('entriesOf')}
        </DoLink>
      </div>
      <section aria-labelledby="absorption">
        <h2 class="ds-heading" data-size="md" id="absorption">
          {speech.say('absorptionWork')}
        </h2>
        <ShareLinks programme={programme} />
      </section>
      <section aria-labelledby="waiting">
        <h2 class="ds-heading" data-size="md" id="waiting">
          {speech.say('waiting')}
        </h2>
        <InitiativeTable
          programme={programme}
          initiatives={waiting}
          nothing="nothingWaits"
          columns={[{ name: 'requested', amount: ({ requestedAmount }) => requestedAmount }]}
        />
        {waiting.items.length > 0 && (
          <div class="buttons">
            <DoLink href={href(`${here}/funding`)}>{speech.say('fundSeveral')}</DoLink>
          </div>
        )}
      </section>
      <section aria-labelledby="years">
        <h2 class="ds-heading" data-size="md" id="years">
          {speech.say('years')}
        </h2>
        <Years programme={programme} years={years} />
        <div class="buttons">
          <DoLink href={href(`${here}/send/appropriation`)} secondary>
            {speech.say('grantAppropriation')}
          </DoLink>
        </div>
      </section>
      <Freshness programme={programme} />
    </>
  );
}

function Years({ programme, years }: { programme: ProgrammeView; years: readonly FiscalYearView[] }) {
  const { speech } = usePage();
  const href = useHref();
  const here = `/workspace/p/${programme.programme}`;
  return (
    <Table caption={speech.say('amountsIn', { currency: programme.currency })}>
      <thead>
        <tr>
          <th scope="col">{speech.say('year')}</th>
          {(['appropriated', 'funded', 'spent', 'available', 'absorption'] as const).map((name) => (
            <th scope="col" class="number" key={name}>
              {speech.say(name)}
            </th>
          ))}
          <th scope="col">{speech.say('actions')}</th>
        </tr>
      </thead>
      <tbody>
        {years.map(({ fiscalYear, appropriated, funded, spent, available, absorption, closedOn }) => {
          const year = String(fiscalYear);
          return (
            <tr key={year}>
              <th scope="row">
                <a class="ds-link" href={href(`${here}/years/${year}`)}>
                  {year}
                </a>
                <br />
                <small>{closedOn === null ? speech.say('yearOpen') : speech.say('yearClosed', { day: speech.day(closedOn) })}</small>
              </th>
              <MoneyCell amount={appropriated} />
              <MoneyCell amount={funded} />
              <MoneyCell amount={spent} />
              <MoneyCell amount={available} />
              <td class="number">
                <Share share={absorption} />
              </td>
              <td>
                <ul class="plain">
                  {(closedOn === null
                    ? ([
                        ['appropriation-change', 'adjustAppropriation'],
                        ['closing', 'closeYear'],
                      ] as const)
                    : ([['reopening', 'reopenYear']] as const)
                  ).map(([form, text]) => (
                    <li key={form}>
                      <a
                        class="ds-link"
                        href={href(`${here}/send/${form}`, { fiscalYear: year })}
                        aria-label={`${speech.say(text)}: ${year}`}
                      >
                        {speech.say(text)}
                      </a>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

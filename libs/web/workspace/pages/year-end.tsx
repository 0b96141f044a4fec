import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { FiscalYearView, ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import { Money } from '../../parts/texts.js';
import { DoLink, InitiativeTable } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

/** One fiscal year: its money, the initiatives that still hold some of it, and what can be done with the year. */
export function YearEnd({ programme, year, open }: { programme: ProgrammeView; year: FiscalYearView; open: Listing<InitiativeView> }) {
  const { speech } = usePage();
  const href = useHref();
  const { fiscalYear, closedOn } = year;
  const named = { fiscalYear: String(fiscalYear) };
  const send = `/workspace/p/${programme.programme}/send`;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('yearOf', { year: String(fiscalYear) })}
      </h1>
      <p>{closedOn === null ? speech.say('yearOpen') : speech.say('yearClosed', { day: speech.day(closedOn) })}</p>
      <dl class="facts wide">
        {(['appropriated', 'funded', 'spent', 'returned', 'available', 'lapsed'] as const).map((name) => (
          <div key={name}>
            <dt>{speech.say(name)}</dt>
            <dd>
              <Money amount={year[name]} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="buttons">
        {closedOn === null ? (
          <>
            <DoLink href={href(`${send}/closing`, named)}>{speech.say('closeYear')}</DoLink>
            <DoLink href={href(`${send}/appropriation-change`, named)} secondary>
              {speech.say('adjustAppropriation')}
            </DoLink>
          </>
        ) : (
          <DoLink href={href(`${send}/reopening`, named)} secondary>
            {speech.say('reopenYear')}
          </DoLink>
        )}
      </div>
      <section aria-labelledby="open">
        <h2 class="ds-heading" data-size="md" id="open">
          {speech.say('openFunds')}
        </h2>
        {programme.years === 'annual' && closedOn === null && <p>{speech.say('openFundsText')}</p>}
        <InitiativeTable
          programme={programme}
          initiatives={open}
          nothing="noOpenFunds"
          columns={[
            { name: 'unspentOf', amount: ({ fiscalYears }) => fiscalYears.find((one) => one.fiscalYear === fiscalYear)?.available ?? '0' },
            { name: 'unspent', amount: ({ available }) => available },
          ]}
        />
      </section>
      <Freshness programme={programme} />
    </>
  );
}

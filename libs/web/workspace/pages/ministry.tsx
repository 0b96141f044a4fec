import { statuses, type Status } from '../../../domain/vocabulary.js';
import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import { statusMessages } from '../../parts/texts.js';
import { DoLink, InitiativeTable } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

/** A ministry's own initiatives, with what is left to spend of each, latest first. */
export function MinistryWork({
  programme,
  initiatives,
  status,
}: {
  programme: ProgrammeView;
  initiatives: Listing<InitiativeView>;
  status: Status | undefined;
}) {
  const { speech } = usePage();
  const href = useHref();
  const here = `/workspace/p/${programme.programme}`;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('myInitiatives')}
      </h1>
      <div class="buttons">
        <DoLink href={href(`${here}/send/proposal`)}>{speech.say('propose')}</DoLink>
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
      <nav aria-label={speech.say('status')}>
        <ul class="counts">
          {[undefined, ...statuses].map((one) => (
            <li key={one ?? ''}>
              <a class="ds-link" href={href(here, { status: one })} {...(one === status && { 'aria-current': 'page' as const })}>
                {speech.say(one ? statusMessages[one] : 'anyStatus')}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <InitiativeTable
        programme={programme}
        initiatives={initiatives}
        nothing="noInitiatives"
        columns={[
          { name: 'funded', amount: ({ funded }) => funded },
          { name: 'spent', amount: ({ spent }) => spent },
          { name: 'unspent', amount: ({ available }) => available },
        ]}
      />
      <Freshness programme={programme} />
    </>
  );
}

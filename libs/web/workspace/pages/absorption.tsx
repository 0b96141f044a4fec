import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Freshness } from '../../parts/freshness.js';
import { InitiativeTable } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

/** The shares of funding spent that people look for, lowest first: those that notices tell of. */
export function sharesOf({ thresholds }: Pick<ProgrammeView, 'thresholds'>): number[] {
  return thresholds.spent.map((percent) => percent / 100);
}

/** Initiatives under way that have spent at least a share of their funding, most first. */
export function Absorption({ programme, atLeast, found }: { programme: ProgrammeView; atLeast: number; found: Listing<InitiativeView> }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('overShare', { share: speech.percent(atLeast) })}
      </h1>
      <ShareLinks programme={programme} atLeast={atLeast} />
      <InitiativeTable
        programme={programme}
        initiatives={found}
        nothing="nothingOver"
        columns={[
          { name: 'funded', amount: ({ funded }) => funded },
          { name: 'spent', amount: ({ spent }) => spent },
          { name: 'unspent', amount: ({ available }) => available },
          { name: 'absorption', share: ({ absorption }) => absorption },
        ]}
      />
      <Freshness programme={programme} />
    </>
  );
}

/** The ways to the lists of each share. */
export function ShareLinks({ programme, atLeast }: { programme: ProgrammeView; atLeast?: number }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <nav aria-label={speech.say('absorptionWork')}>
      <ul class="counts">
        {sharesOf(programme).map((share) => (
          <li key={share}>
            <a
              class="ds-link"
              href={href(`/workspace/p/${programme.programme}/absorption`, { atLeast: String(share) })}
              {...(share === atLeast && { 'aria-current': 'page' as const })}
            >
              {speech.say('overShare', { share: speech.percent(share) })}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

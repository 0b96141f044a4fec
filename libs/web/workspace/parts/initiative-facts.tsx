import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import { usePage } from '../../page.js';
import { Money, StatusTag, Title } from '../../parts/texts.js';

/** What somebody who sends something about an initiative must know of it: its status, and what is left to spend, in all and by year. */
export function InitiativeFacts({
  initiative,
  titled = true,
}: {
  initiative: InitiativeView;
  /** Whether its title is shown too. */ titled?: boolean;
}) {
  const { speech } = usePage();
  return (
    <div class="about">
      <p>
        {titled && <Title of={initiative.title} />} <StatusTag status={initiative.status} suspended={initiative.suspended} />
      </p>
      <dl class="facts wide">
        <div>
          <dt>{speech.say('unspent')}</dt>
          <dd>
            <Money amount={initiative.available} />
          </dd>
        </div>
        {initiative.committed !== '0' && (
          <>
            <div>
              <dt>{speech.say('committed')}</dt>
              <dd>
                <Money amount={initiative.committed} />
              </dd>
            </div>
            <div>
              <dt>{speech.say('uncommitted')}</dt>
              <dd>
                <Money amount={initiative.free} />
              </dd>
            </div>
          </>
        )}
        {initiative.fiscalYears.map(({ fiscalYear, available }) => (
          <div key={fiscalYear}>
            <dt>{speech.say('unspentIn', { year: String(fiscalYear) })}</dt>
            <dd>
              <Money amount={available} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

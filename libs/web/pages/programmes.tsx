import type { ProgrammeView } from '../../projections/totals/views.js';
import { InCurrency, useHref, usePage } from '../page.js';
import { Age } from '../parts/freshness.js';
import { Money, Share, Title } from '../parts/texts.js';
import { currencyOf } from '../currency.js';

/** The first page: every programme with its money at a glance. */
export function Programmes({ programmes }: { programmes: readonly ProgrammeView[] }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('programmes')}
      </h1>
      <p class="lead">{speech.say('tagline')}</p>
      {programmes.length === 0 && <p>{speech.say('noProgrammes')}</p>}
      <ul class="cards">
        {programmes.map((programme) => (
          <li key={programme.programme} class="ds-card">
            <h2 class="ds-heading" data-size="sm">
              <a class="ds-link" href={href(`/p/${programme.programme}`)}>
                <Title of={programme.title} />
              </a>
            </h2>
            <InCurrency value={currencyOf(programme)}>
              <dl class="facts">
                <div>
                  <dt>{speech.say('appropriated')}</dt>
                  <dd>
                    <Money amount={programme.appropriated} />
                  </dd>
                </div>
                <div>
                  <dt>{speech.say('spent')}</dt>
                  <dd>
                    <Money amount={programme.spent} />
                  </dd>
                </div>
                <div>
                  <dt>{speech.say('absorption')}</dt>
                  <dd>
                    <Share share={programme.absorption} />
                  </dd>
                </div>
                <div>
                  <dt>{speech.say('initiatives')}</dt>
                  <dd>{speech.count(Object.values(programme.initiatives).reduce((sum, count) => sum + count, 0))}</dd>
                </div>
              </dl>
              <p class="hint">
                <Age programme={programme} />
              </p>
            </InCurrency>
          </li>
        ))}
      </ul>
    </>
  );
}

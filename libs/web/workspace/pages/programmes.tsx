import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Title } from '../../parts/texts.js';

/** The programmes to work in. */
export function Programmes({ programmes }: { programmes: readonly ProgrammeView[] }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('workspace')}
      </h1>
      {programmes.length === 0 ? (
        <p>{speech.say('noProgrammes')}</p>
      ) : (
        <ul class="plain">
          {programmes.map(({ programme, title }) => (
            <li key={programme}>
              <a class="ds-link" href={href(`/workspace/p/${programme}`)}>
                <Title of={title} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

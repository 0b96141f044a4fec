import { isInitiative, kindOfOwner, valueOfOwner, type FigureAsked } from '../../projections/explain/figures.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { useHref, usePage, type Page } from '../page.js';
import type { StatementShown } from '../statements-shown.js';
import { useProofPage } from './checkpoint.js';

/** What is proved, and the last statements, the latest first. */
type Proved = { readonly programme: ProgrammeView; readonly asked: FigureAsked; readonly statements: readonly StatementShown[] };

/** How somebody proves a figure without trusting the ledger: the statement that says it, and links to evidence, statement and checkpoint. */
export function Prove({ programme, asked, statements }: Proved) {
  const { speech, checkpoint } = usePage();
  // A statement proves something once the checkpoint covers its record.
  const statement = checkpoint && statements.find(({ position }) => position <= checkpoint.size);
  return (
    <section aria-labelledby="prove">
      <h2 class="ds-heading" data-size="sm" id="prove">
        {speech.say('prove')}
      </h2>
      {checkpoint ? (
        <Said programme={programme} asked={asked} statement={statement} size={checkpoint.size} />
      ) : (
        <p>{speech.say('proveNothing')}</p>
      )}
      <Links programme={programme} asked={asked} statement={statement} />
    </section>
  );
}

type By = { readonly programme: ProgrammeView; readonly asked: FigureAsked; readonly statement: StatementShown | undefined };

/** What says the figure: a statement, or the entries alone. */
function Said({ programme, asked, statement, size }: By & { size: number }) {
  const { speech, past } = usePage();
  if (!statement || !isStated(asked, past)) return <p>{speech.say('proveByEntries', { position: speech.count(size) })}</p>;
  const moment = speech.moment(statement.recordedAt, programme.timeZone);
  const says = isInitiative(asked.owner) ? 'proveInitiative' : 'proveProgramme';
  return <p>{speech.say(says, { position: speech.count(statement.of), moment })}</p>;
}

/** Whether statements say a figure, or what it follows from. They say no past days, no periods, no groups, and no sources of funding. */
function isStated({ owner, figure, occurredAfter }: FigureAsked, { happened, known }: Page['past']): boolean {
  const kind = kindOfOwner(owner);
  const isOfNow = happened === undefined && known === undefined && occurredAfter === undefined;
  return isOfNow && (kind === 'initiative' || kind === 'programme') && figure !== 'transferred';
}

function Links({ programme: { programme }, asked: { owner }, statement }: By) {
  const { speech, checkpoint } = usePage();
  const href = useHref();
  const proof = useProofPage({ programme });
  const api = `/programmes/${programme}`;
  return (
    <ul class="details">
      {statement && isInitiative(owner) && (
        <li>
          <a class="ds-link" href={`${api}/initiatives/${valueOfOwner(owner)}/evidence`}>
            {speech.say('proveEvidence')}
          </a>{' '}
          <small>({speech.say('proveEvidenceFor')})</small>
        </li>
      )}
      {statement && (
        <>
          <Link to={href(`/p/${programme}/entries/${statement.position}`)} text={speech.say('proveRecord')} />
          <Link to={`${api}/statements/${statement.of}`} text={speech.say('proveStatement')} />
        </>
      )}
      {checkpoint && <Link to={`${api}/checkpoint`} text={speech.say('proveCheckpoint')} />}
      <Link to="/check-evidence" text={speech.say('proveCheck')} />
      <Link to={proof} text={speech.say('proveMeans')} />
    </ul>
  );
}

function Link({ to, text }: { to: string; text: string }) {
  return (
    <li>
      <a class="ds-link" href={to}>
        {text}
      </a>
    </li>
  );
}

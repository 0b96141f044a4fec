import type { ComponentChildren } from 'preact';
import type { CheckpointShown } from '../../application/checkpoint-shown.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import type { ProofKey } from '../messages/proof/en.js';
import { useHref, usePage } from '../page.js';
import { Table } from '../parts/layout.js';
import { Title } from '../parts/texts.js';
import type { StatementShown } from '../statements-shown.js';

/** What the page about a programme's proof shows. */
export type ProofShown = { readonly programme: ProgrammeView; readonly statements: readonly StatementShown[] };

/** What can be proved of a programme, for people who are no engineers: four words, three things to do, and the proof as it is now. */
export function Proof({ programme, statements }: ProofShown) {
  const { speech, checkpoint } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('proofTitle')}
      </h1>
      <p class="lead">
        <Title of={programme.title} />
      </p>
      <p>{speech.say('proofLead')}</p>
      <Part id="words" title="proofWords">
        <dl class="figures words">
          <Word says={['checkpoint', 'checkpointIs', 'checkpointShows', 'checkpointNot']} />
          <Word says={['witness', 'witnessIs', 'witnessShows', 'witnessNot']} />
          <Word says={['statement', 'statementIs', 'statementShows', 'statementNot']} />
          <Word says={['evidence', 'evidenceIs', 'evidenceShows', 'evidenceNot']} />
        </dl>
      </Part>
      <Part id="to-do" title="proofToDo">
        <ToDo programme={programme} />
      </Part>
      <Part id="now" title="checkpointNow">
        {checkpoint ? <Checkpoint programme={programme} checkpoint={checkpoint} /> : <p>{speech.say('checkpointNone')}</p>}
      </Part>
      <Part id="statements" title="statements">
        {statements.length === 0 ? <p>{speech.say('statementsNone')}</p> : <Statements programme={programme} statements={statements} />}
      </Part>
      <nav class="paging" aria-label={speech.say('proofTitle')}>
        <a class="ds-link" href="/check-evidence">
          {speech.say('proveCheck')}
        </a>
        <a class="ds-link" href="/docs">
          {speech.say('forPrograms')}
        </a>
      </nav>
    </>
  );
}

function Part({ id, title, children }: { id: string; title: ProofKey; children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <section aria-labelledby={id}>
      <h2 class="ds-heading" data-size="md" id={id}>
        {speech.say(title)}
      </h2>
      {children}
    </section>
  );
}

/** A word: what it means, what the thing shows, and what it does not. */
function Word({ says: [word, ...said] }: { says: readonly [ProofKey, ProofKey, ProofKey, ProofKey] }) {
  const { speech } = usePage();
  return (
    <div class="figure">
      <dt>{speech.say(word)}</dt>
      {said.map((key) => (
        <dd key={key}>{speech.say(key)}</dd>
      ))}
    </div>
  );
}

function ToDo({ programme: { programme } }: { programme: ProgrammeView }) {
  const { speech } = usePage();
  return (
    <ol>
      <li>
        {speech.say('keepCheckpoint')}{' '}
        <a class="ds-link" href={`/programmes/${programme}/checkpoint`} download={`checkpoint-${programme}.txt`}>
          {speech.say('proveCheckpoint')}
        </a>
      </li>
      <li>
        {speech.say('askEvidence')}{' '}
        <a class="ds-link" href="/check-evidence">
          {speech.say('proveCheck')}
        </a>
      </li>
      <li>{speech.say('askWitness')}</li>
    </ol>
  );
}

function Checkpoint({ programme, checkpoint }: { programme: ProgrammeView; checkpoint: CheckpointShown }) {
  const { speech } = usePage();
  const { size, root, signedAt, keyLine } = checkpoint;
  return (
    <>
      <dl class="facts wide">
        <Fact name="records">{speech.count(size)}</Fact>
        {signedAt !== undefined && (
          <Fact name="signed">
            <Moment at={signedAt} programme={programme} />
          </Fact>
        )}
        <Fact name="root">
          <code class="hash">{root}</code>
        </Fact>
        {keyLine !== undefined && (
          <Fact name="ledgerKey">
            <code class="hash">{keyLine}</code>
          </Fact>
        )}
      </dl>
      {keyLine !== undefined && <p>{speech.say('ledgerKeyCompare')}</p>}
      <Witnesses programme={programme} checkpoint={checkpoint} />
    </>
  );
}

function Fact({ name, children }: { name: ProofKey; children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <div>
      <dt>{speech.say(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Witnesses({ programme, checkpoint: { cosigners } }: { programme: ProgrammeView; checkpoint: CheckpointShown }) {
  const { speech } = usePage();
  if (cosigners.length === 0) return <p>{speech.say('noWitness')}</p>;
  return (
    <Table caption={speech.say('witnesses')}>
      <thead>
        <tr>
          <th scope="col">{speech.say('witness')}</th>
          <th scope="col">{speech.say('cosignedAt')}</th>
        </tr>
      </thead>
      <tbody>
        {cosigners.map(({ name, at }) => (
          <tr key={name}>
            <th scope="row">
              <bdi>{name}</bdi>
            </th>
            <td>
              <Moment at={at * 1_000} programme={programme} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** @param at milliseconds since 1970 */
function Moment({ at, programme }: { at: number; programme: ProgrammeView }) {
  const { speech } = usePage();
  const instant = new Date(at).toISOString();
  return <time dateTime={instant}>{speech.moment(instant, programme.timeZone)}</time>;
}

function Statements({ programme: { programme, timeZone }, statements }: ProofShown) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <Table caption={speech.say('statements')} hidden>
      <thead>
        <tr>
          <th scope="col">{speech.say('recorded')}</th>
          <th scope="col">{speech.say('proveStatement')}</th>
          <th scope="col" class="number">
            {speech.say('statementDocuments')}
          </th>
        </tr>
      </thead>
      <tbody>
        {statements.map(({ position, recordedAt, of, documents }) => (
          <tr key={position}>
            <th scope="row">
              <a class="ds-link" href={href(`/p/${programme}/entries/${position}`, { happened: undefined, known: undefined })}>
                <time dateTime={recordedAt}>{speech.moment(recordedAt, timeZone)}</time>
              </a>
            </th>
            <td>
              <a class="ds-link" href={`/programmes/${programme}/statements/${of}`}>
                {speech.say('position', { position: speech.count(of) })}
              </a>
            </td>
            <td class="number">{speech.count(documents)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

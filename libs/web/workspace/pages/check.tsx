import type { ComponentChildren } from 'preact';
import type { Status } from '../../../domain/vocabulary.js';
import type { CommandAnswer } from '../../../http/outcome-answer.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Money, StatusTag } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import type { FormFields } from '../form-fields.js';
import { FormToken } from '../parts/signed-in.js';
import type { Session } from '../session.js';
import { againField, formId, keptIn, keyField, stepField } from './command-form.js';
import { refusalText } from '../messages/refusals.js';

/** One thing that a command changes, before and after. */
export type Change =
  | {
      readonly kind: 'money';
      readonly name: TextKey;
      readonly year?: number;
      readonly before: string | null;
      readonly after: string | null;
    }
  | {
      readonly kind: 'status';
      readonly before?: { status: Status; suspended: boolean };
      readonly after: { status: Status; suspended: boolean };
    };

/** A field as it is sent. */
export type Shown = {
  readonly name: TextKey;
  /** Which one, if the form sends several of the same kind. */ readonly of?: string;
  readonly value: ComponentChildren;
};

/** What would happen, with the button that records it; or why it is refused. The form comes along in hidden fields. */
export function Check({
  title,
  action,
  shown,
  changes,
  refused,
  warnings,
  typed,
  commandId,
  session,
  waits = false,
  unknown = false,
}: {
  title: TextKey;
  action: string;
  shown: readonly Shown[];
  changes: readonly Change[];
  /** The refusal, if it is refused. */
  refused?: CommandAnswer | undefined;
  /** Reasons to look twice. */
  warnings?: ComponentChildren;
  typed: FormFields;
  commandId: string;
  session: Session;
  /** Whether it will wait for a second person. */
  waits?: boolean;
  /** Whether it was sent, but its outcome is not known yet. */
  unknown?: boolean;
}) {
  const { speech, query } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('checkTitle', { what: speech.say(title) })}
      </h1>
      {unknown && (
        <p class="ds-alert" data-color="danger" role="alert">
          {speech.say('outcomeUnknown')}
        </p>
      )}
      {refused && <Refused answer={refused} />}
      {waits && (
        <p class="ds-alert" data-color="info" role="status">
          {speech.say('willWait')}
        </p>
      )}
      {warnings}
      <dl class="facts wide">
        {shown.map(({ name, of, value }) => (
          <div key={`${name} ${of ?? ''}`}>
            <dt>
              {speech.say(name)} {of !== undefined && <bdi>{of}</bdi>}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!refused && changes.length > 0 && <Changes changes={changes} />}
      <form method="post" action={href(action, keptIn(query))} id={formId} class="form">
        <FormToken session={session} />
        <input type="hidden" name={keyField} value={commandId} />
        {typed
          .entries()
          .filter(([name]) => !ownFields.has(name))
          .map(([name, value]) => (
            <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
          ))}
        <div class="buttons">
          {!refused && (
            <button class="ds-button" type="submit" name={stepField} value="record">
              {speech.say('record')}
            </button>
          )}
          <button class="ds-button" data-variant="secondary" type="submit" name={stepField} value="edit">
            {speech.say('edit')}
          </button>
        </div>
      </form>
    </>
  );
}

const ownFields: ReadonlySet<string> = new Set([stepField, keyField, againField, 'form-token']);

/** The refusal in the reader's language, its figures, and the rule's own sentence. */
export function Refused({ answer: { code = '', detail = '', available, requested, committed } }: { answer: CommandAnswer }) {
  const { speech } = usePage();
  return (
    <div class="ds-alert" data-color="danger" role="alert">
      <h2 class="ds-heading" data-size="xs">
        {speech.say('refused')}
      </h2>
      <p>{refusalText(code, speech.language)}</p>
      {(available !== undefined || requested !== undefined || committed !== undefined) && (
        <dl class="facts">
          {available !== undefined && (
            <div>
              <dt>{speech.say('figureAvailable')}</dt>
              <dd>
                <Money amount={available} />
              </dd>
            </div>
          )}
          {committed !== undefined && (
            <div>
              <dt>{speech.say('figureCommitted')}</dt>
              <dd>
                <Money amount={committed} />
              </dd>
            </div>
          )}
          {requested !== undefined && (
            <div>
              <dt>{speech.say('figureRequested')}</dt>
              <dd>
                <Money amount={requested} />
              </dd>
            </div>
          )}
        </dl>
      )}
      <p class="hint" lang="en">
        {detail} ({code})
      </p>
    </div>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { speech } = usePage();
  return (
    <Table caption={speech.say('whatChanges')}>
      <thead>
        <tr>
          <th scope="col">{speech.say('figure')}</th>
          <th scope="col" class="number">
            {speech.say('before')}
          </th>
          <th scope="col" class="number">
            {speech.say('after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.kind === 'money' ? `${change.name}${change.year ?? ''}` : 'status'}>
            <th scope="row">
              {speech.say(change.kind === 'money' ? change.name : 'status')}
              {change.kind === 'money' && change.year !== undefined && ` (${change.year})`}
            </th>
            <td class="number">
              {change.kind === 'money' ? <Money amount={change.before} /> : change.before ? <StatusTag {...change.before} /> : '–'}
            </td>
            <td class="number">{change.kind === 'money' ? <Money amount={change.after} /> : <StatusTag {...change.after} />}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

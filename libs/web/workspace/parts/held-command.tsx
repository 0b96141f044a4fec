import type { ComponentChildren } from 'preact';
import { capabilities } from '../../../domain/capabilities.js';
import type { Reference } from '../../../domain/papers/references.js';
import type { RequestView } from '../../../projections/requests/reads.js';
import { useCurrency, useHref, usePage } from '../../page.js';
import { isMoneySource, isPaper, Paper, sourceInWords } from '../../parts/entry-details.js';
import { Day, Money, Title } from '../../parts/texts.js';
import { choiceText } from './fields.js';
import { initiativeForms, programmeForms, type CommandForm, type FormField } from '../forms/command-forms.js';

const forms: readonly CommandForm[] = [...Object.values(programmeForms), ...Object.values(initiativeForms)];

/** The name of the held command, in the words of its form, with its initiative. */
export function HeldName({ request: { programme, requestId, command } }: { request: RequestView }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      {speech.say(formOf(command)?.title ?? capabilities[command.type].event)}
      {command.initiative !== undefined && (
        <>
          {': '}
          <a class="ds-link" href={href(`/workspace/p/${programme}/i/${command.initiative}`)}>
            {command.initiative}
          </a>
        </>
      )}
      <br />
      <small>{requestId}</small>
    </>
  );
}

/** The money of the held command: a change with its sign. */
export function HeldMoney({ request: { command, amount } }: { request: RequestView }) {
  const { change } = command.data;
  if (typeof change === 'string') return <SignedMoney change={change} />;
  return amount === undefined ? <span class="none">–</span> : <Money amount={amount} />;
}
function SignedMoney({ change }: { change: string }) {
  const { speech } = usePage();
  const currency = useCurrency();
  return (
    <data class="money" value={change}>
      {speech.signedMoney(change, currency)}
    </data>
  );
}

/** The held command, field by field, above the form that decides on it. */
export function HeldCommand({ request }: { request: RequestView }) {
  const { speech } = usePage();
  const { command, amount, submittedBy, submittedOn } = request;
  const { data, occurredOn } = command;
  const papers = papersOf(command);
  return (
    <dl class="facts wide">
      <Fact name={speech.say('request')}>
        <HeldName request={request} />
      </Fact>
      {(amount !== undefined || data['change'] !== undefined) && (
        <Fact name={speech.say(data['change'] === undefined ? 'amount' : 'changeBy')}>
          <HeldMoney request={request} />
        </Fact>
      )}
      <Fact name={speech.say('sender')}>
        <bdi>{submittedBy.id}</bdi>, <bdi>{submittedBy.organisation}</bdi>, <Day on={submittedOn} />
      </Fact>
      {Object.entries({ ...data, ...(occurredOn !== undefined && { occurredOn }) })
        .filter(([name]) => name !== 'amount' && name !== 'change')
        .map(([name, value]) => (
          <HeldField key={name} name={name} value={value} field={formOf(command)?.fields.find((field) => field.name === name)} />
        ))}
      {papers.length > 0 && (
        <Fact name={speech.say('papers')}>
          <ul class="plain">
            {papers.map((paper, index) => (
              <Paper key={index} reference={paper} />
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}

function HeldField({ name, value, field }: { name: string; value: unknown; field: FormField | undefined }) {
  const { speech } = usePage();
  return (
    <Fact name={field ? speech.say(field.label) : <code>{name}</code>}>
      <Held value={value} field={field} />
    </Fact>
  );
}
function Held({ value, field }: { value: unknown; field: FormField | undefined }) {
  const { speech } = usePage();
  if (field?.kind === 'source' && isMoneySource(value)) return <bdi>{sourceInWords(speech, value)}</bdi>;
  if (isTitle(value)) return <Title of={value} />;
  if (typeof value !== 'string') return <bdi>{JSON.stringify(value)}</bdi>;
  const choice = field?.choices?.[value];
  if (choice !== undefined) return <>{choiceText(speech, choice)}</>;
  if (field?.kind === 'amount') return <Money amount={value} />;
  if (field?.kind === 'day') return <Day on={value} />;
  return <bdi class="lines">{value}</bdi>;
}

function Fact({ name, children }: { name: ComponentChildren; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function formOf({ type }: RequestView['command']): CommandForm | undefined {
  return forms.find((form) => form.type === type);
}

/** The papers that the command stands on, if the document has them. */
function papersOf(command: object): Reference[] {
  const papers: unknown = 'references' in command ? command.references : undefined;
  return Array.isArray(papers) ? papers.filter(isPaper) : [];
}
function isTitle(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === 'string')
  );
}

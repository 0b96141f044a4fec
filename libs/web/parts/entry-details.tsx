import type { Reference } from '../../domain/papers/references.js';
import type { MoneySource } from '../../domain/papers/source.js';
import { usePage } from '../page.js';
import { paperName } from './paper-names.js';
import { isSource, sourceNames } from './sources.js';
import type { Speech } from '../speech.js';

/** The texts in an entry's data, such as its payee or reason, and the papers that it stands on. */
export function EntryDetails({ data, references = [] }: { data: object; references?: readonly Reference[] | undefined }) {
  const { speech } = usePage();
  const said = sayable(data);
  return (
    <ul class="details">
      {said.payee !== undefined && <Said text={speech.say('payee', { text: said.payee })} />}
      {said.to !== undefined && <Said text={speech.say('transferTo', { code: said.to })} />}
      {said.from !== undefined && <Said text={speech.say('transferFrom', { code: said.from })} />}
      {said.description !== undefined && <Said text={said.description} />}
      {said.reason !== undefined && <Said text={speech.say('reason', { text: said.reason })} />}
      {said.note !== undefined && <Said text={said.note} />}
      {said.narrative !== undefined && <Said text={said.narrative} />}
      {said.legalBasis !== undefined && <Said text={speech.say('legalBasis', { text: said.legalBasis })} />}
      {'source' in data && isMoneySource(data.source) && <Origin source={data.source} />}
      {references.map((reference, index) => (
        <Paper key={index} reference={reference} />
      ))}
    </ul>
  );
}
function Origin({ source }: { source: MoneySource }) {
  const { speech } = usePage();
  return <Said text={speech.say('source', { source: sourceInWords(speech, source) })} />;
}

/** The source of money: its kind, its giver and the agreement. */
export function sourceInWords(speech: Speech, { kind, party, agreement }: MoneySource): string {
  return [speech.say(sourceNames[kind]), party, agreement].filter((part) => part !== undefined).join(', ');
}
/** Whether something that an event or a command says is a source. */
export function isMoneySource(value: unknown): value is MoneySource {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string' && isSource(value.kind);
}

function Said({ text }: { text: string }) {
  return (
    <li>
      <bdi>{text}</bdi>
    </li>
  );
}

/** One paper, with a link to its file and the digest that proves it. */
export function Paper({ reference: { type, id, title, url, sha256 } }: { reference: Reference }) {
  const { speech } = usePage();
  const called = `${paperName(type, speech.language)} ${id}`;
  const text = title === undefined ? called : `${called}: ${title}`;
  return (
    <li>
      {url === undefined ? (
        <bdi>{text}</bdi>
      ) : (
        <>
          <a class="ds-link" href={url} rel="noopener noreferrer nofollow external">
            <bdi>{text}</bdi>
          </a>{' '}
          <small>
            <bdi>{hostOf(url)}</bdi>
          </small>
        </>
      )}
      {sha256 !== undefined && (
        <>
          {' '}
          <code class="digest">{speech.say('paperDigest', { digest: sha256 })}</code>
        </>
      )}
    </li>
  );
}

/** The target of a link, whatever its text says. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

const sayableNames = ['payee', 'to', 'from', 'description', 'reason', 'note', 'narrative', 'legalBasis'] as const;
type Sayable = { [N in (typeof sayableNames)[number]]?: string };
function sayable(data: object): Sayable {
  const said: Sayable = {};
  for (const name of sayableNames) {
    const text: unknown = Reflect.get(data, name);
    if (typeof text === 'string') said[name] = text;
  }
  return said;
}

/** Whether something that a command says is a paper. */
export function isPaper(value: unknown): value is Reference {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'id' in value &&
    typeof value.id === 'string'
  );
}

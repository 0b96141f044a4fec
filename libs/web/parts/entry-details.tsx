import type { Reference } from '../../domain/papers/references.js';
import { usePage } from '../page.js';

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
      {references.map((reference, index) => (
        <Paper key={index} reference={reference} />
      ))}
    </ul>
  );
}
function Said({ text }: { text: string }) {
  return (
    <li>
      <bdi>{text}</bdi>
    </li>
  );
}

const paperNames: Readonly<Record<string, 'paperContract' | 'paperInvoice' | 'paperLegalAct' | 'paperOcid'>> = {
  contract: 'paperContract',
  invoice: 'paperInvoice',
  legalAct: 'paperLegalAct',
  ocid: 'paperOcid',
};
/** One paper, with a link to where it lies and the digest that proves it. */
export function Paper({ reference: { type, id, title, url, sha256 } }: { reference: Reference }) {
  const { speech } = usePage();
  const name = paperNames[type];
  const called = name ? speech.say(name, { id }) : speech.say('paperOther', { type, id });
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

/** Where a link leads, whatever its text says. */
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

import { usePage } from '../page.js';

/** The texts in an entry's data: payee, description, reason, legal basis. */
export function EntryDetails({ data }: { data: object }) {
  const { speech } = usePage();
  const said = sayable(data);
  return (
    <ul class="details">
      {said.payee !== undefined && <Said text={speech.say('payee', { text: said.payee })} />}
      {said.description !== undefined && <Said text={said.description} />}
      {said.reason !== undefined && <Said text={speech.say('reason', { text: said.reason })} />}
      {said.legalBasis !== undefined && <Said text={speech.say('legalBasis', { text: said.legalBasis })} />}
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

type Sayable = { payee?: string; description?: string; reason?: string; legalBasis?: string };
function sayable(data: object): Sayable {
  const said: Sayable = {};
  for (const name of ['payee', 'description', 'reason', 'legalBasis'] as const) {
    const text: unknown = Reflect.get(data, name);
    if (typeof text === 'string') said[name] = text;
  }
  return said;
}

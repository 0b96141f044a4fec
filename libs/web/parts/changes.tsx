/** Rows of a table that compares two days: a name, the figure on both, and how much it grew. */
import type { ComponentChildren } from 'preact';
import type { AmountChange, CountChange, ShareChange } from '../differences.js';
import { useCurrency, usePage } from '../page.js';
import { MoneyCell, Share } from './texts.js';

export function AmountRow({ name, of }: { name: string; of: AmountChange }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const { from, to, change } = of;
  return (
    <tr>
      <th scope="row">{name}</th>
      <MoneyCell amount={from} />
      <MoneyCell amount={to} />
      <Change value={change} text={change === null ? '' : speech.signed(change, currency)} />
    </tr>
  );
}

export function CountRow({ name, of: { from, to, change } }: { name: ComponentChildren; of: CountChange }) {
  const { speech } = usePage();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{speech.count(from)}</td>
      <td class="number">{speech.count(to)}</td>
      <Change value={String(change)} text={speech.signedCount(change)} />
    </tr>
  );
}

/** Shares differ by percentage points. */
export function ShareRow({ name, of: { from, to, change } }: { name: string; of: ShareChange }) {
  const { speech } = usePage();
  const points = change === null ? null : Math.round(change * 1_000) / 10;
  return (
    <tr>
      <th scope="row">{name}</th>
      {[from, to].map((share, index) => (
        <td class="number" key={index}>
          <Share share={share} />
        </td>
      ))}
      <Change
        value={points === null ? null : String(points)}
        text={points === null ? '' : speech.say('percentagePoints', { points: speech.signedCount(points) })}
      />
    </tr>
  );
}

function Change({ value, text }: { value: string | null; text: string }) {
  const { speech } = usePage();
  if (value === null)
    return (
      <td class="number">
        <span class="none">{speech.say('notApplicable')}</span>
      </td>
    );
  return (
    <td class="number">{Number(value) === 0 ? <span class="none">{speech.say('unchanged')}</span> : <data value={value}>{text}</data>}</td>
  );
}

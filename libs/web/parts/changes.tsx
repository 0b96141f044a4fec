/** Rows of a table that compares two days: a name, the figure on both, and how much it grew. `heads` are the names of these three columns. */
import type { ComponentChildren } from 'preact';
import type { AmountChange, CountChange, ShareChange } from '../differences.js';
import { useCurrency, usePage } from '../page.js';
import { MoneyCell, Share } from './texts.js';

/** The names of the columns: both days, and the change. */
export type Heads = readonly [from: string, to: string, change: string];

export function AmountRow({ name, of, heads }: { name: string; of: AmountChange; heads: Heads }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const { from, to, change } = of;
  return (
    <tr>
      <th scope="row">{name}</th>
      <MoneyCell amount={from} label={heads[0]} />
      <MoneyCell amount={to} label={heads[1]} />
      <Change label={heads[2]} value={change} text={change === null ? '' : speech.signed(change, currency)} />
    </tr>
  );
}

export function CountRow({ name, of: { from, to, change }, heads }: { name: ComponentChildren; of: CountChange; heads: Heads }) {
  const { speech } = usePage();
  return (
    <tr>
      <th scope="row">{name}</th>
      {[from, to].map((count, index) => (
        <td class="number" key={index} data-label={heads[index]}>
          {speech.count(count)}
        </td>
      ))}
      <Change label={heads[2]} value={String(change)} text={speech.signedCount(change)} />
    </tr>
  );
}

/** Shares differ by percentage points. */
export function ShareRow({ name, of: { from, to, change }, heads }: { name: string; of: ShareChange; heads: Heads }) {
  const { speech } = usePage();
  const points = change === null ? null : Math.round(change * 1_000) / 10;
  return (
    <tr>
      <th scope="row">{name}</th>
      {[from, to].map((share, index) => (
        <td class="number" key={index} data-label={heads[index]}>
          <Share share={share} />
        </td>
      ))}
      <Change
        label={heads[2]}
        value={points === null ? null : String(points)}
        text={points === null ? '' : speech.say('percentagePoints', { points: speech.signedCount(points) })}
      />
    </tr>
  );
}

function Change({ label, value, text }: { label: string; value: string | null; text: string }) {
  const { speech } = usePage();
  return (
    <td class="number" data-label={label}>
      {value === null || Number(value) === 0 ? (
        <span class="none">{speech.say(value === null ? 'notApplicable' : 'unchanged')}</span>
      ) : (
        <data value={value}>{text}</data>
      )}
    </td>
  );
}

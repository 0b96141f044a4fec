import type { ComponentChildren } from 'preact';
import type { EffectView, PartView } from '../../projections/explain/effects.js';
import { kindOfOwner, type FigureAsked } from '../../projections/explain/figures.js';
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { Explanation } from '../../projections/explain/reads.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { asOfOf } from '../as-of.js';
import type { MessageKey } from '../messages/en.js';
import { addressOf, useCurrency, useHref, usePage } from '../page.js';
import { Freshness } from '../parts/freshness.js';
import { Table } from '../parts/layout.js';
import { ListLinks } from '../parts/list-links.js';
import { PastForm } from '../parts/past.js';
import { Prove } from '../parts/prove.js';
import { Day, Money, MoneyCell, nameOfEntry, Share } from '../parts/texts.js';
import { InProgramme, useExplain, type Explained } from '../parts/why.js';
import { explainedOf, messageOf, scopeInWords } from '../explained.js';
import type { StatementShown } from '../statements-shown.js';

/** A figure of a programme; `name` is that of its owner if it has one beside its code. */
type Named = {
  readonly programme: ProgrammeView;
  readonly asked: FigureAsked;
  readonly name?: string | undefined;
  /** The last statements, the latest first. */
  readonly statements: readonly StatementShown[];
};
/** A figure with its parts. */
export type ExplainedFigure = Named & { readonly explanation: Explanation };
/** A share with its two sides. */
export type ExplainedShare = Named & { readonly numerator: string; readonly denominator: string };

/** The explanation of a figure: the entries that add up to it, each with what it adds. */
export function Explain({ programme, asked, name, statements, explanation }: ExplainedFigure) {
  const { speech, past } = usePage();
  const base = `/p/${programme.programme}`;
  const { figure, fiscalYear, from, ...owner } = explainedOf(asked);
  const { fiscalYears } = explanation;
  const [onlyYear, ...otherYears] = fiscalYears ?? [];
  const isOneYear = fiscalYears === undefined || (onlyYear !== undefined && otherYears.length === 0);
  const partsAre = isOneYear ? { ...explainedOf(asked), ...(onlyYear !== undefined && { fiscalYear: onlyYear }) } : undefined;
  const question = { figure, ...(fiscalYear !== undefined && { fiscalYear: String(fiscalYear) }), ...owner, occurredAfter: from };
  return (
    <InProgramme of={programme}>
      <Head asked={asked} name={name} figure={messageOf(asked)}>
        <Money amount={explanation.sum} />
      </Head>
      {explanation.parts && (
        <Sums>
          {explanation.parts.map((part) => (
            <PartRow key={part.amount} part={part} of={partsAre} />
          ))}
        </Sums>
      )}
      {explanation.fiscalYears && <Years figure={figure} years={explanation.fiscalYears} />}
      <section aria-labelledby="effects">
        <h2 class="ds-heading" data-size="md" id="effects">
          {speech.say('history')}
        </h2>
        <p>{speech.say('whyList')}</p>
        {kindOfOwner(asked.owner) === 'group' && <p>{speech.say('whyMoved')}</p>}
        <Effects programme={programme} explanation={explanation} />
        <ListLinks
          label={speech.say('history')}
          cursor={explanation.cursor}
          csv={`${base}/explain.csv`}
          api={addressOf(`/programmes/${programme.programme}/explain`, { ...question, ...asOfOf(past, programme) })}
        />
      </section>
      <Prove programme={programme} asked={asked} statements={statements} />
      <Freshness programme={programme} />
    </InProgramme>
  );
}

/** The explanation of a share: its two sides, each of which leads to its own entries. */
export function ExplainShare({ programme, asked, name, statements, numerator, denominator }: ExplainedShare) {
  const { speech } = usePage();
  const share = BigInt(denominator) === 0n ? null : Number((BigInt(numerator) * 10_000n) / BigInt(denominator)) / 10_000;
  return (
    <InProgramme of={programme}>
      <Head asked={asked} name={name} figure="absorption">
        <Share share={share} />
      </Head>
      <p>{speech.say('absorptionMeans')}</p>
      <Sums>
        {(['absorption-numerator', 'absorption-denominator'] as const).map((figure, index) => (
          <SumRow
            key={figure}
            named={speech.say(messageOf({ ...asked, figure }))}
            of={{ ...explainedOf(asked), figure }}
            sum={index === 0 ? numerator : denominator}
          />
        ))}
      </Sums>
      <Prove programme={programme} asked={asked} statements={statements} />
      <Freshness programme={programme} />
    </InProgramme>
  );
}

/** The figure itself, its owner, and the past that it is of. */
function Head({ asked, name, figure, children }: Pick<Named, 'asked' | 'name'> & { figure: MessageKey; children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('whyFigure', { figure: speech.say(figure) })}
      </h1>
      <p class="lead">
        <bdi>{scopeInWords(speech, asked, name)}</bdi>
      </p>
      <PastForm />
      <p class="explained">{children}</p>
    </>
  );
}

/** A table of the sums that a figure is made of. */
function Sums({ children }: { children: ComponentChildren }) {
  const { speech } = usePage();
  const currency = useCurrency();
  return (
    <Table caption={speech.say('amountsIn', { currency: currency.code })}>
      <thead>
        <tr>
          <th scope="col">{speech.say('madeOf')}</th>
          <th scope="col" class="number">
            {speech.say('amount')}
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </Table>
  );
}

/** The fiscal years among which a figure chose, each with its own explanation. */
function Years({ figure, years }: { figure: Explained['figure']; years: readonly FiscalYear[] }) {
  const { speech } = usePage();
  const explain = useExplain();
  return (
    <ul class="details">
      <li>{speech.say('years')}:</li>
      {years.map((fiscalYear) => (
        <li key={fiscalYear}>
          <a class="ds-link" href={explain({ figure, fiscalYear })}>
            {fiscalYear}
          </a>
        </li>
      ))}
      {years.length === 0 && <li>–</li>}
    </ul>
  );
}

/** @param of the figure whose part it is; absent if the part is no figure of its own, but that of several years among others */
function PartRow({ part: { amount, sign, sum }, of }: { part: PartView; of: Omit<Explained, 'figure'> | undefined }) {
  const { speech } = usePage();
  const named = speech.say(sign === '+' ? 'added' : 'subtracted', { figure: speech.say(amount) });
  return <SumRow named={named} of={of && { ...of, figure: amount }} sum={sum} />;
}

/** A sum that is part of a figure. Its name leads to its own explanation. */
function SumRow({ named, of, sum }: { named: string; of: Explained | undefined; sum: string }) {
  const explain = useExplain();
  return (
    <tr>
      <th scope="row">
        {of ? (
          <a class="ds-link" href={explain(of)}>
            {named}
          </a>
        ) : (
          named
        )}
      </th>
      <MoneyCell amount={sum} />
    </tr>
  );
}

/** The entries of a page with what each adds, and the sums before and after them. */
function Effects({ programme, explanation }: { programme: ProgrammeView; explanation: Explanation }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const { items, before, cursor, sum, position } = explanation;
  if (items.length === 0 && cursor === undefined && before === '0') return <p>{speech.say('whyNothing')}</p>;
  return (
    <>
      <Table caption={speech.say('amountsIn', { currency: currency.code })} stacks>
        <thead>
          <tr>
            <th scope="col">{speech.say('what')}</th>
            <th scope="col">{speech.say('occurred')}</th>
            <th scope="col">{speech.say('initiative')}</th>
            <th scope="col" class="number">
              {speech.say('adds')}
            </th>
            <th scope="col" class="number">
              {speech.say('sumSoFar')}
            </th>
          </tr>
        </thead>
        <tbody>
          {before !== '0' && <SumSoFar named={speech.say('broughtForward')} sum={before} />}
          {items.map((item) => (
            <EffectRow key={item.position} programme={programme.programme} item={item} />
          ))}
          {cursor === undefined && <SumSoFar named={speech.say('total')} sum={sum} />}
        </tbody>
      </Table>
      <p class="hint">{speech.say('whyUpTo', { position: speech.count(position) })}</p>
    </>
  );
}

function SumSoFar({ named, sum }: { named: string; sum: string }) {
  const { speech } = usePage();
  return (
    <tr>
      <th scope="row" colSpan={4}>
        {named}
      </th>
      <MoneyCell amount={sum} label={speech.say('sumSoFar')} />
    </tr>
  );
}

function EffectRow({ programme, item }: { programme: string; item: EffectView }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const href = useHref();
  return (
    <tr>
      <th scope="row">
        <a class="ds-link" href={href(`/p/${programme}/entries/${item.position}`)}>
          {speech.say(nameOfEntry(item))}
        </a>{' '}
        <small>{speech.say('position', { position: speech.count(item.position) })}</small>
      </th>
      <td data-label={speech.say('occurred')}>
        <Day on={item.occurredOn} />
      </td>
      <td data-label={speech.say('initiative')}>
        {item.initiative === undefined ? (
          '–'
        ) : (
          <a class="ds-link" href={href(`/p/${programme}/i/${item.initiative}`)}>
            {item.initiative}
          </a>
        )}
      </td>
      <td class="number" data-label={speech.say('adds')}>
        <data value={item.effect}>{speech.signed(item.effect, currency)}</data>
      </td>
      <MoneyCell amount={item.sum} label={speech.say('sumSoFar')} />
    </tr>
  );
}

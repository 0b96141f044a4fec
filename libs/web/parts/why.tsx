/** Figures that lead to the entries that add up to them. */
import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { FigureName, OwnerName } from '../../projections/explain/figures.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { currencyOf } from '../currency.js';
import { InCurrency, useHref, usePage } from '../page.js';

/** A figure as the address of its explanation names it; `absorption` is the page's word for both sides of that share. */
export type Explained = {
  readonly figure: FigureName | 'absorption';
  readonly fiscalYear?: number;
  /** Only what happened from this day on, and up to the other one. */
  readonly from?: string;
  readonly happened?: string;
} & { readonly [N in OwnerName]?: string };

/** A figure, and the elements whose texts say which one it is: a row and a column, or one name. */
export type Reason = { readonly of: Explained; readonly named: readonly [string, ...string[]] };

const ofProgramme = createContext<string | undefined>(undefined);
/** Sets the programme whose figures are shown, and its currency. */
export function InProgramme({
  of,
  children,
}: {
  of: Pick<ProgrammeView, 'programme' | 'currency' | 'minorUnits'>;
  children: ComponentChildren;
}) {
  return (
    <ofProgramme.Provider value={of.programme}>
      <InCurrency value={currencyOf(of)}>{children}</InCurrency>
    </ofProgramme.Provider>
  );
}

/** The id of the words "why this number" on a page. Every link to an explanation begins its name with them. */
const whyId = 'why';

/** Says once for a page that its figures lead to explanations. */
export function WhyHint() {
  const { speech } = usePage();
  return (
    <p class="hint">
      <span id={whyId}>{speech.say('why')}</span>? {speech.say('whyHint')}
    </p>
  );
}

/** A figure as a link to its explanation: read out as "why this number", then its row, its column and itself. Without a reason, it is no link. */
export function Why({ reason, children }: { reason: Reason | undefined; children: ComponentChildren }) {
  return reason ? <Explaining reason={reason}>{children}</Explaining> : <>{children}</>;
}

function Explaining({ reason: { of, named }, children }: { reason: Reason; children: ComponentChildren }) {
  const explain = useExplain();
  const id = `${named.join('')}_`;
  return (
    <a class="why" href={explain(of)} id={id} aria-labelledby={[whyId, ...named, id].join(' ')}>
      {children}
    </a>
  );
}

/** Makes addresses of explanations in the programme of a page. */
export function useExplain(): (of: Explained) => string {
  const href = useHref();
  const programme = useContext(ofProgramme);
  if (programme === undefined) throw new Error('a figure is explained outside its programme');
  return ({ fiscalYear, ...of }) =>
    href(`/p/${programme}/explain`, { ...of, ...(fiscalYear !== undefined && { fiscalYear: String(fiscalYear) }) });
}

/** Every page: its title, its breadcrumbs and its content. */
import type { ComponentChildren } from 'preact';
import type { EntryView } from '../projections/entries/reads.js';
import type { InitiativeView } from '../projections/initiatives/initiative-view.js';
import type { FiscalYearDetail } from '../projections/totals/fiscal-year.js';
import type { GroupView, ProgrammeView } from '../projections/totals/views.js';
import type { MessageKey } from './messages/en.js';
import { addressOf, type Page } from './page.js';
import { Compare, type Comparison } from './pages/compare.js';
import { Entries, Entry } from './pages/entries.js';
import { Explain, ExplainShare, type ExplainedFigure, type ExplainedShare } from './pages/explain.js';
import { Failure } from './pages/failure.js';
import { Initiative } from './pages/initiative.js';
import { Initiatives, type ListFilter } from './pages/initiatives.js';
import { Notices } from './pages/notices.js';
import { FiscalYear } from './pages/fiscal-year.js';
import { Programme, type ProgrammeShown } from './pages/programme.js';
import { Programmes } from './pages/programmes.js';
import { Proof, type ProofShown } from './pages/proof.js';
import { CheckpointFoot } from './parts/checkpoint.js';
import type { Crumb } from './parts/layout.js';
import { nameOfEntry } from './parts/texts.js';
import { pageText } from './render.js';

export function programmesPage(page: Page, programmes: readonly ProgrammeView[]): string {
  return pageText(page, page.speech.say('programmes'), [], <Programmes programmes={programmes} />);
}

export function programmePage(page: Page, shown: ProgrammeShown): string {
  const foot = <CheckpointFoot programme={shown.programme} />;
  return pageText(page, titleOf(page, shown.programme), [home(page)], <Programme {...shown} />, foot);
}

export function fiscalYearPage(page: Page, shown: { programme: ProgrammeView; year: FiscalYearDetail }): string {
  const title = page.speech.say('oneFiscalYear', { year: String(shown.year.fiscalYear) });
  return pageIn(page, shown, title, <FiscalYear {...shown} />);
}

export function initiativesPage(
  page: Page,
  shown: {
    programme: ProgrammeView;
    authorities: readonly GroupView[];
    initiatives: readonly InitiativeView[];
    filter: ListFilter;
    cursor: string | undefined;
    total: number | undefined;
    totalAtLeast: number | undefined;
  },
): string {
  return pageIn(page, shown, page.speech.say('initiatives'), <Initiatives {...shown} />);
}

export function initiativePage(page: Page, shown: Parameters<typeof Initiative>[0]): string {
  return pageIn(page, shown, titleOf(page, shown.initiative), <Initiative {...shown} />, 'initiatives');
}

export function entriesPage(page: Page, shown: Parameters<typeof Entries>[0]): string {
  return pageIn(page, shown, page.speech.say('allEntries'), <Entries {...shown} />);
}

export function entryPage(page: Page, shown: { programme: ProgrammeView; entry: EntryView }): string {
  return pageIn(page, shown, page.speech.say(nameOfEntry(shown.entry)), <Entry {...shown} />, 'entries');
}

export function noticesPage(page: Page, shown: Parameters<typeof Notices>[0]): string {
  return pageIn(page, shown, page.speech.say('notices'), <Notices {...shown} />);
}

export function comparePage(page: Page, shown: Comparison): string {
  return pageIn(page, shown, page.speech.say('compare'), <Compare {...shown} />);
}

export function explainPage(page: Page, shown: ExplainedFigure): string {
  return pageIn(page, shown, page.speech.say('why'), <Explain {...shown} />);
}

/** The page of a share, which is explained by two figures. */
export function explainSharePage(page: Page, shown: ExplainedShare): string {
  return pageIn(page, shown, page.speech.say('why'), <ExplainShare {...shown} />);
}

/** What the proof of a programme shows, and what it does not. */
export function proofPage(page: Page, shown: ProofShown): string {
  return pageIn(page, shown, page.speech.say('proofTitle'), <Proof {...shown} />);
}

/** @param detail the ledger's own English words */
export function failurePage(page: Page, title: MessageKey, text: string, detail?: string): string {
  return pageText(page, page.speech.say(title), [home(page)], <Failure title={title} text={text} detail={detail} />);
}

/** The lists of a programme that a page may belong to. */
const lists = { initiatives: 'initiatives', entries: 'allEntries' } as const satisfies Readonly<Record<string, MessageKey>>;

/** A page below a programme's, or below one of its lists, with the programme's checkpoint at its foot. */
function pageIn(
  page: Page,
  { programme }: { programme: ProgrammeView },
  title: string,
  content: ComponentChildren,
  list?: keyof typeof lists,
): string {
  const above: Crumb[] = [home(page), { text: titleOf(page, programme), href: addressIn(page, `/p/${programme.programme}`) }];
  if (list) above.push({ text: page.speech.say(lists[list]), href: addressIn(page, `/p/${programme.programme}/${list}`) });
  return pageText(page, title, above, content, <CheckpointFoot programme={programme} />);
}
function titleOf({ speech }: Page, { title }: { title: Readonly<Record<string, string>> }): string {
  return speech.title(title).text;
}
function home(page: Page) {
  return { text: page.speech.say('programmes'), href: addressIn(page, '/') };
}
function addressIn({ past, speech, keepsLanguage }: Page, path: string): string {
  return addressOf(path, { ...past, ...(keepsLanguage && { lang: speech.language }) });
}

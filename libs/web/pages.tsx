/** Every page: its title, its breadcrumbs and its content. */
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
import { nameOfEntry } from './parts/texts.js';
import { pageText } from './render.js';

export function programmesPage(page: Page, programmes: readonly ProgrammeView[]): string {
  return pageText(page, page.speech.say('programmes'), [], <Programmes programmes={programmes} />);
}

export function programmePage(page: Page, shown: ProgrammeShown): string {
  return pageText(page, titleOf(page, shown.programme), [home(page)], <Programme {...shown} />);
}

export function fiscalYearPage(page: Page, shown: { programme: ProgrammeView; year: FiscalYearDetail }): string {
  const title = page.speech.say('oneFiscalYear', { year: String(shown.year.fiscalYear) });
  return pageText(page, title, [home(page), toProgramme(page, shown.programme)], <FiscalYear {...shown} />);
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
  return pageText(page, page.speech.say('initiatives'), [home(page), toProgramme(page, shown.programme)], <Initiatives {...shown} />);
}

export function initiativePage(page: Page, shown: Parameters<typeof Initiative>[0]): string {
  const { programme, initiative } = shown;
  const list = { text: page.speech.say('initiatives'), href: addressIn(page, `/p/${programme.programme}/initiatives`) };
  return pageText(page, titleOf(page, initiative), [home(page), toProgramme(page, programme), list], <Initiative {...shown} />);
}

export function entriesPage(page: Page, shown: Parameters<typeof Entries>[0]): string {
  return pageText(page, page.speech.say('allEntries'), [home(page), toProgramme(page, shown.programme)], <Entries {...shown} />);
}

export function entryPage(page: Page, shown: { programme: ProgrammeView; entry: EntryView }): string {
  const { programme, entry } = shown;
  const list = { text: page.speech.say('allEntries'), href: addressIn(page, `/p/${programme.programme}/entries`) };
  return pageText(page, page.speech.say(nameOfEntry(entry)), [home(page), toProgramme(page, programme), list], <Entry {...shown} />);
}

export function noticesPage(page: Page, shown: Parameters<typeof Notices>[0]): string {
  return pageText(page, page.speech.say('notices'), [home(page), toProgramme(page, shown.programme)], <Notices {...shown} />);
}

export function comparePage(page: Page, shown: Comparison): string {
  return pageText(page, page.speech.say('compare'), [home(page), toProgramme(page, shown.programme)], <Compare {...shown} />);
}

export function explainPage(page: Page, shown: ExplainedFigure): string {
  return pageText(page, page.speech.say('why'), [home(page), toProgramme(page, shown.programme)], <Explain {...shown} />);
}

/** The page of a share, which is explained by two figures. */
export function explainSharePage(page: Page, shown: ExplainedShare): string {
  return pageText(page, page.speech.say('why'), [home(page), toProgramme(page, shown.programme)], <ExplainShare {...shown} />);
}

/** @param detail the ledger's own English words */
export function failurePage(page: Page, title: MessageKey, text: string, detail?: string): string {
  return pageText(page, page.speech.say(title), [home(page)], <Failure title={title} text={text} detail={detail} />);
}

function titleOf({ speech }: Page, { title }: { title: Readonly<Record<string, string>> }): string {
  return speech.title(title).text;
}
function home(page: Page) {
  return { text: page.speech.say('programmes'), href: addressIn(page, '/') };
}
function toProgramme(page: Page, programme: ProgrammeView) {
  return { text: titleOf(page, programme), href: addressIn(page, `/p/${programme.programme}`) };
}
function addressIn({ past, speech, keepsLanguage }: Page, path: string): string {
  return addressOf(path, { ...past, ...(keepsLanguage && { lang: speech.language }) });
}

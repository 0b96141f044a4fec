/** The HTML documents of the cards that other sites frame. */
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import type { InitiativeView } from '../projections/initiatives/initiative-view.js';
import type { ProgrammeView } from '../projections/totals/views.js';
import type { MessageKey } from './messages/en.js';
import { OnPage, type Page } from './page.js';
import { commonHeaders, type PageKind } from './page-request.js';
import { FailureCard, InitiativeCard, ProgrammeCard } from './pages/embed.js';
import { stylesheetName } from './stylesheet.js';

export function embeddedProgramme(page: Page, programme: ProgrammeView): string {
  return cardText(page, page.speech.title(programme.title).text, <ProgrammeCard programme={programme} />);
}

export function embeddedInitiative(page: Page, programme: ProgrammeView, initiative: InitiativeView): string {
  return cardText(page, page.speech.title(initiative.title).text, <InitiativeCard programme={programme} initiative={initiative} />);
}

export function embeddedFailure(page: Page, title: MessageKey, text: string): string {
  return cardText(page, page.speech.say(title), <FailureCard title={title} text={text} />);
}

function cardText(page: Page, title: string, content: ComponentChildren): string {
  return `<!doctype html>${render(
    <OnPage value={page}>
      <html lang={page.speech.language} dir="ltr" data-color-scheme="auto">
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href={`/assets/${stylesheetName}`} />
        </head>
        <body class="framed">
          <main class="ds-card">{content}</main>
        </body>
      </html>
    </OnPage>,
  )}`;
}

/** Pages for frames. Sites that isolate themselves (HTML, cross-origin isolation) may frame them too: hence the last two headers. */
export const framedPages: PageKind = {
  headers: {
    ...commonHeaders,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors *",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'cross-origin',
    'cross-origin-embedder-policy': 'require-corp',
  },
  failure: embeddedFailure,
};

import type { ComponentChildren } from 'preact';
import { OnPage, useHref, usePage, type Page } from '../page.js';
import { Languages } from './languages.js';
import { Hidden } from './texts.js';

export type Crumb = { readonly text: string; readonly href: string };

/** The whole HTML document around a page's content. */
export function Document({
  page,
  title,
  stylesheet,
  script,
  crumbs,
  foot,
  children,
}: {
  page: Page;
  title: string;
  stylesheet: string;
  script: string;
  crumbs: readonly Crumb[];
  /** What the foot begins with. */
  foot?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { speech } = page;
  return (
    <OnPage value={page}>
      <html lang={speech.language} dir="ltr" data-color-scheme="auto">
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · ${speech.say('ledger')}`}</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href={stylesheet} />
          <script type="module" src={script} />
        </head>
        <body>
          <a class="ds-skip-link" href="#main">
            {speech.say('skip')}
          </a>
          <Header />
          <div class="page">
            {crumbs.length > 0 && <Crumbs crumbs={crumbs} here={title} />}
            <main id="main" tabIndex={-1}>
              {children}
            </main>
          </div>
          <Footer>{foot}</Footer>
        </body>
      </html>
    </OnPage>
  );
}

function Header() {
  const { speech } = usePage();
  const href = useHref();
  return (
    <header class="top">
      <div class="page">
        <a class="name" href={href('/')}>
          {speech.say('ledger')}
        </a>
        <a class="ds-link" href={href('/workspace', { happened: undefined, known: undefined })}>
          {speech.say('workspace')}
        </a>
        <Languages />
      </div>
    </header>
  );
}

function Crumbs({ crumbs, here }: { crumbs: readonly Crumb[]; here: string }) {
  const { speech } = usePage();
  return (
    <nav class="ds-breadcrumbs" aria-label={speech.say('breadcrumbs')}>
      <ol>
        {crumbs.map(({ text, href }) => (
          <li key={href}>
            <a class="ds-link" href={href}>
              {text}
            </a>
          </li>
        ))}
        <li>
          <span aria-current="page">{here}</span>
        </li>
      </ol>
    </nav>
  );
}

function Footer({ children }: { children: ComponentChildren }) {
  const { speech } = usePage();
  return (
    <footer class="bottom">
      <div class="page">
        {children}
        <p>{speech.say('proof')}</p>
        <p>
          <a class="ds-link" href="/docs">
            {speech.say('forPrograms')}
          </a>
        </p>
      </div>
    </footer>
  );
}

/**
 * A table that scrolls sideways on a narrow screen, and can be reached with the keyboard to do so. With `stacks`, each row becomes a block there: its cells
 * stand one below the other, each after the name in its `data-label`.
 */
export function Table({
  caption,
  hidden = false,
  stacks = false,
  children,
}: {
  caption: string;
  hidden?: boolean;
  stacks?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class={stacks ? 'scroll stacks' : 'scroll'} role="group" aria-label={caption} tabIndex={0}>
      <table class="ds-table" data-size="sm">
        <caption>{hidden ? <Hidden>{caption}</Hidden> : caption}</caption>
        {children}
      </table>
    </div>
  );
}

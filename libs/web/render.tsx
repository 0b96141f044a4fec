import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { liveScriptName } from './live.js';
import type { Page } from './page.js';
import { Document, type Crumb } from './parts/layout.js';
import { stylesheetName } from './stylesheet.js';

/** The HTML of a whole page. */
export function pageText(page: Page, title: string, crumbs: readonly Crumb[], content: ComponentChildren): string {
  return `<!doctype html>${render(
    <Document page={page} title={title} crumbs={crumbs} stylesheet={`/assets/${stylesheetName}`} script={`/assets/${liveScriptName}`}>
      {content}
    </Document>,
  )}`;
}

import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { liveScriptName } from './live.js';
import type { Page } from './page.js';
import { Document, type Crumb } from './parts/layout.js';
import { stylesheetName } from './stylesheet.js';

/** The HTML of a whole page. `foot` stands first at its foot. */
export function pageText(
  page: Page,
  title: string,
  crumbs: readonly Crumb[],
  content: ComponentChildren,
  foot?: ComponentChildren,
): string {
  const files = { stylesheet: `/assets/${stylesheetName}`, script: `/assets/${liveScriptName}` };
  return `<!doctype html>${render(
    <Document page={page} title={title} crumbs={crumbs} {...files} foot={foot}>
      {content}
    </Document>,
  )}`;
}

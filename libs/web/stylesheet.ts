/** The one stylesheet of the pages: parts of Designsystemet (MIT) and our own styles. Its address changes with its content, so caches may keep it for ever. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownStyles } from './own-styles.js';

const parts = [
  'base',
  'heading',
  'link',
  'table',
  'tag',
  'card',
  'button',
  'field',
  'fieldset',
  'error-summary',
  'validation-message',
  'input',
  'label',
  'details',
  'alert',
  'breadcrumbs',
  'skip-link',
] as const;

/** The package exports no folder, so the folder is derived from the file that holds all parts. */
const folder = new URL('.', import.meta.resolve('@digdir/designsystemet-css'));
const read = (path: string) => readFileSync(fileURLToPath(new URL(path, folder)), 'utf8');

export const stylesheet = [read('../theme/designsystemet.css'), ...parts.map((part) => read(`${part}.css`)), ownStyles].join('\n');
export const stylesheetName = `pages-${createHash('sha256').update(stylesheet).digest('hex').slice(0, 16)}.css`;

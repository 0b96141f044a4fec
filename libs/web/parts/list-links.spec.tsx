import { describe, expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { OnPage, type Page } from '../page.js';
import { Speech } from '../speech.js';
import { ListLinks, NothingFound } from './list-links.js';

const page: Page = {
  speech: new Speech('en'),
  origin: 'http://127.0.0.1',
  path: '/p/digital/initiatives',
  query: { q: 'notary' },
  past: {},
  keepsLanguage: false,
  now: 0,
};
const shown = (cursor: string | undefined) =>
  renderToString(
    <OnPage value={page}>
      <NothingFound cursor={cursor} />
      <ListLinks label="Initiatives" cursor={cursor} />
    </OnPage>,
  );

describe('a page of a list without an initiative', () => {
  it('says that none matches if it is the last one', () => {
    expect(shown(undefined)).toContain('No initiative matches.');
    expect(shown(undefined)).not.toContain('rel="next"');
  });

  it('says that the search goes on, and links to the next page, if more can be read', () => {
    expect(shown('further')).toContain('The search goes on: open the next page.');
    expect(shown('further')).toContain('href="/p/digital/initiatives?q=notary&amp;cursor=further"');
  });
});

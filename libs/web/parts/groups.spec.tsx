import { describe, expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { OnPage, type Page } from '../page.js';
import { Speech } from '../speech.js';
import { Groups, type GroupRow } from './groups.js';
import { InProgramme } from './why.js';

const page: Page = {
  speech: new Speech('en'),
  origin: 'http://127.0.0.1',
  path: '/p/digital',
  query: {},
  past: {},
  keepsLanguage: false,
  now: 0,
};
const rows = (count: number): GroupRow[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{
      name: `Ministry ${index}`,
      value: `m-${index}`,
      initiatives: { proposed: 1, funded: 0, spending: 0, finalizing: 0, finalized: 0, cancelled: 0 },
    },
    ...{ funded: String(index * 100), spent: '0', returned: '0', available: String(index * 100) },
  }));
const shown = (count: number, query: Page['query'] = {}) =>
  renderToString(
    <OnPage value={{ ...page, query }}>
      <InProgramme of={{ programme: 'digital', currency: 'KGS', minorUnits: 2 }}>
        <Groups kind="authority" groups={rows(count)} list="/p/digital/initiatives" />
      </InProgramme>
    </OnPage>,
  );
const namesIn = (html: string) => [...html.matchAll(/<bdi>(Ministry \d+)<\/bdi>/g)].map(([, name]) => name);

describe('a table of groups', () => {
  it('has all of them in their order, if they are 30 or fewer', () => {
    expect(namesIn(shown(30))).toEqual(rows(30).map(({ name }) => name));
    expect(shown(30)).not.toContain('Show all');
  });

  it('has the 30 with the most funding, if there are more, and leads to all', () => {
    const html = shown(101);
    expect(namesIn(html)).toEqual(Array.from({ length: 30 }, (_, index) => `Ministry ${100 - index}`));
    expect(html).toContain('The 30 of 101 with the most funding.');
    expect(html).toContain('href="/p/digital?all=authority#by-authority"');
  });

  it('has all of many, if they are asked for', () => {
    expect(namesIn(shown(101, { all: 'authority' }))).toHaveLength(101);
  });
});

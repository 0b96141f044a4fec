import { describe, expect, it } from '@jest/globals';
import { ReaderGone } from '../projections/readers.js';
import { KeptPages } from './kept-pages.js';
import type { Page } from './page.js';
import { Speech } from './speech.js';

const page: Page = {
  speech: new Speech('en'),
  origin: 'https://ledger.example.org',
  path: '/p/p',
  query: { by: 'year' },
  past: {},
  keepsLanguage: false,
  now: 0,
};

describe('a kept page', () => {
  it('is made once for all readers of the same page at the same position', async () => {
    const pages = new KeptPages();
    let made = 0;
    const at = (position: number, more: Partial<Page> = {}) =>
      pages.at(position, { ...page, ...more }, () => Promise.resolve(`page ${++made}`));
    expect(await Promise.all([at(1), at(1), at(1, { now: 5 })])).toEqual(['page 1', 'page 1', 'page 1']);
    expect(await at(2)).toBe('page 2');
    const others: Partial<Page>[] = [
      { speech: new Speech('ky') },
      { keepsLanguage: true },
      { origin: '' },
      { path: '/p/q' },
      { query: {} },
    ];
    for (const other of others) await at(2, other);
    expect(made).toBe(2 + others.length);
  });

  it('is made again if it could not be made', async () => {
    const pages = new KeptPages();
    await expect(pages.at(1, page, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await pages.at(1, page, () => Promise.resolve('there'))).toBe('there');
  });

  it('is made once for all waiting readers, even if the first one hangs up', async () => {
    const pages = new KeptPages();
    let made = 0;
    const first = pages.at(1, page, () => Promise.reject(new ReaderGone()));
    const waiting = ['second', 'third', 'fourth'].map((name) =>
      pages.at(1, page, () => {
        made++;
        return Promise.resolve(name);
      }),
    );
    await expect(first).rejects.toThrow(ReaderGone);
    expect(await Promise.all(waiting)).toEqual(['second', 'second', 'second']);
    expect(made).toBe(1);
  });

  it('is requested once if the ledger has no answer now, and all waiting readers are told', async () => {
    const pages = new KeptPages();
    let made = 0;
    const render = () => {
      made++;
      return Promise.reject(new Error('away'));
    };
    const asked = await Promise.allSettled([pages.at(1, page, render), pages.at(1, page, render), pages.at(1, page, render)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(made).toBe(1);
  });
});

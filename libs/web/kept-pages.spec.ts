import { describe, expect, it } from '@jest/globals';
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
  it('is made once for all who read the same at the same position', async () => {
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

  it('is made again where it could not be made', async () => {
    const pages = new KeptPages();
    await expect(pages.at(1, page, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await pages.at(1, page, () => Promise.resolve('there'))).toBe('there');
  });

  it('is made by who waits for it, where who began it hangs up', async () => {
    const pages = new KeptPages();
    const first = pages.at(1, page, () => Promise.reject(new Error('gone')));
    const second = pages.at(1, page, () => Promise.resolve('there'));
    await expect(first).rejects.toThrow('gone');
    expect(await second).toBe('there');
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
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
  it('is made once for all readers of the same page, unless they want a newer one', async () => {
    const pages = new KeptPages();
    let made = 0;
    const at = (atLeast: number, more: Partial<Page> = {}) =>
      pages.get({ ...page, ...more }, atLeast, () => Promise.resolve({ position: 10 + made, text: `page ${++made}` }));
    expect(await Promise.all([at(0), at(0), at(10, { now: 5 })])).toEqual(['page 1', 'page 1', 'page 1']);
    expect(await at(11)).toBe('page 2');
    expect(await at(10)).toBe('page 2');
    const others: Partial<Page>[] = [
      { speech: new Speech('ky') },
      { keepsLanguage: true },
      { origin: '' },
      { path: '/p/q' },
      { query: {} },
    ];
    for (const other of others) await at(0, other);
    expect(made).toBe(2 + others.length);
  });

  it('is given to its own reader even if the read models did not get as far as was wanted', async () => {
    const pages = new KeptPages();
    expect(await pages.get(page, 5, () => Promise.resolve({ position: 4, text: 'as new as it is' }))).toBe('as new as it is');
  });

  it('is made anew once its time is over', async () => {
    const pages = new KeptPages(20);
    let made = 0;
    const read = () => pages.get(page, 0, () => Promise.resolve({ position: 1, text: `page ${++made}` }));
    expect([await read(), await read()]).toEqual(['page 1', 'page 1']);
    while ((await read()) === 'page 1') await nextTurn();
    expect(made).toBe(2);
  });

  it('is made again if it could not be made', async () => {
    const pages = new KeptPages();
    await expect(pages.get(page, 0, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await pages.get(page, 0, () => Promise.resolve({ position: 1, text: 'there' }))).toBe('there');
  });

  it('is made once for all waiting readers, even if the first one hangs up', async () => {
    const pages = new KeptPages();
    let made = 0;
    const first = pages.get(page, 0, () => Promise.reject(new ReaderGone()));
    const waiting = ['second', 'third', 'fourth'].map((name) =>
      pages.get(page, 0, () => {
        made++;
        return Promise.resolve({ position: 1, text: name });
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
    const asked = await Promise.allSettled([pages.get(page, 0, render), pages.get(page, 0, render), pages.get(page, 0, render)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(made).toBe(1);
  });
});

/** Pages are used with the keyboard alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { looking, openBoth, type Served } from './browser.js';
import { going, pagesOfDemo, pagesOnce } from './pages.js';
import { signedIn, tokensOf, type Cookies, type Role } from './people.js';

/** The focused element: its place among all elements, a name, and whether a reader sees that it has the focus. */
type Focused = { place: number; name: string; seen: boolean };

function focused(page: Page): Promise<Focused | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const isInWindow = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    // The field of a check box is marked in its place.
    const isMarked = [element, element.closest('.ds-field')].some((marked) => {
      if (!marked) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(marked);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || marked.matches('.ds-skip-link');
    });
    return {
      place: [...document.querySelectorAll('*')].indexOf(element),
      name: `${element.tagName.toLowerCase()} ${element.textContent.trim().slice(0, 30)}`,
      seen: isInWindow && isMarked,
    };
  });
}

/** What Tab must reach, in the order of the page. */
function reachable(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return all.flatMap((element, place) =>
      element.matches('a[href], button:not([tabindex="-1"]), select, textarea, summary, input:not([type=hidden]), [tabindex="0"]') &&
      element.checkVisibility()
        ? [place]
        : [],
    );
  });
}

/** Presses Tab through the whole page. A date field has several stops. */
async function tabThrough(page: Page): Promise<Focused[]> {
  const stops: Focused[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (!now || (stops.length > 1 && now.place === stops[0]?.place)) return stops;
    if (now.place !== stops.at(-1)?.place) stops.push(now);
  }
}

describe('the keyboard alone', () => {
  let browser: Browser;
  let ledger: Served;
  let cookies: Readonly<Record<Role, Cookies>>;
  beforeAll(async () => {
    [browser, ledger] = await openBoth('demo');
    cookies = await signedIn(browser, ledger.url, await tokensOf(ledger.folder));
  });
  afterAll(async () => {
    await browser.close();
    await ledger.close();
  });

  it.each(pagesOnce)('reaches everything on the page $name in its order, and shows the focus', async ({ as, open }) => {
    await looking(browser, as ? { storageState: cookies[as] } : {}, async ({ page }) => {
      await open(page, going(page, ledger.url, 'en'));
      const expected = await reachable(page);
      const stops = await tabThrough(page);
      expect(stops.filter(({ seen }) => !seen).map(({ name }) => name)).toEqual([]);
      expect(stops.map(({ place }) => place)).toEqual(expected);
    });
  });

  it('skips to the content', async () => {
    await looking(browser, {}, async ({ page }) => {
      await page.goto(ledger.url + pagesOfDemo['initiatives']!);
      await page.keyboard.press('Tab');
      const link = page.getByRole('link', { name: 'Skip to the main content' });
      expect(await link.evaluate((element) => element === document.activeElement && element.getBoundingClientRect().height > 20)).toBe(
        true,
      );
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main')?.id)).toBe('main');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
    });
  });

  it('searches, opens a result, and asks for the past', async () => {
    await looking(browser, {}, async ({ page }) => {
      const go = async (isThere: () => Promise<boolean>) => {
        for (let pressed = 0; !(await isThere()); pressed++) {
          if (pressed > 200) throw new Error('Tab did not reach it');
          await page.keyboard.press('Tab');
        }
      };
      const on = (selector: string) => () => page.evaluate((chosen) => document.activeElement?.matches(chosen) ?? false, selector);
      await page.goto(ledger.url + pagesOfDemo['initiatives']!);
      await go(on('#q'));
      await page.keyboard.type('state data centre');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=state\+data/);
      await go(on('tbody th a'));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'State data centre' }).waitFor();
      await go(on('.past summary'));
      await page.keyboard.press('Enter');
      await go(on('#happened'));
      // A date field is filled part by part, in the order of the browser's language.
      await page.keyboard.type('12122023');
      await page.keyboard.press('Enter');
      await page
        .getByText(/What had happened by .*2023/)
        .first()
        .waitFor();
    });
  });
});

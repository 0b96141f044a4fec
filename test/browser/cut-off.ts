/** Finds text that a reader of a narrow page can't read. Runs in the browser. */
import type { Page } from 'playwright-core';

/**
 * Elements that stand out beyond the window, or whose text is cut off by their own edge; each as its tag, class and the beginning of its text.
 * What scrolls sideways in a box of its own that the keyboard reaches (tables) is left out, and what only screen readers read.
 */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}: ${element.textContent.trim().slice(0, 40)}`;
    const found: string[] = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('.scroll > *, .ds-sr-only, .ds-skip-link:not(:focus), option')) continue;
      const { left, right, width: own, height } = element.getBoundingClientRect();
      if (own === 0 || height === 0) continue;
      if (left < -1 || right > width + 1) found.push(`beyond the window: ${nameOf(element)}`);
      const drawing = element.closest('svg')?.getBoundingClientRect();
      if (drawing && (left < drawing.left - 1 || right > drawing.right + 1)) found.push(`beyond its drawing: ${nameOf(element)}`);
      const { overflowX, textOverflow } = getComputedStyle(element);
      const hides = overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis';
      if (hides && element.scrollWidth > element.clientWidth + 1) found.push(`cut off: ${nameOf(element)}`);
    }
    const { scrollWidth } = document.documentElement;
    return scrollWidth > width ? [`the page scrolls sideways: ${scrollWidth} of ${width} px`, ...found] : found;
  });
}

import { LRUCache } from 'lru-cache';
import { ReaderGone } from '../projections/readers.js';
import type { Page } from './page.js';

/** The most characters of all pages that are kept. */
const mostCharacters = 10_000_000;
/** How long a page is kept, in milliseconds. Meanwhile a programme may get thousands of records; the page names the position that it shows. */
const keptFor = 1_000;
/** The size of a page in the making, in characters. */
const usualSize = 100_000;

/** A page, and the position of its programme that it shows at least. */
export type Made = { readonly text: string; readonly position: number };
/** A page, once it is made. */
type Kept = { readonly made: Promise<Made> };

/** Public pages by address and language, for a second each: all readers of a page share it. Nothing on them depends on the reader. */
export class KeptPages {
  private readonly kept: LRUCache<string, Kept>;

  constructor(milliseconds = keptFor) {
    this.kept = new LRUCache({ maxSize: mostCharacters, ttl: milliseconds, ttlAutopurge: true });
  }

  /**
   * The page, made by `make` unless one is kept that shows at least the position `atLeast`. A page that fails is not kept. If its reader hung up while it was
   * made, the first waiting reader makes it for the others.
   */
  async get(page: Page, atLeast: number, make: () => Promise<Made>): Promise<string> {
    const key = keyOf(page);
    const known = this.kept.get(key);
    if (!known) return this.make(key, make);
    try {
      const { text, position } = await known.made;
      if (position >= atLeast) return text;
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
    if (this.kept.peek(key) === known) this.kept.delete(key);
    return this.get(page, atLeast, make);
  }

  private async make(key: string, make: () => Promise<Made>): Promise<string> {
    const kept = { made: make() };
    const isCurrent = () => this.kept.peek(key) === kept;
    this.kept.set(key, kept, { size: key.length + usualSize });
    kept.made.then(
      ({ text }) => {
        if (isCurrent()) this.kept.set(key, kept, { size: key.length + text.length, noUpdateTTL: true });
      },
      () => {
        if (isCurrent()) this.kept.delete(key);
      },
    );
    return (await kept.made).text;
  }
}

function keyOf({ speech, origin, path, query, keepsLanguage }: Page): string {
  const address = Object.entries(query).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([speech.language, keepsLanguage, origin, path, address]);
}

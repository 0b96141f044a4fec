import { LRUCache } from 'lru-cache';
import type { Page } from './page.js';

/** Pages that are kept, and for how long (ms): their ages count up to the moment at which they were made. */
const mostKept = 100;
const longestKept = 2_000;

/**
 * Public pages by address, language and the position of their programme: who reads the same at the same position gets the same page, made once. Nothing on them
 * depends on who reads.
 */
export class KeptPages {
  private readonly kept = new LRUCache<string, Promise<string>>({ max: mostKept, ttl: longestKept });

  /** The page at a position, made by `render` unless it is kept. A page that fails is not kept. */
  at(position: number, { speech, origin, path, query, keepsLanguage }: Page, render: () => Promise<string>): Promise<string> {
    const address = Object.entries(query).sort(([one], [other]) => (one < other ? -1 : 1));
    const key = JSON.stringify([position, speech.language, keepsLanguage, origin, path, address]);
    const known = this.kept.get(key);
    // Who made it may have hung up meanwhile.
    if (known) return known.catch(() => render());
    const made = render();
    this.kept.set(key, made);
    made.catch(() => this.kept.delete(key));
    return made;
  }
}

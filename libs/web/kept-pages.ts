import { LRUCache } from 'lru-cache';
import { ReaderGone } from '../projections/readers.js';
import type { Page } from './page.js';

/** The most characters of all pages that are kept, and how long each is kept (ms): the ages on it count up to the moment at which it was made. */
const mostCharacters = 10_000_000;
const longestKept = 2_000;
/** The size of a page in the making, in characters. */
const usualSize = 100_000;

/** A page, once it is made. */
type Kept = { readonly made: Promise<string> };

/**
 * Public pages by address, language and the position of their programme: all readers of a page at one position share it. Nothing on them
 * depends on the reader.
 */
export class KeptPages {
  private readonly kept = new LRUCache<string, Kept>({
    maxSize: mostCharacters,
    ttl: longestKept,
    ttlAutopurge: true,
  });

  /**
   * The page at a position, made by `render` unless it is kept. A page that fails is not kept. If its reader hung up while it was made, the first waiting
   * reader makes it for the others.
   */
  async at(position: number, page: Page, render: () => Promise<string>): Promise<string> {
    const key = keyOf(position, page);
    const known = this.kept.get(key);
    if (!known) return this.make(key, render);
    try {
      return await known.made;
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
      return this.at(position, page, render);
    }
  }

  private make(key: string, render: () => Promise<string>): Promise<string> {
    const made = render();
    const kept = { made };
    const isCurrent = () => this.kept.peek(key) === kept;
    this.kept.set(key, kept, { size: key.length + usualSize });
    made.then(
      (text) => {
        if (isCurrent()) this.kept.set(key, kept, { size: key.length + text.length, noUpdateTTL: true });
      },
      () => {
        if (isCurrent()) this.kept.delete(key);
      },
    );
    return made;
  }
}

function keyOf(position: number, { speech, origin, path, query, keepsLanguage }: Page): string {
  const address = Object.entries(query).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([position, speech.language, keepsLanguage, origin, path, address]);
}

import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Actor } from '../../../domain/vocabulary.js';
import type { Encoding } from '../../../spreadsheets/table.js';
import type { Language } from '../../speech.js';
import type { Session } from '../session.js';
import type { SheetSent } from './sheet-uploads.js';

const minute = 60_000;
const mebibyte = 1_048_576;
/** Uploads that one person may have waiting. */
const mostOfPerson = 3;

/** A spreadsheet between the page that checks it and the button that records it. */
export type KeptUpload = {
  readonly programme: string;
  readonly bytes: Uint8Array;
  /** The language of titles whose header names none: that of the page that took the file. */
  readonly language: Language;
  readonly encoding?: Encoding;
  /** What became of it, once it is being recorded; the second press of the button waits for the first. */
  recording?: Promise<SheetSent>;
};

/** Uploaded spreadsheets, each for the person who sent it, in whatever session: in memory, for 15 minutes at most, those used longest ago dropped first. */
export class KeptUploads {
  private readonly kept: LRUCache<string, { person: string; upload: KeptUpload }>;

  /** `now` tells milliseconds that never go back. */
  constructor(now: () => number) {
    this.kept = new LRUCache({
      ...{ max: 50, maxSize: 20 * mebibyte, sizeCalculation: ({ upload }) => Math.max(1, upload.bytes.length) },
      ...{ ttl: 15 * minute, ttlResolution: 0, perf: { now } },
    });
  }

  /** Keeps an upload. @returns its id, which nobody can guess */
  keep(upload: KeptUpload, { actor }: Session): string {
    const person = nameOf(actor);
    const id = randomBytes(16).toString('base64url');
    // Newest first: a person drops its own oldest upload, not those of others.
    const own = [...this.kept.entries()].filter(([, one]) => one.person === person).map(([known]) => known);
    for (const known of own.slice(mostOfPerson - 1)) this.kept.delete(known);
    this.kept.set(id, { person, upload });
    return id;
  }

  /** A person's upload to a programme; `undefined` if there is none with this id, or not any more. */
  of({ actor }: Session, programme: string, id: string): KeptUpload | undefined {
    const found = this.kept.get(id);
    return found?.person === nameOf(actor) && found.upload.programme === programme ? found.upload : undefined;
  }
}

const nameOf = ({ organisation, id, role }: Actor) => JSON.stringify([organisation, id, role]);

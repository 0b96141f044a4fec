import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { SheetFound } from './sheet-uploads.js';

/** Rows of all kept results together, about a KiB each. */
const mostRows = 30_000;
const quarterHour = 15 * 60_000;

/** The results of checks of uploads, each kept for as long as a new check would have the same result. */
@Injectable()
export class FoundBefore {
  private readonly found = new LRUCache<string, SheetFound>({
    ...{ maxSize: mostRows, sizeCalculation: ({ sheet }) => 1 + sheet.rows.length + sheet.faults.length },
    ttl: quarterHour,
  });
  private readonly checking = new Map<string, Promise<SheetFound>>();

  /** The result of an earlier check, else of a new one, shared by all who ask meanwhile. `dependsOn` names the upload and everything its check depends on. */
  of(dependsOn: readonly (string | number)[], check: () => Promise<SheetFound>): Promise<SheetFound> {
    const key = JSON.stringify(dependsOn);
    const known = this.found.get(key);
    return known ? Promise.resolve(known) : (this.checking.get(key) ?? this.check(key, check));
  }

  /** A check that fails leaves nothing: the next one who asks tries again. */
  private check(key: string, check: () => Promise<SheetFound>): Promise<SheetFound> {
    const checking = check()
      .then((found) => {
        this.found.set(key, found);
        return found;
      })
      .finally(() => this.checking.delete(key));
    this.checking.set(key, checking);
    return checking;
  }
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { SheetFound } from './sheet-uploads.js';

/** Rows of all kept results together, about a KiB each. */
const mostRows = 30_000;
const quarterHour = 15 * 60_000;

/** What checks of uploads found, each for as long as it would find the same. */
@Injectable()
export class FoundBefore {
  private readonly found = new LRUCache<string, SheetFound>({
    ...{ maxSize: mostRows, sizeCalculation: ({ sheet }) => 1 + sheet.rows.length + sheet.faults.length },
    ttl: quarterHour,
  });
  private readonly checking = new Map<string, Promise<SheetFound>>();

  /** What a check found before; checks if it has not, once for all who ask meanwhile. `dependsOn` names the upload and whatever its check depends on. */
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

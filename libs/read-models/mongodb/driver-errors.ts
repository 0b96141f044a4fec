/** What the driver's errors mean: the server is away, a document exists already, a write found another one. */
import { MongoBulkWriteError, MongoNetworkError, MongoServerError, MongoServerSelectionError, type BulkWriteResult } from 'mongodb';

const duplicateKey = 11_000;
const maxTimeExpired = 50;

/** What a server says that is shutting down, has just started, or is no longer or not yet the primary (driver specification "Retryable Reads"). */
const passingCodes: ReadonlySet<unknown> = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

export function isAway(error: unknown): error is Error {
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError) return true;
  return error instanceof MongoServerError && passingCodes.has(error.code);
}

/** Whether the server gave a read up at its `maxTimeMS`. */
export function tookTooLong(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === maxTimeExpired;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/** How many of `writes` unordered writes missed: they found another document, or none. */
export async function missedIn(writing: Promise<BulkWriteResult>, writes: number): Promise<number> {
  try {
    const { insertedCount, matchedCount, upsertedCount } = await writing;
    return writes - insertedCount - matchedCount - upsertedCount;
  } catch (error) {
    if (error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === duplicateKey))
      return [error.writeErrors].flat().length;
    throw error;
  }
}

/** Whether an insert was the first. */
export async function inserted(inserting: Promise<unknown>): Promise<boolean> {
  try {
    await inserting;
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

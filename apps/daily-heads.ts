/** Writes the heads of a ledger to one file a day, to be copied to a place where the ledger's operators cannot change them. */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heads } from '../libs/event-log/ports.js';
import type { Configuration } from './configuration.js';

/** The folder for these files inside the data folder. */
export function headsFolder({ DATA_DIR }: Pick<Configuration, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'heads');
}

export type DailyHeads = {
  /** Created if it does not exist. */
  folder: string;
  /** The heads that are durable by now. */
  heads: () => Heads;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called after a failed write; the next try is within the hour. */
  onFailed: (error: unknown) => void;
};

/** Milliseconds between two writes of the day's file: a process that dies leaves a file that is at most an hour old. */
const hour = 3_600_000;

/** Writes the day's file at once, every hour and when it is stopped. Each day (UTC) has a file with its last heads. */
export function keepDailyHeads(kept: DailyHeads): { stop(): Promise<void> } {
  const write = () => writeHeads(kept).catch(kept.onFailed);
  let writing = write();
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, hour).unref();
  return {
    async stop() {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}

/** Replaces the whole file of the day, in the form of `GET /heads`. An empty ledger gets no file. */
async function writeHeads({ folder, heads, now }: DailyHeads): Promise<void> {
  const items = [...heads()].map(([programme, head]) => ({ programme, ...head })).sort(byProgramme);
  if (items.length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${new Date(now()).toISOString().slice(0, 10)}.json`);
  const made = await open(`${file}.new`, 'w', 0o600);
  try {
    await made.writeFile(`${JSON.stringify({ items }, undefined, 2)}\n`);
    await made.sync();
  } finally {
    await made.close();
  }
  await rename(`${file}.new`, file);
}

function byProgramme(one: { programme: string }, other: { programme: string }): number {
  return one.programme < other.programme ? -1 : 1;
}

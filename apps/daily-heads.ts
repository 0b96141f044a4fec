/** The heads that a ledger writes to a file of its own every day, to be copied to where nobody who runs it can change them. */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heads } from '../libs/event-log/ports.js';
import type { Configuration } from './configuration.js';

/** Where in the data folder they are. */
export function headsFolder({ DATA_DIR }: Pick<Configuration, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'heads');
}

export type DailyHeads = {
  /** Made where there is none. */
  folder: string;
  /** What is durable by now. */
  heads: () => Heads;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Writing failed; it is tried again within the hour. */
  onFailed: (error: unknown) => void;
};

/** Milliseconds between two writes of the day's file, so that a process that dies leaves one at most an hour old. */
const hour = 3_600_000;

/** Writes the day's file at once, every hour and when it is stopped. Each day (UTC) has a file, with the heads it ended with. */
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

/** Replaces the day's file whole, in the form of `GET /heads`; of an empty ledger there is none. */
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

/** What the command line prints: for people on a terminal, for programs with `--json`, and what it is doing while it takes long. */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import type { ChainFault } from '../../libs/event-log/chain.js';

/** Something the user can put right; its message is all that is printed. Nothing was done, or could be checked. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
/** What was looked at is wrong. */
export class FoundWrong extends Error {
  override readonly name = 'FoundWrong';
}

/** What every command ends with: it is done, and what was looked at is sound; or that is wrong; or it could not be done or looked at. */
export const exitStatus = { done: 0, wrong: 1, notDone: 2 } as const;

/** Where the first thing wrong with a history is, and what; `by` is how the offsets of what was read are called. */
export function faultInWords({ offset, programme, position, found }: ChainFault, by: 'offset' | 'line'): string {
  return programme === undefined
    ? `${by} ${offset}: ${found}`
    : `the record at position ${String(position)} of ${programme} (${by} ${offset}): ${found}`;
}

/** What is said where one programme is asked for that the ledger does not have. */
export function noProgramme(programme = ''): UserError {
  return new UserError(`there is no programme ${programme} in this ledger`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Amounts become decimal strings of minor units. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2));
}

/** Rows with a head; plain text without colours or frames. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const plain = new Table({
    head: [...head],
    chars: Object.fromEntries(
      [
        'top',
        'top-mid',
        'top-left',
        'top-right',
        'bottom',
        'bottom-mid',
        'bottom-left',
        'bottom-right',
        'left',
        'left-mid',
        'mid',
        'mid-mid',
        'right',
        'right-mid',
        'middle',
      ].map((part) => [part, '']),
    ),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  plain.push(...rows.map((row) => [...row]));
  return plain.toString();
}

/** A bar on the terminal; nothing where standard error is none. */
export function progressBar(what: string): { show(done: number, total: number): void; stop(): void } {
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}  {eta_formatted} left`, stream: process.stderr, hideCursor: true });
  let shown = false;
  return {
    show(done, total) {
      if (!process.stderr.isTTY) return;
      if (!shown) bar.start(total, 0);
      shown = true;
      bar.update(done);
    },
    stop() {
      if (shown) bar.stop();
    },
  };
}

/** An amount of minor units with its digits after a point: `125000000` of two digits is `1,250,000.00`. */
export function money(amount: bigint, digits: number): string {
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0n ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}

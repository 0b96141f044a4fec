/** Output of the command line: for people on a terminal, JSON for programs, and progress. */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import type { ChainFault } from '../../libs/event-log/chain.js';

/** An error that the user can correct; only its message is printed. Nothing was done, or nothing could be checked. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
/** The checked ledger or export is wrong. */
export class FoundWrong extends Error {
  override readonly name = 'FoundWrong';
}

/** Exit statuses of every command: done and sound; checked and wrong; not done or not checked. */
export const exitStatus = { done: 0, wrong: 1, notDone: 2 } as const;

/** The first fault of a history and its location; `by` names the unit of offsets in the source. */
export function faultInWords({ offset, programme, position, found }: ChainFault, by: 'offset' | 'line'): string {
  return programme === undefined
    ? `${by} ${offset}: ${found}`
    : `the record at position ${String(position)} of ${programme} (${by} ${offset}): ${found}`;
}

/** The error for a programme that the ledger does not have. */
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

/** A progress bar, if standard error is a terminal. */
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

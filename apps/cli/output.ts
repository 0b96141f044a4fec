/** What the command line prints: for people on a terminal, for programs with `--json`, and what it is doing while it takes long. */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

/** Something the user can put right; its message is all that is printed. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
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

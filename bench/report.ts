/** Writes a benchmark's figures for programs to reports/, with the machine they were measured on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** A figure in words, and its numbers, whose names include their units. */
export type Figure = { what: string; figure: string; numbers: Readonly<Record<string, number>> };

/** The machine that figures were measured on. */
export const machine = () => ({ processor: cpus()[0]?.model, processors: cpus().length, node: process.version });

/** Writes reports/NAME.json. */
export async function writeReport(name: string, figures: object): Promise<void> {
  await mkdir('reports', { recursive: true });
  await writeFile(`reports/${name}.json`, JSON.stringify({ ...machine(), ...figures }, null, 2));
}

/** Prints figures as they are measured, and collects them. */
export class Figures {
  readonly all: Figure[] = [];

  say(what: string, figure: string, numbers: Figure['numbers']): void {
    this.all.push({ what, figure, numbers });
    process.stderr.write(`${what}: ${figure}\n`);
  }
  /** For a table. */
  get rows(): string[][] {
    return this.all.map(({ what, figure }) => [what, figure]);
  }
}

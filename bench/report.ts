/** What a benchmark leaves behind in reports/: its figures for programs, beside the machine they were measured on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** A figure in words, and the numbers in it, whose names say their units. */
export type Figure = { what: string; figure: string; numbers: Readonly<Record<string, number>> };

/** What figures were measured on. */
export const machine = () => ({ processor: cpus()[0]?.model, processors: cpus().length, node: process.version });

/** Writes reports/NAME.json. */
export async function writeReport(name: string, figures: object): Promise<void> {
  await mkdir('reports', { recursive: true });
  await writeFile(`reports/${name}.json`, JSON.stringify({ ...machine(), ...figures }, null, 2));
}

/** Says figures as they are found, and gathers them. */
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

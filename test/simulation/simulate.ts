/** Histories made from seeds, and the shortest one that shows a seed's finding. */
import fc from 'fast-check';
import { addFaults, noFaults, type FaultCounts } from './faults.js';
import type { Defect } from './defects.js';
import { runHistory } from './world.js';

/** The choices of one history. */
const anyChoices = fc.array(fc.nat({ max: 5_039 }), { minLength: 100, maxLength: 600, size: 'max' });

export type Found = {
  seed: number;
  broken: string;
  /** The events of the shortest history found that breaks the promise, in order. */
  told: readonly string[];
  /** The choices that make that history; {@link historyOf} reproduces it from them. */
  choices: readonly number[];
};
export type Simulated = { histories: number; steps: number; records: number; faults: FaultCounts; found?: Found };

/** The history of a seed; the same at every call. */
export async function simulateSeed(seed: number, defect?: Defect) {
  return runHistory(choicesOf(seed), { defect });
}

/** The choices that a seed makes. */
export function choicesOf(seed: number): number[] {
  return fc.sample(anyChoices, { seed, numRuns: 1 })[0] ?? [];
}

/** The history of given choices, with its events in words. */
export async function historyOf(made: readonly number[], defect?: Defect) {
  return runHistory(made, { tell: true, defect });
}

/** Runs one seed after another until a promise is broken; then looks for `shrinkWithin` milliseconds for the shortest history that breaks it. */
export async function simulate(
  seeds: Iterable<number>,
  { shrinkWithin, progress, defect }: { shrinkWithin: number; progress: () => void; defect?: Defect | undefined },
): Promise<Simulated> {
  const total = { histories: 0, steps: 0, records: 0, faults: noFaults() };
  for (const seed of seeds) {
    const { steps, records, faults, broken } = await simulateSeed(seed, defect);
    total.histories++;
    total.steps += steps;
    total.records += records;
    addFaults(total.faults, faults);
    progress();
    if (broken !== undefined) return { ...total, found: await shortest(seed, shrinkWithin, defect) };
  }
  return total;
}

/**
 * The shortest history found in the given milliseconds that breaks the promise which the seed breaks. A shorter history that breaks
 * another promise does not count: what is told must be what was found.
 * @throws {Error} the seed breaks nothing, or its history is not the same each time
 */
export async function shortest(seed: number, within: number, defect?: Defect): Promise<Found> {
  const found = promiseOf((await simulateSeed(seed, defect)).broken);
  if (found === undefined) throw new Error(`the history of seed ${seed} breaks nothing`);
  const property = fc.asyncProperty(anyChoices, async (numbers) => {
    const promise = promiseOf((await runHistory(numbers, { defect })).broken);
    return promise === undefined || promise !== found;
  });
  const { counterexample, interrupted } = await fc.check(property, {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: within,
    markInterruptAsFailure: false,
  });
  // On a busy machine the time may be up before the first attempt.
  const choices = counterexample?.[0] ?? (interrupted ? choicesOf(seed) : undefined);
  const { broken, told } = choices ? await historyOf(choices, defect) : {};
  if (!choices || broken === undefined || told === undefined) throw new Error(`the history of seed ${seed} is not the same each time`);
  return { seed, broken, told, choices };
}

/** The promise that a message tells to be broken: its words, whatever its figures. */
function promiseOf(broken: string | undefined): string | undefined {
  return broken?.replaceAll(/\d+/g, '#');
}

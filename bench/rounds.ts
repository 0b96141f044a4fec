/** Measures the ledger and its yardstick in turns, so that other work of the machine affects both. */
export type Comparison = {
  what: string;
  unit: string;
  ours: number[];
  yardstick: number[];
  ratio: number;
  spread: [number, number];
  target: number | undefined;
};

export async function compare(
  what: string,
  unit: string,
  target: number | undefined,
  rounds: number,
  ours: (round: number) => Promise<number>,
  yardstick: (round: number) => Promise<number>,
): Promise<Comparison> {
  const measured: Comparison = { what, unit, ours: [], yardstick: [], ratio: 0, spread: [0, 0], target };
  for (let round = 0; round < rounds; round++) {
    measured.yardstick.push(await yardstick(round));
    measured.ours.push(await ours(round));
  }
  const ratios = measured.ours.map((one, round) => one / (measured.yardstick[round] ?? one)).sort((one, other) => one - other);
  measured.ratio = ratios[Math.floor(ratios.length / 2)] ?? 0;
  measured.spread = [ratios[0] ?? 0, ratios.at(-1) ?? 0];
  process.stderr.write(`${what}: ${measured.ratio.toFixed(2)}\n`);
  return measured;
}

/** The rate per second. */
export async function rate(count: number, work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - started);
}

export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

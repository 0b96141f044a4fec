/** `npm run simulate`: histories of the ledger from seeds, with everything going wrong that can. */
import { Command, InvalidArgumentError } from 'commander';
import { SingleBar } from 'cli-progress';
import { defects, type Defect } from './defects.js';
import { shortest, simulate, simulateSeed, type Found } from './simulate.js';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is wanted');
  return value;
};
const defectIn = (text: string): Defect => {
  const found = defects.find((defect) => defect === text);
  if (!found) throw new InvalidArgumentError(`one of: ${defects.join('; ')}`);
  return found;
};

const program = new Command('simulate')
  .description('Runs histories of the ledger, one for each seed, and says the shortest that breaks a promise.')
  .option('--seeds <count>', 'how many seeds', whole, 1_000)
  .option('--from <seed>', 'the first seed', whole, 1)
  .option('--defect <name>', 'a fault put into the ledger on purpose', defectIn)
  .option('--replay <seed>', 'tell the history of one seed', whole)
  .option('--json', 'write JSON')
  .parse();
const { seeds, from, defect, replay, json } = program.opts<{
  seeds: number;
  from: number;
  defect?: Defect;
  replay?: number;
  json?: true;
}>();

if (replay !== undefined) {
  const { broken, steps, records } = await simulateSeed(replay, defect);
  if (broken === undefined) console.log(`seed ${replay}: ${steps} steps, ${records} records, every promise kept`);
  else tell(await shortest(replay, defect));
} else {
  const bar = new SingleBar({ format: '{bar} {value}/{total} histories', noTTYOutput: false });
  if (!json) bar.start(seeds, 0);
  const progress = () => {
    bar.increment();
  };
  const started = performance.now();
  const result = await simulate(
    Array.from({ length: seeds }, (_, index) => from + index),
    { defect, progress },
  );
  bar.stop();
  const seconds = (performance.now() - started) / 1_000;
  if (json) console.log(JSON.stringify({ ...result, seconds }));
  else console.log(`${result.histories} histories, ${result.steps} steps, ${result.records} records in ${seconds.toFixed(1)} s`);
  if (result.found) {
    if (!json) tell(result.found);
    process.exitCode = 1;
  }
}

function tell({ seed, broken, told }: Found): void {
  console.log([`seed ${seed} breaks a promise: ${broken}`, ...told.map((line) => `  ${line}`)].join('\n'));
}

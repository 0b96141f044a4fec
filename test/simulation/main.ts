/** `npm run simulate`: runs histories of the ledger from seeds, with every kind of fault. */
import { Command, InvalidArgumentError } from 'commander';
import { SingleBar } from 'cli-progress';
import { table } from '../../apps/cli/output.js';
import { defects, type Defect } from './defects.js';
import { faults } from './faults.js';
import { choicesOf, historyOf, simulate } from './simulate.js';

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
  .description('Runs histories of the ledger, one for each seed, and prints the shortest one that breaks a promise.')
  .option('--seeds <count>', 'number of seeds', whole, 1_000)
  .option('--from <seed>', 'the first seed', whole, 1)
  .option('--defect <name>', 'a defect to plant in the ledger', defectIn)
  .option('--replay <seed>', 'print the history of one seed', whole)
  .option('--choices <numbers>', 'print the history that these choices make, as given with a shortest history', (text) =>
    text.split(',').map(whole),
  )
  .option('--shrink <seconds>', 'the time for finding a shorter history that breaks the same promise', whole, 10)
  .option('--json', 'write JSON')
  .parse();
const { seeds, from, defect, replay, choices, shrink, json } = program.opts<{
  seeds: number;
  from: number;
  defect?: Defect;
  replay?: number;
  choices?: number[];
  shrink: number;
  json?: true;
}>();

const again = choices ?? (replay === undefined ? undefined : choicesOf(replay));
if (again) {
  const { broken, steps, records, told } = await historyOf(again, defect);
  const of = replay === undefined ? 'this history' : `seed ${replay}`;
  if (json) console.log(JSON.stringify({ broken, steps, records, told }));
  else
    tell(`${of} ${broken === undefined ? `keeps every promise: ${steps} steps, ${records} records` : `breaks a promise: ${broken}`}`, told);
  if (broken !== undefined) process.exitCode = 1;
} else {
  const bar = new SingleBar({ format: '{bar} {value}/{total} histories', noTTYOutput: false });
  if (!json) bar.start(seeds, 0);
  const progress = () => {
    bar.increment();
  };
  const started = performance.now();
  const result = await simulate(
    Array.from({ length: seeds }, (_, index) => from + index),
    { shrinkWithin: shrink * 1_000, progress, defect },
  );
  bar.stop();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage();
  if (json) console.log(JSON.stringify({ ...result, seconds, processorSeconds: (user + system) / 1_000_000 }));
  else {
    console.log(`${result.histories} histories, ${result.steps} steps, ${result.records} records in ${seconds.toFixed(1)} s`);
    console.log(
      table(
        ['what went wrong', 'times'],
        faults.map((fault) => [fault, result.faults[fault].toLocaleString('en')]),
      ),
    );
  }
  if (result.found) {
    const { seed, broken, told, choices: made } = result.found;
    const named = defect === undefined ? '' : ` --defect '${defect}'`;
    if (!json)
      tell(`seed ${seed} breaks a promise: ${broken}`, [...told, `again: npm run simulate -- --choices ${made.join(',')}${named}`]);
    process.exitCode = 1;
  }
}

function tell(what: string, told: readonly string[]): void {
  console.log([what, ...told.map((line) => `  ${line}`)].join('\n'));
}

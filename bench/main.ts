/** `npm run bench`: compares the ledger with its yardsticks in alternating rounds. Prints ratios with their spread, and writes reports/bench.json. */
import 'reflect-metadata';
import { table } from '../apps/cli/output.js';
import { checkTools, ToolsMissing } from '../services/tools.js';
import { measureDistributed, type DistributedFigures } from './distributed.js';
import { measureDistributedHttp } from './distributed-http.js';
import { measureDrawnSpending } from './drawn-spending.js';
import { measureEmmett, type EmmettFigures } from './emmett.js';
import { linesOfBatch, measureHttp } from './http.js';
import { measureLog } from './log.js';
import { installEmmett } from './processes.js';
import { machine, writeReport } from './report.js';
import { median, type Comparison } from './rounds.js';

const log = await measureLog();
const drawn = await measureDrawnSpending(3);
const http = await measureHttp();
const emmett = await besideEmmettIfInstalled();
const distributed = await measureWithJava();
const comparisons = [
  ...http.comparisons,
  ...(emmett ? [emmett.comparison] : []),
  ...log.comparisons,
  drawn,
  ...(distributed?.comparisons ?? []),
];
const whole = (value: number) => Math.round(value).toLocaleString('en');
const row = ({ what, unit, ours, yardstick, ratio, spread, target }: Comparison) => [
  what,
  `${whole(median(ours))} ${unit}`,
  whole(median(yardstick)),
  ratio.toFixed(2),
  `${spread[0].toFixed(2)}–${spread[1].toFixed(2)}`,
  target === undefined ? '' : `${target} ${ratio >= target ? 'met' : 'missed'}`,
];
const { processor = 'unknown processor', processors, node } = machine();
process.stdout.write(
  [
    `${processors} × ${processor}, Node.js ${node}`,
    '',
    table(['what', 'the ledger', 'its yardstick', 'ratio', 'spread', 'target'], comparisons.map(row)),
    '',
    `commands over HTTP: p50 ${http.p50.toFixed(1)} ms, p99 ${http.p99.toFixed(1)} ms; read models ${http.behindSeconds.toFixed(2)} s behind at the end`,
    `one request a command, but for the batch endpoint: ${(median(http.batched.ours) / linesOfBatch).toFixed(1)} requests/s of ${whole(linesOfBatch)} commands each`,
    `${log.bytesPerEvent.toFixed(0)} bytes on disk an event; restart to the first answer ${log.restartMilliseconds.toFixed(0)} ms`,
    emmett ? besideEmmett(emmett) : 'Emmett was not measured: its packages need a compiler, or a network to fetch compiled ones',
    ...(distributed ? [aloneInKafka(distributed)] : ['Kafka and MongoDB were not measured: they need Java and Maven']),
    '',
  ].join('\n'),
);
await writeReport('bench', { comparisons, http, log, emmett, distributed });

/** The benchmarks on Kafka and MongoDB, if Java and Maven are installed. */
async function measureWithJava(): Promise<DistributedFigures | undefined> {
  try {
    await checkTools('the distributed ledger needs', ['java', 'mvn']);
  } catch (error) {
    if (error instanceof ToolsMissing) return undefined;
    throw error;
  }
  const { comparisons, ...figures } = await measureDistributed();
  return { ...figures, comparisons: [await measureDistributedHttp(), ...comparisons] };
}

function aloneInKafka({ p50, p99 }: DistributedFigures): string {
  const beside = (one: { ours: number; bare: number }) => `${one.ours.toFixed(1)} ms beside ${one.bare.toFixed(1)}`;
  return `one command in flight through Kafka: p50 ${beside(p50)}, p99 ${beside(p99)} (bare kafkajs)`;
}

/** The benchmark of Emmett. It needs packages of its own, one of them compiled at installation. */
async function besideEmmettIfInstalled(): Promise<EmmettFigures | undefined> {
  try {
    await installEmmett();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return undefined;
  }
  return measureEmmett();
}

function besideEmmett({ bytesPerEvent, killed: { ours, emmett } }: EmmettFigures): string {
  return [
    `beside Emmett: ${bytesPerEvent.ours.toFixed(0)} bytes of log an event beside ${bytesPerEvent.emmett.toFixed(0)};`,
    `after kill -9, of ${whole(ours.acknowledged)} acknowledged commands ${ours.lost} lost and ${ours.doubled} duplicated,`,
    `of Emmett’s ${whole(emmett.acknowledged)} ${emmett.lost} lost and ${emmett.doubled} duplicated`,
  ].join(' ');
}

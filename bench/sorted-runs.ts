/** Measures what saving and reading states costs a command. The first argument is the number of commands. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStateStore } from '../libs/event-log/sqlite/sqlite-state-store.js';
import type { StoredState } from '../libs/event-log/ports.js';

const commands = Number(process.argv[2] ?? 1_500_000);
const atOnce = 10_000;
const initiatives = 2_000;

/** The states that one command saves: its id, its movement, and its initiative. */
function statesOf(command: number): StoredState[] {
  const initiative = command % initiatives;
  return [
    { key: `c/p/ministry/command-${command}`, value: `${'0123456789abcdef'.repeat(5)}${command}`, expires: Date.now() + 86_400_000 },
    { key: `m/p/i-${initiative}/transaction/T-${command}`, value: `${'content'.repeat(12)}${command}` },
    { key: `i/p/i-${initiative}`, value: `${'state of the initiative '.repeat(12)}${command}` },
  ];
}
/** The keys that one command looks up: two absent ones and its initiative. */
const askedBy = (command: number) => [
  `c/p/ministry/new-${command}`,
  `m/p/i-${command % initiatives}/transaction/N-${command}`,
  `i/p/i-${command % initiatives}`,
];

const folder = await mkdtemp(join(tmpdir(), 'ledger-sorted-runs-'));
try {
  const file = join(folder, 'states');
  const store = openSqliteStateStore({ file, codeVersion: '1', now: () => Date.now() });
  const heads = new Map();
  let [saving, reading] = [0, 0];
  for (let from = 0; from < commands; from += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, commands - from) }, (_, index) => from + index);
    const changed = new Map(batch.flatMap(statesOf).map((state) => [state.key, state]));
    const asked = batch.map((command) => askedBy(command));
    const begun = performance.now();
    for (const keys of asked) store.read(keys);
    const read = performance.now();
    await store.save(from + atOnce, heads, [...changed.values()]);
    reading += read - begun;
    saving += performance.now() - read;
  }
  store.close();
  const micro = (milliseconds: number) => ((milliseconds * 1_000) / commands).toFixed(1);
  const { size } = await stat(file);
  process.stdout.write(
    `${commands} commands: save ${micro(saving)} µs, read ${micro(reading)} µs a command; ${Math.round(size / commands)} bytes a command\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

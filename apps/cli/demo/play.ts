import type { Command } from '../../../libs/domain/commands.js';
import type { Instant } from '../../../libs/domain/vocabulary.js';
import type { Commands } from '../../../libs/command-processing/commands.js';
import type { Outcome } from '../../../libs/command-processing/outcome.js';

/** Sends each command at its moment: sets the clock, then sends all commands that share the moment. */
export async function play(
  scripted: readonly { at: Instant; command: Command }[],
  commands: Pick<Commands, 'submitAll'>,
  setClock: (at: Instant) => void,
  progress?: (done: number, total: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < scripted.length;) {
    const at = scripted[from]?.at ?? '';
    let to = from;
    while (scripted[to]?.at === at) to++;
    setClock(at);
    outcomes.push(...(await commands.submitAll(scripted.slice(from, to).map(({ command }) => command))));
    progress?.(to, scripted.length);
    from = to;
  }
  return outcomes;
}

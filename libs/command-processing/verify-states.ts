/** Compares what a state store holds with a fresh fold of the log. */
import { start, type EventLog, type Head, type Heads, type Offset, type StateStore } from '../event-log/ports.js';
import { StateCache } from './state-cache.js';
import { Replay } from './replay.js';

/** States as of one moment. */
export type StatesToCompare = {
  offset: Offset;
  heads: Heads;
  /** @throws {StatesDamaged} */
  read(keys: readonly string[]): (string | undefined)[];
  /** @throws {StatesDamaged} */
  keys(): Iterable<readonly string[]>;
};

/** How many states the fresh fold holds in memory before it saves them. */
const unsavedAtMost = 50_000;
/** In milliseconds. A store forgets commands to the minute, so the fresh fold keeps them a little longer. */
const margin = 120_000;

/**
 * Folds the log into `fresh`, up to the offset that states were saved at.
 * @param now milliseconds since 1970: the time at which commands count as forgotten or not
 */
export async function foldStates(log: EventLog, partition: number, upTo: Offset, fresh: StateStore, now: number): Promise<void> {
  const heads = new Map<string, Head>();
  const states = new StateCache(fresh, unsavedAtMost);
  const replay = new Replay(states, heads, () => now - margin);
  const save = (offset: Offset) => states.save((changed) => fresh.save(offset, heads, changed));
  for await (const entries of log.read(partition, start)) {
    const wanted = entries.filter(({ offset }) => offset <= upTo);
    replay.fold(wanted);
    if (replay.whole && states.unsaved > unsavedAtMost) await save(wanted.at(-1)?.offset ?? upTo);
    if (wanted.length < entries.length) break;
  }
  await save(upTo);
}

/** Compares kept states with a fresh fold. @returns the first difference, in words, and the number of compared keys @throws {StatesDamaged} */
export function compareStates(kept: StatesToCompare, fresh: Omit<StatesToCompare, 'offset'>): { states: number; fault?: string } {
  for (const programme of new Set([...kept.heads.keys(), ...fresh.heads.keys()]))
    if (JSON.stringify(kept.heads.get(programme)) !== JSON.stringify(fresh.heads.get(programme)))
      return { states: 0, fault: `the head of ${programme} is not the one that the log has` };
  let states = 0;
  for (const keys of fresh.keys()) {
    states += keys.length;
    const fault = firstDifference(keys, kept, fresh);
    if (fault !== undefined) return { states, fault };
  }
  for (const keys of kept.keys()) {
    const fault = firstDifference(keys, kept, fresh);
    if (fault !== undefined) return { states, fault };
  }
  return { states };
}

type Values = Pick<StatesToCompare, 'read'>;
function firstDifference(keys: readonly string[], kept: Values, fresh: Values): string | undefined {
  const [ones, others] = [kept.read(keys), fresh.read(keys)];
  const at = keys.findIndex((_key, index) => ones[index] !== others[index]);
  if (at < 0) return undefined;
  return `the state ${keys[at] ?? ''} is ${ones[at] ?? 'not there'}, and the log folds to ${others[at] ?? 'none'}`;
}

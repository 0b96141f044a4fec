import { Chain, isFault } from '../event-log/chain.js';
import type { CommandRef, Entry, EventLog, Head, Heads, Offset, StateStore } from '../event-log/ports.js';
import { contradiction, entryAt, hashIn } from '../event-log/contradiction.js';
import { LogUnreadable, start } from '../event-log/ports.js';
import { applyCommand, keysIn, keysOf, type CommandRecords, type Hashed, type SituationKeys } from './apply-command.js';
import { Overlay, type StateCache } from './state-cache.js';
import { commandKey, programmeKey, repeatWindow, type Key } from './states.js';

/** The records read so far of one command. */
type FromCommand = CommandRecords & { records: [Hashed, ...Hashed[]]; keys: SituationKeys[] };

/** Folds entries of the log into states and checks the hash chain. */
export class Replay {
  private unfinished: FromCommand | undefined;
  private readonly chain: Chain;

  constructor(
    private readonly states: StateCache,
    /** Updated with every record. */
    heads: Map<string, Head>,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
  ) {
    this.chain = new Chain({ heads });
  }

  /**
   * How far the state store is folded; `inbox` is the inbox offset of the command at that offset of the log. Clears a store that holds no usable states.
   * @throws {LogDiverged} the log does not hold the record that the store was saved at
   */
  static async fromStore({
    states,
    log,
    partition,
  }: {
    states: StateStore;
    log: EventLog;
    partition: number;
  }): Promise<{ offset: Offset; heads: Heads; inbox: Offset }> {
    const saved = states.open(partition);
    if (!saved) {
      states.clear();
      return { offset: start, heads: new Map(), inbox: start };
    }
    const diverged = await contradiction(log, partition, { what: 'the state store', ...saved, hashAt: hashIn(saved.heads) });
    if (diverged) throw diverged;
    return { ...saved, inbox: (await entryAt(log, partition, saved.offset))?.command?.offset ?? start };
  }

  /** Folds entries in their order. @throws {LogUnreadable} an entry can't be decoded, or breaks the chain */
  fold(entries: readonly Entry[]): void {
    const commands = this.commandsOf(entries);
    const keys: Key[] = [];
    for (const command of commands) for (const looksAt of command.keys) keys.push(...keysIn(looksAt));
    this.states.load(keys);
    const overlay = new Overlay(this.states);
    const remembered = new Date(this.now() - repeatWindow).toISOString();
    for (const command of commands) applyCommand(overlay, { ...command, forgotten: command.records[0].record.recordedAt <= remembered });
    this.states.commit(overlay);
  }

  /** Whether every command read so far is complete: a batch of entries may end between two records of one command. */
  get whole(): boolean {
    return this.unfinished === undefined;
  }

  /** Groups records by their command. The records of one command are appended together, so they follow one another. */
  private commandsOf(entries: readonly Entry[]): FromCommand[] {
    const commands: FromCommand[] = [];
    for (const entry of entries) {
      if (entry.kind === 'outcome') continue;
      const hashed = this.checked(entry);
      const ref = entry.command;
      if (!ref) throw new LogUnreadable(entry.offset, `the record at offset ${entry.offset} names no command`);
      if (this.unfinished) this.unfinished.records.push(hashed);
      else this.unfinished = startOf(hashed, ref);
      this.unfinished.keys.push(keysOfRecord(hashed));
      if (ref.index + 1 < ref.count) continue;
      commands.push(this.unfinished);
      this.unfinished = undefined;
    }
    return commands;
  }

  private checked(entry: Entry): Hashed {
    const link = this.chain.follow(entry);
    if (!isFault(link)) return link;
    const { offset, programme = 'no programme', position, found } = link;
    throw new LogUnreadable(offset, `the entry at offset ${offset} (${programme} position ${String(position)}) can't be read: ${found}`);
  }
}

function startOf(first: Hashed, { organisation, id, digest }: CommandRef): FromCommand {
  return { key: commandKey(first.record.programme, organisation, id), digest, records: [first], keys: [] };
}
function keysOfRecord({ record }: Hashed): SituationKeys {
  return record.type === 'CommandRefused' ? { programme: programmeKey(record.programme) } : keysOf(record);
}

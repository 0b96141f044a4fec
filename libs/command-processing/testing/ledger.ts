/** For specs: a processor over the memory adapters, a clock that moves only when set, and commands of a small programme. */
import { type Command, type CommandData, type CommandEnvelope, type CommandType } from '../../domain/commands.js';
import { programmeCommandTypes } from '../../domain/capabilities.js';
import type { Actor, Role } from '../../domain/vocabulary.js';
import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { MemoryStateStore } from '../../event-log/memory/memory-state-store.js';
import { start, type Entry, type EventLog, type StateStore } from '../../event-log/ports.js';
import { decodeRecord, type LedgerRecord } from '../../event-log/record.js';
import { EmbeddedCommands } from '../embedded-commands.js';
import { Processor } from '../processor.js';
import { type ProcessorOptions } from '../processor-options.js';

export const actor = (role: Role, organisation: string, id = `${organisation}-${role}`): Actor => ({ id, organisation, role });
export const admin = actor('admin', 'cabinet');
export const finance = actor('finance', 'ministry-of-finance');
export const justice = actor('ministry', 'ministry-of-justice');
export const health = actor('ministry', 'ministry-of-health');

let made = 0;
/** A command to programme `p` (and initiative `i`, if its type takes one) with a fresh id unless one is given. */
export function command<T extends CommandType>(
  type: T,
  by: Actor,
  data: CommandData[T],
  more: Partial<CommandEnvelope> & { initiative?: string; programme?: string } = {},
): Command {
  const forInitiative = !programmeCommandTypes.some((one) => one === type);
  const made_ = { type, programme: 'p', commandId: `c-${made++}`, actor: by, data, ...(forInitiative && { initiative: 'i' }), ...more };
  return made_ as unknown as Command;
}

export const establish = (more: Partial<CommandData['EstablishProgramme']> = {}) =>
  command('EstablishProgramme', admin, {
    title: { en: 'P' },
    currency: 'KGS',
    timeZone: 'Asia/Bishkek',
    ceiling: 'enforced',
    years: 'annual',
    ...more,
  });
export const grant = (amount: bigint, fiscalYear = 2024) =>
  command('GrantAppropriation', finance, { fiscalYear, amount, legalBasis: 'law' });
export const propose = (initiative = 'i') =>
  command('ProposeInitiative', justice, { title: { en: 'I' }, authority: justice.organisation }, { initiative });
export const fund = (amount: bigint, fundingId = 'F-1', initiative = 'i') =>
  command('FundInitiative', finance, { fundingId, fiscalYear: 2024, amount }, { initiative });
export const spend = (amount: bigint, transactionId: string, more: Partial<CommandEnvelope> & { initiative?: string } = {}) =>
  command('RecordSpending', justice, { transactionId, amount }, more);
/** Commands that make a programme with one initiative, which has `funded` to spend. */
export const fundedInitiative = (funded: bigint) => [establish(), grant(funded), propose(), fund(funded)];

export type TestLedger = {
  log: EventLog;
  states: StateStore;
  commands: EmbeddedCommands;
  clock: { now: number };
  alarms: string[];
  lost: unknown[];
  records(): Promise<LedgerRecord[]>;
  entries(): Promise<Entry[]>;
};

/** Opens a processor, over the given log and states of an earlier one if any. */
export async function openTestLedger(
  given: { log?: EventLog; states?: StateStore; clock?: { now: number } } & Partial<
    Pick<ProcessorOptions, 'saveAfter' | 'cached' | 'acceptedUpTo'>
  > = {},
): Promise<TestLedger> {
  const log = given.log ?? new MemoryEventLog();
  const states = given.states ?? new MemoryStateStore();
  const clock = given.clock ?? { now: Date.parse('2024-06-01T06:00:00.000Z') };
  const alarms: string[] = [];
  const lost: unknown[] = [];
  const processor = await Processor.open({
    log,
    partition: 0,
    states,
    now: () => clock.now,
    alarm: (message) => alarms.push(message),
    ...(given.saveAfter !== undefined && { saveAfter: given.saveAfter }),
    cached: given.cached ?? 1_000,
    ...(given.acceptedUpTo !== undefined && { acceptedUpTo: given.acceptedUpTo }),
  });
  const entries = async () => {
    const all: Entry[] = [];
    for await (const batch of log.read(0, start)) all.push(...batch);
    return all;
  };
  return {
    log,
    states,
    clock,
    alarms,
    lost,
    commands: new EmbeddedCommands(processor, (error) => lost.push(error)),
    entries,
    records: async () => (await entries()).filter(({ kind }) => kind === 'record').map(({ bytes }) => decodeRecord(bytes)),
  };
}

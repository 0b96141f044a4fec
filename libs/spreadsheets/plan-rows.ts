/** Makes commands from the rows of a table, and names every fault of every row. */
import { createHash } from 'node:crypto';
import { canonicalText } from '../domain/canonical-text.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { trusted } from '../trusted/trusted.js';
import type { SheetFault } from './fault.js';
import { readHeader } from './headers.js';
import { readRow, type ReadRow } from './read-row.js';
import type { RowCommand, RowKind } from './row-commands.js';
import { examples, isValueName, type ValueName } from './row-values.js';
import type { Table } from './table.js';

/**
 * The sender of the commands: one actor sends all of them, as itself or on behalf of one party; an importer sends each on behalf of the party that may send it,
 * finance or the initiative's authority.
 */
export type SheetSender =
  | { actor: Actor }
  | {
      importer: Pick<Actor, 'id' | 'organisation'>;
      /** The organisation of finance. */
      finance: string;
      /** The authority of an initiative that the ledger has, for rows that name none. */
      authorityOf: (initiative: string) => string | undefined;
    };

export type PlanOptions = {
  programme: string;
  /** Decimals of the programme's currency. */
  digits: number;
  /** The language tag of titles whose header names none. */
  language: string;
  sender: SheetSender;
  /** What the ledger would find malformed in a command, by field: `faultsOf` of libs/http. */
  faultsOf: (command: Command) => readonly { field: string; message: string }[];
};

/** A command and the row that it comes from. */
export type PlannedCommand = { row: number; command: Command };
export type Plan = { faults: SheetFault[]; commands: PlannedCommand[] };

/** Plans a table. If the header has faults, rows are not read: their faults would only repeat those of the header. */
export function planRows({ rows: [first, ...rows], daysFrom1904 }: Table, options: PlanOptions): Plan {
  if (!first) throw new Error('a table has a header');
  const header = readHeader(first);
  if (header.faults.length > 0) return { faults: [...header.faults], commands: [] };
  const reading = { digits: options.digits, daysFrom1904, language: options.language };
  const read = rows.map((row) => readRow(row, header, reading, authorityThatSends(options.sender)));
  const planner = new Planner(options, authoritiesProposed(read));
  const plan: Plan = { faults: [], commands: [] };
  for (const row of read) {
    const planned = planner.plan(row);
    if ('faults' in planned) plan.faults.push(...planned.faults);
    else plan.commands.push({ row: row.row, command: planned.command });
  }
  return plan;
}

/** The one authority on whose behalf everything is sent, if there is one. */
function authorityThatSends(sender: SheetSender): string | undefined {
  if (!('actor' in sender)) return undefined;
  const { organisation, role } = sender.actor.onBehalfOf ?? sender.actor;
  return role === 'ministry' ? organisation : undefined;
}

/** The authorities of initiatives that the sheet itself proposes. */
function authoritiesProposed(rows: readonly ReadRow[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(({ kind, values: { initiative, authority } }) =>
      kind?.type === 'ProposeInitiative' && initiative !== undefined && authority !== undefined ? [[initiative, authority] as const] : [],
    ),
  );
}

class Planner {
  private readonly occurrences = new Map<string, number>();

  constructor(
    private readonly options: PlanOptions,
    private readonly proposed: ReadonlyMap<string, string>,
  ) {}

  /** The row's command, or all that is wrong with the row. */
  plan({ kind, values, faults, at }: ReadRow): { command: Command } | { faults: readonly SheetFault[] } {
    const built = kind?.build(values);
    if (!kind || !built || faults.length > 0) return { faults };
    const actor = this.actorFor(kind, values);
    if (!actor) return { faults: [at('authority', { code: 'empty', right: examples.authority })] };
    const command = this.identified(built, actor, kind.toProgramme ? {} : { initiative: values.initiative }, values.date);
    const malformed = this.options
      .faultsOf(command)
      .map(({ field, message }) => at(nameOf(field, kind), { code: 'malformed', right: message.replace(/^\S+ must be /, '') }));
    return malformed.length > 0 ? { faults: malformed } : { command };
  }

  private actorFor({ side }: RowKind, { initiative = '', authority }: ReadRow['values']): Actor | undefined {
    const { sender } = this.options;
    if ('actor' in sender) return sender.actor;
    const { importer, finance, authorityOf } = sender;
    const organisation = side === 'finance' ? finance : (authority ?? this.proposed.get(initiative) ?? authorityOf(initiative));
    if (organisation === undefined) return undefined;
    return { ...importer, role: 'admin', onBehalfOf: { organisation, role: side === 'finance' ? 'finance' : 'ministry' } };
  }

  /**
   * A command whose id names its programme, its content and how many rows with this content came before it, so that the same row always gives the same id,
   * in whatever file, order and format it is sent.
   */
  private identified(
    built: RowCommand,
    actor: Actor,
    target: { initiative?: string | undefined },
    occurredOn: string | undefined,
  ): Command {
    const { programme } = this.options;
    const content = canonicalText([programme, built.type, target.initiative, occurredOn, built.data, actor.onBehalfOf ?? null]);
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 40);
    const occurrence = (this.occurrences.get(digest) ?? 0) + 1;
    this.occurrences.set(digest, occurrence);
    // Type, target and data belong together: the kind of the row has built them so.
    return trusted<Command>({ programme, commandId: `sheet-${digest}-${occurrence}`, actor, occurredOn, ...target, ...built });
  }
}

const fieldNames: Readonly<Record<string, ValueName>> = {
  occurredOn: 'date',
  requestedAmount: 'amount',
  fundingId: 'id',
  transactionId: 'id',
  reversalId: 'id',
  returnId: 'id',
};
/** The value that a command's field was made from. */
function nameOf(field: string, { type }: RowKind): ValueName | 'command' {
  if (field === 'transactionId' && type === 'ReverseSpending') return 'of';
  return fieldNames[field] ?? (isValueName(field) ? field : 'command');
}

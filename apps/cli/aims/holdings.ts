/** The entries in a ledger that come from imports into a programme, folded from its records. Amounts are minor units. */
import type { InitiativeTerms } from '../../../libs/domain/lifecycle/commands.js';
import { effectsOf } from '../../../libs/domain/effects.js';
import type { DomainEvent, MoneyEvent } from '../../../libs/domain/events.js';
import { evolve } from '../../../libs/domain/evolve.js';
import { isImport } from '../../../libs/domain/separation-of-duties.js';
import type { Initiative, Programme } from '../../../libs/domain/state.js';
import { amendedTerms } from '../../../libs/domain/lifecycle/terms.js';
import { importOrganisation, type FiscalYear, type IsoDate, type Money } from '../../../libs/domain/vocabulary.js';
import type { EventRecord, LedgerRecord, RefusalRecord } from '../../../libs/event-log/record.js';
import { Answers } from './answers.js';
import { digest } from './names.js';
import { importedBy, type Edition } from './plan.js';
import type { Letter, Movement } from './published.js';
import type { ImportSource } from './target.js';

/** One entry of the ledger for a published row. */
export type Part = {
  as: 'funding' | 'adjustment' | 'transaction' | 'reversal';
  id: string;
  year: FiscalYear;
  occurredOn: IsoDate;
  /** The amount of this entry after its corrections: funded above zero, spent above zero. */
  net: Money;
};
/** One published row in the ledger. */
export type HeldRow = {
  parts: Part[];
  /** The latest refusal. */
  refused?: RefusedRow;
  /** The latest edition that sent a command for it. */
  edition: number;
};
type RefusedRow = { code: string; detail: string; edition: Edition; content: string };

export type HeldInitiative = {
  state: Initiative;
  /** Whether an import proposed it. */
  ours: boolean;
  /** The terms as imports set them, without amendments by others. */
  said: InitiativeTerms;
  suspendedByImport: boolean;
};
type Moved = { funded: Money; spent: Money };

export class Holdings {
  programme?: Programme;
  /** The edition imported last. */
  latest?: Edition;
  readonly answers = new Answers();
  readonly initiatives = new Map<string, HeldInitiative>();
  /** Funded and spent by commands of others than imports. */
  readonly byOthers: Moved = { funded: 0n, spent: 0n };
  private readonly rows = new Map<string, Map<string, HeldRow>>();
  private position = 0;

  /** Folds the records since the last call. */
  async catchUp(source: ImportSource, programme: string): Promise<void> {
    for await (const record of source.records(programme, this.position)) {
      this.add(record);
      this.position = record.position;
    }
  }

  /** Every published row of an initiative that an import has sent, by {@link rowKey}. */
  rowsOf(initiative: string): Map<string, HeldRow> {
    const known = this.rows.get(initiative) ?? new Map<string, HeldRow>();
    this.rows.set(initiative, known);
    return known;
  }

  /** The programme's own totals over all years. */
  get totals(): Moved {
    const years = Object.values(this.programme?.fiscalYears ?? {});
    return years.reduce((sum, { funded, spent }) => ({ funded: sum.funded + funded, spent: sum.spent + spent }), { funded: 0n, spent: 0n });
  }

  /** The amounts of all published rows together. */
  get byImports(): Moved {
    const moved: Moved = { funded: 0n, spent: 0n };
    for (const rows of this.rows.values())
      for (const [key, { parts }] of rows) for (const { net } of parts) moved[key.startsWith('commitment') ? 'funded' : 'spent'] += net;
    return moved;
  }

  private add(record: LedgerRecord): void {
    const imported = isOfImport(record) ? importedBy(record.commandId) : undefined;
    if (imported) this.latest = imported.edition;
    const isAnswer = imported !== undefined && this.answers.add(record, imported);
    if (record.type === 'CommandRefused') {
      if (isAnswer) this.addRefusal(record, imported.edition);
    } else this.addEvent(record, imported?.edition);
  }

  private addEvent(event: EventRecord, edition: Edition | undefined): void {
    const held = event.initiative === undefined ? undefined : this.initiatives.get(event.initiative);
    const after = evolve({ ...(this.programme && { programme: this.programme }), ...(held && { initiative: held.state }) }, event);
    if (after.programme) this.programme = after.programme;
    if (event.initiative !== undefined && after.initiative)
      this.initiatives.set(event.initiative, {
        state: after.initiative,
        ours: held?.ours ?? edition !== undefined,
        said: edition ? saidBy(event, held) : (held?.said ?? after.initiative.terms),
        suspendedByImport:
          after.initiative.suspended && (event.type === 'InitiativeSuspended' ? edition !== undefined : held?.suspendedByImport === true),
      });
    if (edition) this.addPart(event, edition);
    else {
      for (const { funded = 0n, spent = 0n } of effectsOf(event).sums ?? []) {
        this.byOthers.funded += funded;
        this.byOthers.spent += spent;
      }
    }
  }

  private addPart(event: EventRecord, edition: Edition): void {
    if (event.type === 'InitiativeFunded') this.hold(event, edition, 'funding', event.data.fundingId, event.data.amount);
    else if (event.type === 'SpendingRecorded') this.hold(event, edition, 'transaction', event.data.transactionId, event.data.amount);
    else if (event.type === 'FundingAdjusted') {
      const { fundingId, adjustmentId, change } = event.data;
      if (fundingId === undefined) this.hold(event, edition, 'adjustment', adjustmentId, change);
      else this.correct(event.initiative, edition, 'funding', fundingId, change);
    } else if (event.type === 'SpendingReversed') {
      const { transactionId, reversalId, amount } = event.data;
      if (transactionId === undefined) this.hold(event, edition, 'reversal', reversalId, -amount);
      else this.correct(event.initiative, edition, 'transaction', transactionId, -amount);
    }
  }

  private hold({ initiative, occurredOn, context }: MoneyEvent, edition: Edition, as: Part['as'], id: string, net: Money): void {
    this.row(initiative, rowKey(kindOf(as), id), edition).parts.push({ as, id, year: context.fiscalYear, occurredOn, net });
  }

  private correct(initiative: string, edition: Edition, as: Part['as'], id: string, change: Money): void {
    const part = this.row(initiative, rowKey(kindOf(as), id), edition).parts.find((one) => one.as === as && one.id === id);
    if (part) part.net += change;
  }

  private addRefusal({ initiative, data }: RefusalRecord, edition: Edition): void {
    const { command, code, detail } = data;
    const id = idNames.map((name) => textIn(command.data, name)).find((one) => one !== undefined);
    if (initiative === undefined || id === undefined) return;
    const kind = command.type === 'FundInitiative' || command.type === 'AdjustFunding' ? 'commitment' : 'disbursement';
    this.row(initiative, rowKey(kind, id), edition).refused = { code, detail, edition, content: contentOf(command) };
  }

  private row(initiative: string, key: string, edition: Edition): HeldRow {
    const rows = this.rowsOf(initiative);
    const row = { ...rows.get(key), parts: rows.get(key)?.parts ?? [], edition: edition.number };
    rows.set(key, row);
    return row;
  }
}

/** Whether an import sent the recorded command. The command id alone does not prove that: anybody may choose one that looks like an import's. */
function isOfImport({ actor, initiative }: LedgerRecord): boolean {
  return initiative === undefined ? actor.organisation === importOrganisation : isImport(actor);
}

/** The fields of commands that identify a published row; the corrected entry comes before its correction. */
const idNames = ['fundingId', 'transactionId', 'adjustmentId', 'reversalId'] as const;

/** The movement that a command requests, to find out whether the same was refused before. */
export function contentOf({ type, occurredOn = '', data }: { type: string; occurredOn?: string; data: object }): string {
  const amount: unknown = 'amount' in data ? data.amount : 'change' in data ? data.change : undefined;
  return `${type} ${occurredOn.slice(0, 4)} ${String(amount)}`;
}

type Kind = 'commitment' | 'disbursement';
const kindOf = (as: Part['as']): Kind => (as === 'funding' || as === 'adjustment' ? 'commitment' : 'disbursement');
/** The key of a published row. */
export function rowKeyOf({ letter, id }: Pick<Movement, 'letter' | 'id'>): string {
  return rowKey(letter === 'C' ? 'commitment' : 'disbursement', id);
}
/** The possible keys of a row; both if its letter can't be read. */
export function rowKeys(id: string, letter: Letter | undefined): string[] {
  return (letter ? [letter] : (['C', 'D'] as const)).map((one) => rowKeyOf({ letter: one, id }));
}

const derivedPattern = /^aims-([0-9a-f]{24})-\d+-\d{4}$/;
/** The key of a published row by the id of any of its entries. */
function rowKey(kind: Kind, id: string): string {
  return `${kind}/${derivedPattern.exec(id)?.[1] ?? digest([id], 24)}`;
}
/** The id of an entry that a later edition adds to a row. */
export function derivedId(key: string, edition: number, year: FiscalYear): string {
  return `aims-${key.slice(key.indexOf('/') + 1)}-${edition}-${year}`;
}

function saidBy(event: DomainEvent, held: HeldInitiative | undefined): InitiativeTerms {
  if (event.type === 'InitiativeProposed') return event.data;
  const said = held?.said ?? { title: {}, authority: '' };
  return event.type === 'InitiativeAmended' ? amendedTerms(said, event.data) : said;
}

function textIn(data: object, name: string): string | undefined {
  const found: unknown = Object.entries(data).find(([key]) => key === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}

/** The senders of commands: they repeat a command under the same id until they get its outcome. */
import type { Commands } from '../../libs/command-processing/commands.js';
import { repeatWindow } from '../../libs/command-processing/states.js';
import { CommandsUnavailable, type Outcome } from '../../libs/command-processing/outcome.js';
import { actor, admin, finance } from '../../libs/command-processing/testing/ledger.js';
import { fiscalYearOf } from '../../libs/domain/calendar.js';
import type { Command } from '../../libs/domain/commands.js';
import { yearRules } from '../../libs/domain/vocabulary.js';
import type { Entry } from '../../libs/event-log/ports.js';
import { decodeRecord, senderIn } from '../../libs/event-log/record.js';
import { commandParts, named, someApprovals, whats, type Earlier } from '../../libs/projections/testing/random-history.js';
import type { Oracle } from './oracle.js';
import type { LedgerPromises } from './promises.js';
import { yearAt, type Scheduler, type SimulatedProcess } from './scheduler.js';
import { undecidable } from './undecidable.js';

/** One command of one sender. */
type Request = { command: Command; sentAt: number; waiting: boolean; told?: Outcome };

const initiatives = ['a', 'b'];
const years = [2023, 2024];
const authorities = ['ministry-of-justice', 'ministry-of-health'];

export class Clients {
  readonly requests: Request[] = [];
  private made = 0;
  /** The last attempted movements of an initiative's money. */
  private readonly movements = new Map<string, Earlier>();
  /** By programme, the last request that an answer named. */
  private readonly waiting = new Map<string, string>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly promises: LedgerPromises,
    private readonly oracle: Oracle,
    private readonly programmes: readonly string[],
  ) {}

  /** The first commands of every history: programmes with appropriations, and initiatives with funding. */
  beginning(): Command[][] {
    const owner = actor('ministry', 'ministry-of-justice');
    return this.programmes.map((programme, index) => {
      const parts: Partial<Command>[] = [
        {
          type: 'EstablishProgramme',
          actor: admin,
          occurredOn: '2023-01-01',
          data: {
            title: { en: 'P' },
            currency: 'KGS',
            timeZone: 'Asia/Bishkek',
            ceiling: 'enforced',
            years: yearRules[index % yearRules.length] ?? 'annual',
          },
        },
        ...years.map((fiscalYear): Partial<Command> => ({
          type: 'GrantAppropriation',
          actor: finance,
          occurredOn: '2023-01-01',
          data: { fiscalYear, amount: 150n, legalBasis: 'law' },
        })),
        ...initiatives.flatMap((initiative): Partial<Command>[] => [
          {
            type: 'ProposeInitiative',
            actor: owner,
            initiative,
            occurredOn: '2023-01-02',
            data: { title: { en: initiative }, authority: owner.organisation },
          },
          ...years.map((fiscalYear): Partial<Command> => ({
            type: 'FundInitiative',
            actor: finance,
            initiative,
            occurredOn: '2023-02-01',
            data: { fundingId: `F-${fiscalYear}`, fiscalYear, amount: 40n },
          })),
        ]),
        ...(index % 2 === 0 ? [{ type: 'AmendProgramme', actor: admin, data: { approvals: someApprovals, reason: 'why' } } as const] : []),
      ];
      return parts.map((part) => this.commandOf({ programme, ...part }));
    });
  }

  /** One more command to each programme, because a restored older copy is noticed at the next record. */
  ending(): Command[] {
    const owner = actor('ministry', 'ministry-of-justice');
    return this.programmes.map((programme) =>
      this.commandOf({
        programme,
        type: 'ProposeInitiative',
        actor: owner,
        initiative: 'z',
        data: { title: { en: 'z' }, authority: owner.organisation },
      }),
    );
  }

  /** A random next command, allowed or not. */
  anything(): Command {
    const { choices } = this.scheduler;
    const owner = actor('ministry', choices.of(['ministry-of-justice', 'ministry-of-justice', 'ministry-of-health'] as const));
    const programme = this.programmes[choices.below(this.programmes.length)] ?? 'p';
    const fiscalYear = years[choices.below(years.length)] ?? 2024;
    const initiative = initiatives[choices.below(initiatives.length)] ?? 'a';
    const parts = { initiative, occurredOn: `${fiscalYear}-0${3 + choices.below(3)}-${10 + choices.below(20)}`, fiscalYear };
    const at = `${programme}/${initiative}`;
    const requestId = this.waiting.get(programme);
    const earlier = { ...this.movements.get(at), ...(requestId !== undefined && { requestId }) };
    const chosen = {
      amount: BigInt(1 + choices.below(40)),
      authority: authorities[choices.below(authorities.length)] ?? '',
      pick: 1 + choices.below(8),
      made: choices.oneIn(6) ? Math.max(0, this.made - 2) : this.made,
      owner,
      earlier,
    };
    if (choices.oneIn(12)) {
      this.scheduler.inject('command undecidable');
      return undecidable(this.made++, this.commandOf({ programme, initiative, actor: owner, occurredOn: parts.occurredOn }), choices);
    }
    const command = commandParts(whats[choices.below(whats.length)] ?? 'spend', parts, chosen);
    this.movements.set(at, named(earlier, command));
    const { occurredOn: _, ...undated } = command;
    return this.commandOf({ programme, ...(choices.oneIn(3) ? undated : command) });
  }

  /** Sends commands to a service together, and waits for the answer without a limit. */
  send(commands: readonly Command[], to: Commands): void {
    const requests = commands.map((command): Request => ({ command, sentAt: this.scheduler.now, waiting: true }));
    this.requests.push(...requests);
    void this.ask(requests, to);
  }
  /** Sends a request again, whether or not an answer came. */
  again(request: Request, to: Commands): void {
    if (request.waiting) this.scheduler.inject('command doubled');
    request.waiting = true;
    void this.ask([request], to);
  }

  /** An entry that names no day is dated by the clock, in a year between sending and deciding, unless the decider's own clock was wrong. */
  recorded(entries: readonly Entry[], { name, years }: SimulatedProcess): void {
    for (const entry of entries) {
      if (entry.kind === 'outcome') continue;
      const record = decodeRecord(entry.bytes);
      const { commandId, occurredOn } = record;
      // What was approved is dated by its own sender.
      if (senderIn(record) !== record.actor) continue;
      const request = this.requests.find(({ command }) => command.commandId === commandId);
      if (!request || request.command.occurredOn !== undefined) continue;
      const year = fiscalYearOf(occurredOn);
      const isPossible = years.has(year) || (year >= yearAt(request.sentAt) && year <= yearAt(this.scheduler.now));
      this.promises.hold(isPossible, () => `${commandId} is dated ${occurredOn} by ${name}, whose clock never showed that year`);
    }
  }

  private async ask(requests: readonly Request[], to: Commands): Promise<void> {
    const ids = requests.map(({ command }) => command.commandId).join(', ');
    try {
      const outcomes = await to.submitAll(requests.map(({ command }) => command));
      this.scheduler.onTheWay(`the answer to ${ids} arrives`, () => {
        const lost = this.scheduler.choices.oneIn(10);
        if (lost) this.scheduler.inject('answer to a command lost');
        this.scheduler.tell(lost ? '  it is lost' : `  ${ids}: ${outcomes.map(textOf).join(', ')}`);
        for (const [index, request] of requests.entries()) {
          request.waiting = false;
          const outcome = outcomes[index];
          if (!lost && outcome) this.tell(request, outcome);
        }
      });
    } catch (error) {
      for (const request of requests) request.waiting = false;
      this.promises.hold(error instanceof CommandsUnavailable, () => `${ids} failed: ${String(error)}`);
    }
  }

  private tell(request: Request, outcome: Outcome): void {
    this.oracle.acknowledged(request.command, outcome);
    if (outcome.kind === 'refused' && outcome.code === 'clock-behind') return;
    const { told, command } = request;
    const isAgain = told === undefined || this.areApart(command, told, outcome) || textOf(told) === textOf(outcome);
    this.promises.hold(isAgain, () => `${command.commandId} was ${told ? textOf(told) : ''}, then ${textOf(outcome)}`);
    request.told = outcome;
    if (outcome.kind === 'accepted' && outcome.receipt.requestId !== undefined)
      this.waiting.set(command.programme, outcome.receipt.requestId);
  }

  /** Whether two outcomes may differ: one of them is not recorded, or the command id may have been forgotten between them. */
  private areApart({ programme }: Command, one: Outcome, other: Outcome): boolean {
    if (this.oracle.forgetsCommands) return true;
    const [first, second] = [one, other].map((outcome) => {
      const { position } = outcome.kind === 'accepted' ? outcome.receipt : outcome;
      return position === undefined ? undefined : this.oracle.recordedAt(programme, position);
    });
    return first === undefined || second === undefined || Math.abs(first - second) >= repeatWindow;
  }

  private commandOf(parts: Partial<Command>): Command {
    return { commandId: `c-${this.made++}`, ...parts } as Command;
  }
}

/** An outcome as text, without the mark of a repeat. */
function textOf(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `accepted at ${outcome.receipt.position}`;
  return outcome.position === undefined ? 'refused' : `refused ${outcome.code} at ${outcome.position}`;
}

/** The senders of commands: they ask again under the same id until they are told what became of them. */
import type { Commands } from '../../libs/command-processing/commands.js';
import { repeatWindow } from '../../libs/command-processing/known-values.js';
import { CommandsUnavailable, type Outcome } from '../../libs/command-processing/outcome.js';
import { actor, admin, finance } from '../../libs/command-processing/testing/ledger.js';
import type { Command } from '../../libs/domain/commands.js';
import { commandParts, whats } from '../../libs/projections/testing/random-history.js';
import type { Oracle } from './oracle.js';
import type { LedgerPromises } from './promises.js';
import type { Scheduler } from './scheduler.js';

/** One command of one sender. */
type Request = { command: Command; waiting: boolean; told?: Outcome };

const initiatives = ['a', 'b'];
const authorities = ['ministry-of-justice', 'ministry-of-health'];

export class Clients {
  readonly requests: Request[] = [];
  private made = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly promises: LedgerPromises,
    private readonly oracle: Oracle,
    private readonly programmes: readonly string[],
  ) {}

  /** What every history begins with: programmes with money, and initiatives with some of it. */
  beginning(): Command[][] {
    const owner = actor('ministry', 'ministry-of-justice');
    return this.programmes.map((programme) => {
      const parts: Partial<Command>[] = [
        {
          type: 'EstablishProgramme',
          actor: admin,
          data: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' },
        },
        { type: 'GrantAppropriation', actor: finance, data: { fiscalYear: 2024, amount: 150n, legalBasis: 'law' } },
        ...initiatives.flatMap((initiative): Partial<Command>[] => [
          { type: 'ProposeInitiative', actor: owner, initiative, data: { title: { en: initiative }, authority: owner.organisation } },
          { type: 'FundInitiative', actor: finance, initiative, data: { fundingId: 'F-0', fiscalYear: 2024, amount: 50n } },
        ]),
      ];
      return parts.map((part) => this.commandOf({ programme, ...part }));
    });
  }

  /** One more command to each programme: what was put back to an older copy is noticed with the next record. */
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

  /** What somebody might send next, allowed or not. */
  anything(): Command {
    const { choices } = this.scheduler;
    const owner = actor('ministry', choices.of(['ministry-of-justice', 'ministry-of-justice', 'ministry-of-health'] as const));
    const parts = {
      initiative: initiatives[choices.below(initiatives.length)] ?? 'a',
      occurredOn: `2024-05-${String(10 + choices.below(20))}`,
      fiscalYear: 2024,
    };
    const chosen = {
      amount: BigInt(1 + choices.below(40)),
      authority: authorities[choices.below(authorities.length)] ?? '',
      pick: 1 + choices.below(8),
      made: choices.oneIn(6) ? Math.max(0, this.made - 2) : this.made,
      owner,
    };
    const programme = this.programmes[choices.below(this.programmes.length)] ?? 'p';
    return this.commandOf({ programme, ...commandParts(whats[choices.below(whats.length)] ?? 'spend', parts, chosen) });
  }

  /** Takes commands to a service together, and waits for what it says as long as it takes. */
  send(commands: readonly Command[], to: Commands): void {
    const requests = commands.map((command): Request => ({ command, waiting: true }));
    this.requests.push(...requests);
    void this.ask(requests, to);
  }
  /** Asks again, whether or not an answer came. */
  again(request: Request, to: Commands): void {
    if (request.waiting) this.scheduler.inject('command doubled');
    request.waiting = true;
    void this.ask([request], to);
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
    const { told, command } = request;
    const isAgain = told === undefined || this.areApart(command, told, outcome) || textOf(told) === textOf(outcome);
    this.promises.hold(isAgain, () => `${command.commandId} was ${told ? textOf(told) : ''}, then ${textOf(outcome)}`);
    request.told = outcome;
  }

  /** Whether one of two outcomes is not recorded, or they lie so far apart that the command id may have been used again. */
  private areApart({ programme }: Command, one: Outcome, other: Outcome): boolean {
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

/** An outcome without what says only that it was asked for before. */
function textOf(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `accepted at ${outcome.receipt.position}`;
  return outcome.position === undefined ? 'refused' : `refused ${outcome.code} at ${outcome.position}`;
}

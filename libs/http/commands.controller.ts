import { Controller, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome, Receipt } from '../command-processing/outcome.js';
import type { CommandType } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { knownSender } from './access.js';
import { answerAtomicBatch, outcomesIn } from './atomic-batch.js';
import { answerBatch, linesOf } from './batch.js';
import {
  AdjustAppropriationRequest,
  AdjustFundingRequest,
  AmendInitiativeRequest,
  CancelInitiativeRequest,
  AmendProgrammeRequest,
  CloseFiscalYearRequest,
  ReopenFiscalYearRequest,
  EstablishProgrammeRequest,
  FinalizeInitiativeRequest,
  FundInitiativeRequest,
  GrantAppropriationRequest,
  ProposeInitiativeRequest,
  RecordSpendingRequest,
  ResumeInitiativeRequest,
  ReturnFundsRequest,
  ReverseSpendingRequest,
  StartFinalizingRequest,
  SuspendInitiativeRequest,
} from './dto/requests.js';
import { isCode, MalformedCommand } from './parse-command.js';
import { OwnWrites } from './own-writes.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { problemOfRefusal, statusOfOutcome } from './problem.js';
import { refusedAtTheDoor } from './refused-at-the-door.js';
import { commandIn, pathOf, textOf } from './request-command.js';
import { parametersOf } from './parameters.js';
import { BatchRoute, CommandRoute } from './routes.js';
import { SubmitAtomically, SubmitCommands } from '../application/submit-commands.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Every command, by its own route or in a batch. */
@ApiTags('commands')
@Controller('programmes/:programme')
export class CommandsController {
  constructor(
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
    private readonly bus: CommandBus,
    private readonly ownWrites: OwnWrites,
  ) {}

  @CommandRoute(Put, '', EstablishProgrammeRequest, 'Establish a programme (admin). The same again is answered 200 with the first receipt.')
  establishProgramme(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('EstablishProgramme', request, reply);
  }

  @CommandRoute(Post, 'appropriations', GrantAppropriationRequest, 'Grant what the programme may spend in a fiscal year (finance).')
  grantAppropriation(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('GrantAppropriation', request, reply);
  }

  @CommandRoute(Post, 'appropriations/:fiscalYear/adjustments', AdjustAppropriationRequest, 'Adjust an appropriation (finance).')
  adjustAppropriation(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('AdjustAppropriation', request, reply);
  }

  @CommandRoute(Post, 'fiscal-years/:fiscalYear/closing', CloseFiscalYearRequest, 'Close a fiscal year (finance).')
  closeFiscalYear(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('CloseFiscalYear', request, reply);
  }

  @CommandRoute(
    Post,
    'fiscal-years/:fiscalYear/reopening',
    ReopenFiscalYearRequest,
    'Reopen a closed fiscal year (finance, not who closed it).',
  )
  reopenFiscalYear(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ReopenFiscalYear', request, reply);
  }

  @CommandRoute(Post, 'amendments', AmendProgrammeRequest, 'Amend a programme’s title, or establish it earlier (admin).')
  amendProgramme(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('AmendProgramme', request, reply);
  }

  @CommandRoute(Post, 'initiatives', ProposeInitiativeRequest, 'Propose an initiative (ministry, for itself).')
  proposeInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ProposeInitiative', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/amendments',
    AmendInitiativeRequest,
    'Amend an initiative (ministry for its own; finance for authority and amounts).',
  )
  amendInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('AmendInitiative', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/funding',
    FundInitiativeRequest,
    'Fund an initiative out of a year’s appropriation (finance).',
  )
  fundInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('FundInitiative', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/funding/:fundingId/adjustments', AdjustFundingRequest, 'Adjust a funding (finance).')
  adjustFunding(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('AdjustFunding', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/funding-adjustments',
    AdjustFundingRequest,
    'In an import: adjust funding without naming one (admin on behalf of finance).',
  )
  adjustSomeFunding(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('AdjustFunding', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/spending', RecordSpendingRequest, 'Record spending against funding (ministry, for itself).')
  recordSpending(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('RecordSpending', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/spending/:transactionId/reversals',
    ReverseSpendingRequest,
    'Reverse spending, or a part of it (ministry or finance).',
  )
  reverseSpending(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ReverseSpending', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/reversals',
    ReverseSpendingRequest,
    'In an import: reverse spending without naming it (admin on behalf).',
  )
  reverseSomeSpending(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ReverseSpending', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/returns',
    ReturnFundsRequest,
    'Return unspent funding to the programme (ministry or finance).',
  )
  returnFunds(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ReturnFunds', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/finalization', StartFinalizingRequest, 'Start finalising (ministry).')
  startFinalizing(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('StartFinalizing', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/completion', FinalizeInitiativeRequest, 'Sign an initiative off (finance).')
  finalizeInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('FinalizeInitiative', request, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/cancellation',
    CancelInitiativeRequest,
    'Cancel an initiative; what is unspent comes back (finance).',
  )
  cancelInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('CancelInitiative', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/suspension', SuspendInitiativeRequest, 'Suspend an initiative (finance).')
  suspendInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('SuspendInitiative', request, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/resumption', ResumeInitiativeRequest, 'Resume a suspended initiative (finance).')
  resumeInitiative(@Req() request: Request, @Res({ passthrough: true }) reply: Reply) {
    return this.submit('ResumeInitiative', request, reply);
  }

  /** A line that is malformed or refused doesn't stop the others; in an atomic batch it stops all. */
  @BatchRoute(Post, 'commands')
  async submitBatch(@Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    const parameters = parametersOf(request, ['dryRun', 'atomic']);
    const dryRun = parameters.dryRun === 'true';
    const actor = knownSender(request);
    const { programme } = pathOf(request);
    if (!isCode(programme)) throw new MalformedCommand([{ field: 'programme', message: 'programme must be a code' }]);
    const { metrics, logger } = this.dependencies;
    const lines = linesOf(textOf(request));
    request.commandsSent = lines.length;
    metrics.submitted(actor.organisation, lines.length);
    const told = (outcomes: readonly Outcome[]) => {
      for (const outcome of outcomes) this.answered(outcome, actor, programme);
    };
    const answers =
      parameters.atomic === 'true'
        ? await answerAtomicBatch(lines, programme, actor, async (commands) => {
            const outcome = await this.bus.execute(new SubmitAtomically(commands, dryRun));
            told(outcomesIn(outcome));
            return outcome;
          })
        : await answerBatch(lines, programme, actor, async (commands) => {
            const outcomes = await this.bus.execute(new SubmitCommands(commands, dryRun));
            told(outcomes);
            return outcomes;
          });
    const forbidden = answers.filter(({ status, position }) => status === 403 && position === undefined).length;
    if (forbidden > 0)
      logger.info({ programme, organisation: actor.organisation, subject: actor.id, code: 'forbidden', commands: forbidden }, 'refused');
    reply.code(200).type('application/x-ndjson');
    return answers.map((answer) => JSON.stringify(answer)).join('\n') + '\n';
  }

  private async submit(type: CommandType, request: Request, reply: Reply): Promise<Receipt> {
    const { dryRun } = parametersOf(request, ['dryRun']);
    const sender = knownSender(request);
    const command = commandIn(request, type, sender, this.dependencies.newCommandId);
    const { metrics, logger } = this.dependencies;
    metrics.submitted(sender.organisation, 1);
    const refused = refusedAtTheDoor(command);
    const [outcome] = refused ? [refused] : await this.bus.execute(new SubmitCommands([command], dryRun === 'true'));
    if (!outcome) throw new Error('a command came back without an outcome');
    this.answered(outcome, sender, command.programme);
    const about = { commandId: command.commandId, type, programme: command.programme, organisation: command.actor.organisation };
    if (outcome.replayed) reply.header('idempotency-replayed', 'true');
    if (outcome.kind === 'refused') {
      logger.info({ ...about, code: outcome.code }, 'refused');
      if (outcome.position !== undefined) reply.header('ledger-position', outcome.position);
      throw problemOfRefusal(outcome);
    }
    const { receipt } = outcome;
    logger.debug({ ...about, position: receipt.position }, 'accepted');
    reply.code(statusOfOutcome(outcome)).header('etag', `"${receipt.version}"`);
    if (receipt.position !== undefined) reply.header('ledger-position', receipt.position);
    return receipt;
  }

  private answered(outcome: Outcome, sender: Actor, programme: string): void {
    this.dependencies.metrics.answered(outcome);
    this.ownWrites.told(sender, programme, outcome);
  }
}

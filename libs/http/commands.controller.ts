import { Body, Controller, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome, Receipt } from '../command-processing/outcome.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { knownSender } from './access.js';
import { OwnWrites } from './own-writes.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { problemOfRefusal, statusOfOutcome } from './problem.js';
import { refusedAtTheDoor } from './refused-at-the-door.js';
import { batchLines, CommandOf, programmeCode } from './request-command.js';
import { batchModes, dryRunOnly, type BatchModes } from './parameters.js';
import { BatchRoute, CommandRoute } from './routes.js';
import { SubmittedLines } from './submitted-lines.js';
import { SubmitCommands } from '../application/submit-commands.js';

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
    private readonly lines: SubmittedLines,
  ) {}

  @CommandRoute(Put, '', 'EstablishProgramme', 'Establish a programme (admin). The same again is answered 200 with the first receipt.')
  establishProgramme(
    @CommandOf('EstablishProgramme') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'appropriations', 'GrantAppropriation', 'Grant what the programme may spend in a fiscal year (finance).')
  grantAppropriation(
    @CommandOf('GrantAppropriation') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'appropriations/:fiscalYear/adjustments', 'AdjustAppropriation', 'Adjust an appropriation (finance).')
  adjustAppropriation(
    @CommandOf('AdjustAppropriation') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'fiscal-years/:fiscalYear/closing', 'CloseFiscalYear', 'Close a fiscal year (finance).')
  closeFiscalYear(
    @CommandOf('CloseFiscalYear') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'fiscal-years/:fiscalYear/reopening', 'ReopenFiscalYear', 'Reopen a closed fiscal year (finance, not who closed it).')
  reopenFiscalYear(
    @CommandOf('ReopenFiscalYear') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'amendments',
    'AmendProgramme',
    'Amend a programme’s title, approvals or thresholds, or establish it earlier (admin).',
  )
  amendProgramme(
    @CommandOf('AmendProgramme') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'statement-orders',
    'OrderStatement',
    'Order a statement (finance, auditors, admins). The ledger folds every document of the programme, and publishes their common root.',
  )
  orderStatement(
    @CommandOf('OrderStatement') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'statements',
    'PublishStatement',
    'Publish a statement (admin). The ledger does so itself once a day, when a year is closed, and when one is ordered.',
  )
  publishStatement(
    @CommandOf('PublishStatement') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'requests/:requestId/approval',
    'ApproveRequest',
    'Approve a request (somebody else than its sender, in the role that it waits for). The command that it holds is decided now.',
  )
  approveRequest(
    @CommandOf('ApproveRequest') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'requests/:requestId/return', 'ReturnRequest', 'Return a request to its sender (who could approve it).')
  returnRequest(
    @CommandOf('ReturnRequest') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'requests/:requestId/withdrawal', 'WithdrawRequest', 'Withdraw a request (its sender).')
  withdrawRequest(
    @CommandOf('WithdrawRequest') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives', 'ProposeInitiative', 'Propose an initiative (ministry, for itself).')
  proposeInitiative(
    @CommandOf('ProposeInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/amendments',
    'AmendInitiative',
    'Amend an initiative (ministry for its own; finance for authority and amounts).',
  )
  amendInitiative(
    @CommandOf('AmendInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/funding', 'FundInitiative', 'Fund an initiative out of a year’s appropriation (finance).')
  fundInitiative(
    @CommandOf('FundInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/funding/:fundingId/adjustments', 'AdjustFunding', 'Adjust a funding (finance).')
  adjustFunding(
    @CommandOf('AdjustFunding') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/funding-adjustments',
    'AdjustFunding',
    'In an import: adjust funding without naming one (admin on behalf of finance).',
  )
  adjustSomeFunding(
    @CommandOf('AdjustFunding') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/spending', 'RecordSpending', 'Record spending against funding (ministry, for itself).')
  recordSpending(
    @CommandOf('RecordSpending') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/spending/:transactionId/reversals',
    'ReverseSpending',
    'Reverse spending, or a part of it (ministry or finance).',
  )
  reverseSpending(
    @CommandOf('ReverseSpending') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/reversals',
    'ReverseSpending',
    'In an import: reverse spending without naming it (admin on behalf).',
  )
  reverseSomeSpending(
    @CommandOf('ReverseSpending') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/returns', 'ReturnFunds', 'Return unspent funding to the programme (ministry or finance).')
  returnFunds(@CommandOf('ReturnFunds') command: Command, @Query(dryRunOnly) dryRun: boolean, @Res({ passthrough: true }) reply: Reply) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/commitments',
    'MakeCommitment',
    'Commit money to a supplier by contract (ministry, for itself): it is free no longer, and not yet spent.',
  )
  makeCommitment(
    @CommandOf('MakeCommitment') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/commitments/:commitmentId/changes',
    'ChangeCommitment',
    'Change a commitment’s value, duration or scope (ministry).',
  )
  changeCommitment(
    @CommandOf('ChangeCommitment') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/commitments/:commitmentId/release',
    'ReleaseCommitment',
    'Release a commitment; what is open in it comes free (ministry or finance).',
  )
  releaseCommitment(
    @CommandOf('ReleaseCommitment') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/transfers',
    'TransferFunding',
    'Transfer unspent funding to another initiative, both or neither (finance). The receipt’s version is the giver’s.',
  )
  transferFunding(
    @CommandOf('TransferFunding') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/carry-overs',
    'CarryOver',
    'Carry unspent money over into the next fiscal year, with its appropriation (finance; annual programmes only).',
  )
  carryOver(@CommandOf('CarryOver') command: Command, @Query(dryRunOnly) dryRun: boolean, @Res({ passthrough: true }) reply: Reply) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/finalization', 'StartFinalizing', 'Start finalising (ministry).')
  startFinalizing(
    @CommandOf('StartFinalizing') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/completion', 'FinalizeInitiative', 'Sign an initiative off (finance).')
  finalizeInitiative(
    @CommandOf('FinalizeInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/cancellation',
    'CancelInitiative',
    'Cancel an initiative; what is unspent comes back (finance).',
  )
  cancelInitiative(
    @CommandOf('CancelInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/suspension', 'SuspendInitiative', 'Suspend an initiative (finance).')
  suspendInitiative(
    @CommandOf('SuspendInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/resumption', 'ResumeInitiative', 'Resume a suspended initiative (finance).')
  resumeInitiative(
    @CommandOf('ResumeInitiative') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/milestones', 'PlanMilestone', 'Plan a milestone (ministry, for itself).')
  planMilestone(
    @CommandOf('PlanMilestone') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/milestones/:milestoneId/forecasts',
    'ReforecastMilestone',
    'Forecast a milestone for another day (ministry).',
  )
  reforecastMilestone(
    @CommandOf('ReforecastMilestone') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/milestones/:milestoneId/report',
    'ReportMilestone',
    'Report how far a milestone was reached, after the initiative’s end too (ministry).',
  )
  reportMilestone(
    @CommandOf('ReportMilestone') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/progress', 'ReportProgress', 'Report physical progress (ministry).')
  reportProgress(
    @CommandOf('ReportProgress') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/assessments',
    'AssessConfidence',
    'Assess the confidence in delivery (ministry for its own, finance or auditor).',
  )
  assessConfidence(
    @CommandOf('AssessConfidence') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/indicators',
    'DefineIndicator',
    'Define an indicator with its baseline and targets (ministry).',
  )
  defineIndicator(
    @CommandOf('DefineIndicator') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(
    Post,
    'initiatives/:initiative/results',
    'ReportResult',
    'Report a result of an indicator, after the initiative’s end too (ministry).',
  )
  reportResult(@CommandOf('ReportResult') command: Command, @Query(dryRunOnly) dryRun: boolean, @Res({ passthrough: true }) reply: Reply) {
    return this.submit(command, dryRun, reply);
  }

  @CommandRoute(Post, 'initiatives/:initiative/results/:resultId/corrections', 'CorrectResult', 'Correct a result (ministry).')
  correctResult(
    @CommandOf('CorrectResult') command: Command,
    @Query(dryRunOnly) dryRun: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return this.submit(command, dryRun, reply);
  }

  /** A line that is malformed or refused doesn't stop the others; in an atomic batch it stops all. */
  @BatchRoute(Post, 'commands')
  async submitBatch(
    @Param('programme', programmeCode) programme: string,
    @Query(batchModes) modes: BatchModes,
    @Body(batchLines) lines: readonly string[],
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    request.commandsSent = lines.length;
    const answers = await this.lines.submit(lines, programme, knownSender(request), modes);
    reply.code(200).type('application/x-ndjson');
    return answers.map((answer) => JSON.stringify(answer)).join('\n') + '\n';
  }

  private async submit(command: Command, dryRun: boolean, reply: Reply): Promise<Receipt> {
    const { actor: sender, commandId, type, programme } = command;
    const { metrics, logger } = this.dependencies;
    metrics.submitted(sender.organisation, 1);
    const refused = refusedAtTheDoor(command);
    const [outcome] = refused ? [refused] : await this.bus.execute(new SubmitCommands([command], dryRun));
    if (!outcome) throw new Error('a command came back without an outcome');
    this.answered(outcome, sender, programme);
    const about = { commandId, type, programme, organisation: sender.organisation };
    if (outcome.replayed) reply.header('idempotency-replayed', 'true');
    if (outcome.kind === 'refused') {
      logger.info({ ...about, code: outcome.code }, 'refused');
      if (outcome.position !== undefined) reply.header('ledger-position', outcome.position);
      throw problemOfRefusal(outcome);
    }
    const { receipt } = outcome;
    logger.debug({ ...about, position: receipt.position }, 'accepted');
    reply.code(statusOfOutcome(outcome));
    // A command that waits has changed nothing but the list of requests.
    if (receipt.requestId === undefined) reply.header('etag', `"${receipt.version}"`);
    else if (!outcome.dryRun) reply.header('location', `/programmes/${programme}/requests/${receipt.requestId}`);
    if (receipt.position !== undefined) reply.header('ledger-position', receipt.position);
    return receipt;
  }

  private answered(outcome: Outcome, sender: Actor, programme: string): void {
    this.dependencies.metrics.answered(outcome);
    this.ownWrites.told(sender, programme, outcome);
  }
}

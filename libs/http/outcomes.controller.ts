import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { GetRecordsOfCommand } from '../application/queries/records.js';
import { outcomeOf, type Hashed } from '../command-processing/apply-command.js';
import { Holders, knownSender } from './access.js';
import { clientOf } from './client.js';
import { CommandAnswerBody } from './dto/answers.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { organisationOnly, positionIn } from './parameters.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { notFound, problem, ProblemError } from './problem.js';
import { Described } from './routes.js';

type Request = FastifyRequest;

/** Looks up the outcomes of commands. */
@ApiTags('commands')
@Controller('programmes/:programme/commands')
export class OutcomesController {
  constructor(
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
    private readonly queries: QueryBus,
  ) {}

  @Get(':commandId')
  @Holders()
  @Described('The outcome of a command that the sender’s organisation sent in the sender’s role; auditors and admins see every command.', {
    path: 'programmes/:programme/commands/:commandId',
    query: { organisation: 'Auditors and admins only: the organisation that sent the command.' },
  })
  @ApiOkResponse({ type: CommandAnswerBody })
  async command(
    @Param('programme') programme: string,
    @Param('commandId') commandId: string,
    @Query(organisationOnly) named: string | undefined,
    @Req() request: Request,
  ): Promise<CommandAnswer> {
    const sender = knownSender(request);
    const organisation = named ?? sender.organisation;
    const seesAll = sender.role === 'auditor' || sender.role === 'admin';
    if (organisation !== sender.organisation && !seesAll)
      throw new ProblemError(problem(403, 'forbidden', 'only auditors and admins may ask for other organisations’ commands'));
    const records = await this.recordsOf(request, programme, organisation, commandId);
    if (!records) throw notFound('unknown-command', `no command ${commandId} from ${organisation} to ${programme} is on record`);
    const [{ record }] = records;
    if (!seesAll && record.actor.role !== sender.role)
      throw new ProblemError(
        problem(403, 'forbidden', `the command was sent by the role ${record.actor.role}; the token’s is ${sender.role}`),
      );
    return answerTo(outcomeOf(records));
  }

  /** The records of a command. If the processor already knows its outcome, waits until the records can be read. */
  private async recordsOf(
    request: Request,
    programme: string,
    organisation: string,
    commandId: string,
  ): Promise<[Hashed, ...Hashed[]] | undefined> {
    const known = await this.dependencies.commands?.outcome(programme, organisation, commandId);
    const position = known && (known.kind === 'accepted' ? known.receipt : known).position;
    const asked = { asker: { client: clientOf(request) }, atLeast: positionIn(request) ?? position };
    const { answer } = await this.queries.execute(new GetRecordsOfCommand(programme, organisation, commandId, asked));
    const [first, ...rest] = answer ?? [];
    return first && [first, ...rest];
  }
}

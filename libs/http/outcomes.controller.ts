import { Controller, Get, Inject, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { outcomeOf } from '../command-processing/fold-command.js';
import type { Outcome } from '../command-processing/outcome.js';
import { Holders, knownSender } from './access.js';
import { CommandAnswerBody } from './dto/answers.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { parametersOf, positionIn } from './parameters.js';
import { partsToken, type Parts } from './parts.js';
import { notFound, problem, ProblemError } from './problem.js';
import { pathOf } from './request-command.js';
import { Described } from './routes.js';
import { AskQueries } from './seam.js';

type Request = FastifyRequest;

/** What became of commands. */
@ApiTags('commands')
@Controller('programmes/:programme/commands')
export class OutcomesController {
  constructor(
    @Inject(partsToken) private readonly parts: Parts,
    private readonly queries: QueryBus,
  ) {}

  @Get(':commandId')
  @Holders()
  @Described('What became of a command of one’s own organisation; auditors and admins name another.', {
    path: 'programmes/:programme/commands/:commandId',
    query: { organisation: 'Auditors and admins: whose command it was.' },
  })
  @ApiOkResponse({ type: CommandAnswerBody })
  async command(@Req() request: Request): Promise<CommandAnswer> {
    const sender = knownSender(request);
    const { organisation = sender.organisation } = parametersOf(request, ['organisation']);
    const { programme = '', commandId = '' } = pathOf(request);
    if (organisation !== sender.organisation && sender.role !== 'auditor' && sender.role !== 'admin')
      throw new ProblemError(problem(403, 'forbidden', 'only auditors and admins ask for other organisations’ commands'));
    const outcome =
      (await this.parts.commands?.outcome(programme, organisation, commandId)) ??
      (await this.recorded(request, programme, organisation, commandId));
    if (!outcome) throw notFound('unknown-command', `${organisation} sent ${programme} no command ${commandId} that is on record`);
    return answerTo(outcome);
  }

  private async recorded(request: Request, programme: string, organisation: string, commandId: string): Promise<Outcome | undefined> {
    const { answer } = await this.queries.execute(
      new AskQueries((queries) =>
        queries.consistently(programme, positionIn(request), (bound) => bound.recordsOf(programme, organisation, commandId)),
      ),
    );
    const [first, ...rest] = answer ?? [];
    return first && outcomeOf([first, ...rest]);
  }
}

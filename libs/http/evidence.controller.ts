import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetEvidence } from '../application/queries/evidence.js';
import { mostInEvidence } from '../projections/records/evidence-texts.js';
import { evidenceFileName, writeEvidence } from '../proof/evidence/evidence.js';
import type { NoEvidence } from '../proof/evidence/make-evidence.js';
import { Holders } from './access.js';
import { Answering } from './answering.js';
import { formOf } from './negotiation.js';
import { countIn, Parameters } from './parameters.js';
import { notFound, unknownInitiative, type ProblemError } from './problem.js';
import { NotAcceptable } from './proof.controller.js';
import { Described } from './routes.js';
import { Terms } from './terms.js';

const statementOnly = new Parameters(['statement'], ({ statement }) =>
  statement === undefined ? {} : { statement: countIn('statement', statement, Number.MAX_SAFE_INTEGER) },
);

/** The route that gives evidence of an initiative: a file that proves its figures without the ledger. */
@ApiTags('proof')
@Controller('programmes/:programme/initiatives/:initiative')
export class EvidenceController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('evidence')
  @Holders('auditor', 'admin')
  @Terms({ cost: 100 })
  @Described(
    'Evidence of an initiative: one file with its records as they are, what its latest statement says of it, and the signed checkpoint that both lead to. ' +
      '`ledger check`, a page and a program in Python verify it without the ledger.',
    {
      path: ':programme/:initiative',
      query: { statement: 'By the latest statement of this position or an earlier one.' },
      schemas: { statement: { type: 'integer', minimum: 1 } },
    },
  )
  @ApiOkResponse({ description: 'The file.', schema: { type: 'object', additionalProperties: true } })
  @NotAcceptable()
  async evidence(
    @Param('programme') programme: string,
    @Param('initiative') initiative: string,
    @Query(statementOnly) { statement }: { statement?: number },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = formOf(request, ['application/json']);
    const asked = this.answering.asked(programme, request, reply);
    const evidence = await this.bus.execute(new GetEvidence(programme, initiative, statement, asked));
    if (typeof evidence === 'string') throw problemOf(evidence, programme, initiative);
    const disposition = `attachment; filename="${evidenceFileName(evidence)}"`;
    await reply.type(form).header('content-disposition', disposition).send(writeEvidence(evidence));
  }
}

function problemOf(why: NoEvidence | 'unknown-initiative', programme: string, initiative: string): ProblemError {
  switch (why) {
    case 'no-checkpoint':
      return notFound('no-checkpoint', `no checkpoint of ${programme} is signed: one is, within seconds of its first record`);
    case 'no-statement':
      return notFound(
        'unknown-statement',
        `no statement of ${programme} is in its checkpoint yet: order one with POST /programmes/${programme}/statement-orders`,
      );
    case 'unknown-initiative':
      return unknownInitiative(programme, initiative);
    case 'not-stated':
      return notFound(
        'unknown-statement',
        `${initiative} is younger than the statement that would prove it: order one with POST /programmes/${programme}/statement-orders`,
      );
    case 'too-many-records':
      return notFound(
        'too-many-records',
        `${initiative} has more than ${mostInEvidence} events; \`ledger export\` and \`ledger verify --file\` prove them all`,
      );
  }
}

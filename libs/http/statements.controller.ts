import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetProgramme } from '../application/queries/programmes.js';
import { GetStatement, ListStatements, ReadStatement } from '../application/queries/statements.js';
import { definition } from '../proof/statements/document.js';
import type { PublishedStatement, Statement } from '../proof/statements/ports.js';
import { Readers } from './access.js';
import { Answering } from './answering.js';
import { clientOf } from './client.js';
import { StatementBody, StatementList } from './dto/statements.js';
import { OpenStreams } from './open-streams.js';
import { countIn, noParameters, Parameters } from './parameters.js';
import { formOf } from './negotiation.js';
import { notFound, unknownProgramme } from './problem.js';
import { pageStream } from './record-stream.js';
import { NotAcceptable } from './proof.controller.js';
import { Described } from './routes.js';
import { Terms } from './terms.js';

/** The most documents that are read at once. */
const pageSize = 256;

const statementPage = new Parameters(['limit', 'before'], ({ limit = '100', before }) => ({
  limit: countIn('limit', limit, 1_000),
  ...(before !== undefined && { before: countIn('before', before, Number.MAX_SAFE_INTEGER) }),
}));

/** Routes that read statements, document by document. */
@ApiTags('proof')
@Controller('programmes/:programme/statements')
export class StatementsController {
  private readonly streams = new OpenStreams('statements', { all: 200, each: 5 });

  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get()
  @Readers()
  @Described(
    'The programme’s statements that were published, the latest first: each is a root over every document as folded to one position.',
    {
      path: ':programme',
      query: { limit: 'Statements, 1 to 1,000; 100 if absent.', before: 'Only statements of positions before this one.' },
      schemas: { before: { type: 'integer', minimum: 1 } },
    },
  )
  @ApiOkResponse({ type: StatementList })
  @NotAcceptable()
  async statements(
    @Param('programme') programme: string,
    @Query(statementPage) { limit, before }: { limit: number; before?: number },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StatementList> {
    void reply.type(formOf(request, ['application/json']));
    const statements = await this.bus.execute(new ListStatements(programme, limit, before));
    if (statements.length === 0 && !(await this.isThere(programme, request, reply))) throw unknownProgramme(programme);
    return { items: statements.map(bodyOf) };
  }

  @Get(':position')
  @Readers()
  @Terms({ cost: 100 })
  @Described(
    'Every document of a statement, one per line, in the order of their keys. The bytes of a line are a leaf of the statement’s Merkle tree (RFC 6962), ' +
      'and the root of all is in the record of the statement.',
    { path: ':programme/:position' },
  )
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ description: 'One document per line.', schema: { type: 'object', additionalProperties: true } })
  @NotAcceptable()
  async statement(
    @Param('programme') programme: string,
    @Param('position') position: string,
    @Query(noParameters) _none: object,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = formOf(request, ['application/x-ndjson']);
    const found = /^[1-9]\d{0,15}$/.test(position) ? await this.bus.execute(new GetStatement(programme, Number(position))) : undefined;
    if (!found)
      throw notFound(
        'unknown-statement',
        `${programme} has no statement of position ${position}; /programmes/${programme}/statements lists all`,
      );
    const close = this.streams.open(clientOf(request));
    reply.raw.once('close', close);
    await reply.type(form).send(pageStream(this.pages(found)));
  }

  private async isThere(programme: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const asked = this.answering.asked(programme, request, reply);
    return (await this.bus.execute(new GetProgramme(programme, {}, asked))).answer !== undefined;
  }

  private async *pages(statement: Statement): AsyncIterable<string> {
    for (let from = ''; ;) {
      const documents = await this.bus.execute(new ReadStatement(statement, from, pageSize));
      if (documents.length > 0) yield documents.map(({ text }) => `${text}\n`).join('');
      const last = documents.at(-1)?.key;
      if (last === undefined || documents.length < pageSize) return;
      // The next key, since no key ends with a zero character.
      from = `${last}\0`;
    }
  }
}

function bodyOf({ programme, position, size, root, record }: PublishedStatement): StatementBody {
  return { programme, position, size, root: Buffer.from(root).toString('hex'), record, definition };
}

/** What every controller that answers queries does: names the asker, and answers in a form that the reader accepts. */
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetMinorUnits } from '../application/queries/programmes.js';
import { Reading, type Answered, type Asked } from '../application/reading.js';
import type { Asker } from '../projections/readers.js';
import type { Listed, ListedTexts } from '../projections/source.js';
import { senderOf } from './access.js';
import { RequestAsker } from './asker.js';
import { tables, type ListName, type Tables } from './csv-lists.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { OwnWrites } from './own-writes.js';
import { positionIn, wantsByteOrderMark } from './parameters.js';
import { answerList } from './reading-answers.js';

@Injectable()
export class Answering {
  private readonly tables: Tables;
  constructor(
    private readonly bus: QueryBus,
    private readonly reading: Reading,
    private readonly ownWrites: OwnWrites,
    @Inject(dependenciesToken) dependencies: Dependencies,
  ) {
    this.tables = dependencies.tables ?? tables;
  }

  /** Answers with a list as JSON or CSV; amounts get the decimal digits of the programme's currency. @throws {ProblemError} 406 */
  list(
    name: ListName,
    found: Listed<object> | ListedTexts,
    { asker }: Asked,
    request: FastifyRequest,
    reply: FastifyReply,
    programme?: string,
  ): Promise<string | undefined> {
    return answerList(found, request, reply, async () => {
      const minorUnits = programme === undefined ? undefined : await this.bus.execute(new GetMinorUnits(programme, { asker }));
      return this.tables(name, found, { minorUnits, bom: wantsByteOrderMark(request) }, asker);
    });
  }

  /** A list as a CSV file that spreadsheets open: with a byte order mark, and a name. */
  async file(
    name: ListName,
    found: Listed<object> | ListedTexts,
    { asker }: Asked,
    reply: FastifyReply,
    programme: string,
  ): Promise<string> {
    const minorUnits = await this.bus.execute(new GetMinorUnits(programme, { asker }));
    void reply.header('content-disposition', `attachment; filename="${programme}-${name}.csv"`);
    void reply.type('text/csv; charset=utf-8; header=present');
    return this.tables(name, found, { minorUnits, bom: true }, asker);
  }

  /** The asker of a question about every programme. Waits for the records that the asker was told of. */
  async askedOfAll(request: FastifyRequest, reply: FastifyReply): Promise<Asked> {
    const asker: Asker = new RequestAsker(request, reply);
    const own = this.ownWrites.of(senderOf(request));
    await Promise.all(own.map(([programme, position]) => this.reading.hope(programme, position, asker)));
    return { asker };
  }

  /**
   * The asker of a question about a programme, and how new the answer must be: at least the position that the request names and, if it is folded in time,
   * the last record that the asker was told of.
   */
  asked(programme: string, request: FastifyRequest, reply: FastifyReply): Asked {
    return {
      asker: new RequestAsker(request, reply),
      atLeast: positionIn(request),
      hopedFor: this.ownWrites.in(programme, senderOf(request)),
    };
  }
}

/** An answer. Sets the header with the position that it is at least as new as. */
export function answerIn<T>({ position, answer }: Answered<T>, reply: FastifyReply): T {
  reply.header('ledger-position', position);
  return answer;
}

/** The descriptions of the parameters of an as-of. */
export const asOfDescribed = {
  occurredBy: 'Only records dated on or before this day, YYYY-MM-DD.',
  knownBy: 'Only records recorded at or before this moment, such as 2024-03-09T05:12:44.120Z.',
};
/** The descriptions of the parameters of a page. */
export const paged = {
  limit: 'Items per page, 1 to 1,000; 100 if absent.',
  cursor: 'From the page before; the next page begins after its last item.',
};

/** A programme's changes as they are committed, for pages and programs that follow it. */
import { Controller, Get, Param, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { EventBus, ofType } from '@nestjs/cqrs';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommittedRecords, RecordsCommitted, toldTo } from '../application/committed-records.js';
import type { EntryReader } from '../projections/entries/filters.js';
import { Readers, senderOf } from './access.js';
import { RequestAsker } from './asker.js';
import { changeStream, type Changes } from './change-stream.js';
import { clientOf } from './client.js';
import { formOf } from './negotiation.js';
import { OpenStreams } from './open-streams.js';
import { changesAfter, lastEventIn } from './parameters.js';
import { shuttingDown, unknownProgramme } from './problem.js';
import { Described } from './routes.js';
import { Terms } from './terms.js';

@ApiTags('reading')
@Controller()
export class ChangesController implements OnModuleDestroy {
  private readonly streams = new OpenStreams('changes', { all: 1_000, each: 20 });
  private readonly closing = new AbortController();

  constructor(
    private readonly committed: CommittedRecords,
    private readonly bus: EventBus,
  ) {}

  @Get('programmes/:programme/changes')
  @Readers()
  @Terms({ cost: 10 })
  @Described(
    'What is recorded from now on, as Server-Sent Events named `record`: `{"position":7,"type":"SpendingRecorded","initiative":"e-notary"}`. ' +
      'The id of an event is its position. Of refusals and of requests for a second person, readers who are not auditor or admin are told the position alone: ' +
      '`{"position":8}`.',
    {
      path: ':programme',
      query: { after: 'A position: what was recorded after it comes first. What is recorded from now on if absent.' },
      headers: { 'Last-Event-ID': 'The position of the last event received; a browser sends it when it connects again.' },
    },
  )
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events until the client leaves.', schema: { type: 'string' } })
  async changes(
    @Param('programme') programme: string,
    @Query(changesAfter) from: number | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    formOf(request, ['text/event-stream']);
    const after = lastEventIn(request) ?? from;
    const gone = AbortSignal.any([new RequestAsker(request, reply).signal, this.closing.signal]);
    gone.throwIfAborted();
    const close = this.streams.open(clientOf(request));
    gone.addEventListener('abort', close);
    try {
      const found = await this.committed.after(programme, after ?? Number.MAX_SAFE_INTEGER, gone);
      if (!found) throw unknownProgramme(programme);
      gone.throwIfAborted();
      // A client that is ahead has read another store, or this one before it was restored: it is told what this one has from here on.
      const position = Math.min(after ?? found.head, found.head);
      reply.header('ledger-position', found.head).header('cache-control', 'no-store').header('x-accel-buffering', 'no');
      await reply
        .type('text/event-stream')
        .send(changeStream(position, this.changesOf(programme, position, senderOf(request), gone), gone));
    } catch (error) {
      close();
      throw error;
    }
  }

  private changesOf(programme: string, position: number, reader: EntryReader, gone: AbortSignal): Changes {
    return {
      after: async (last) => ((await this.committed.after(programme, last, gone))?.records ?? []).map((record) => toldTo(reader, record)),
      listen: (take) => {
        const stop = this.committed.listen(programme, position);
        const subscription = this.bus.pipe(ofType(RecordsCommitted)).subscribe((event) => {
          if (event.programme === programme) take(event.records.map((record) => toldTo(reader, record)));
        });
        return () => {
          subscription.unsubscribe();
          stop();
        };
      },
    };
  }

  /** Streams end before the server closes; their clients connect again elsewhere. */
  onModuleDestroy(): void {
    this.closing.abort(shuttingDown());
    this.committed.close();
  }
}

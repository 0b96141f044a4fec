/** A programme's changes as they are committed, for pages and programs that follow it. */
import { Controller, Get, Param, Query, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { EventBus, ofType } from '@nestjs/cqrs';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommittedRecords, RecordsCommitted } from '../application/committed-records.js';
import { Readers } from './access.js';
import { changeStream } from './change-stream.js';
import { clientOf } from './client.js';
import { formOf } from './negotiation.js';
import { OpenStreams } from './open-streams.js';
import { changesAfter, lastEventIn } from './parameters.js';
import { unknownProgramme } from './problem.js';
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
      'The id of an event is its position.',
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
    const found = await this.committed.after(programme, after ?? Number.MAX_SAFE_INTEGER);
    if (!found) throw unknownProgramme(programme);
    const close = this.streams.open(clientOf(request));
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, this.closing.signal]);
    reply.raw.once('close', () => {
      close();
      left.abort();
    });
    const changes = {
      after: async (position: number) => (await this.committed.after(programme, position, signal))?.records ?? [],
      listen: (take: (records: RecordsCommitted['records']) => void) => {
        const stop = this.committed.listen(programme);
        const subscription = this.bus.pipe(ofType(RecordsCommitted)).subscribe((event) => {
          if (event.programme === programme) take(event.records);
        });
        return () => {
          subscription.unsubscribe();
          stop();
        };
      },
    };
    reply.header('ledger-position', found.position).header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    await reply.type('text/event-stream').send(changeStream(Math.min(after ?? found.position, found.position), changes, signal));
  }

  /** Streams end before the server closes; their clients connect again elsewhere. */
  onModuleDestroy(): void {
    this.closing.abort();
  }
}

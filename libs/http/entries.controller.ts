import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiForbiddenResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListEntries, ListNotices } from '../application/queries/entries.js';
import type { Actor } from '../domain/vocabulary.js';
import { maySeeEntriesOf } from '../projections/entries/filters.js';
import { entrySorts, type EntryListing } from '../projections/entries/reads.js';
import { noticeKinds } from '../projections/notices/kinds.js';
import { Readers, Sender } from './access.js';
import { answerIn, Answering, paged } from './answering.js';
import { EntryList, NoticeList } from './dto/entries.js';
import { ProblemBody } from './dto/problem-body.js';
import { entriesDescribed, entryPage, entrySchemas, noticePage, type NoticePage } from './entry-parameters.js';
import { problem, ProblemError, unknownProgramme } from './problem.js';
import { ReadRoute, severalOf, sortSchema } from './routes.js';

type Request = FastifyRequest;
type Reply = FastifyReply;

/** Routes that read a programme's entries, and what somebody should look at. */
@ApiTags('reading')
@Controller('programmes/:programme')
export class EntriesController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('entries')
  @Readers()
  @ApiForbiddenResponse({ type: ProblemBody, description: 'The entries of another organisation are for auditors, admins and finance.' })
  @ReadRoute(
    ':programme',
    EntryList,
    'A programme’s entries, newest first. Everybody sees events. Auditors and admins see refusals and senders too; finance sees them of everything that ' +
      'moves money; a ministry sees them of its own organisation.',
    { ...entriesDescribed, ...paged },
    true,
    { ...entrySchemas, sort: sortSchema(entrySorts, '-position') },
  )
  async entries(
    @Param('programme') programme: string,
    @Query(entryPage) listing: EntryListing,
    @Sender() sender: Actor | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const { organisation } = listing.filter;
    if (organisation !== undefined && !maySeeEntriesOf(organisation, sender)) throw notYourEntries();
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListEntries(programme, listing, sender, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('entries', found, asked, request, reply, programme);
  }

  @Get('notices')
  @Readers()
  @ReadRoute(
    ':programme',
    NoticeList,
    'What somebody should look at: thresholds reached, planned ends passed, silence, milestones overdue, results missing, assessments expired or red. Each notice says since when, and names the record that caused it.',
    { kind: 'Only notices of one of these kinds.', ...paged },
    true,
    { kind: severalOf(noticeKinds) },
  )
  async notices(
    @Param('programme') programme: string,
    @Query(noticePage) { kinds, paging }: NoticePage,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    const asked = this.answering.asked(programme, request, reply);
    const found = answerIn(await this.bus.execute(new ListNotices(programme, kinds, paging, asked)), reply);
    if (!found) throw unknownProgramme(programme);
    return this.answering.list('notices', found, asked, request, reply, programme);
  }
}

function notYourEntries(): ProblemError {
  return new ProblemError(
    problem(
      403,
      'forbidden',
      'only auditors, admins and finance may ask for the entries of another organisation; leave organisation out to see all events',
    ),
  );
}

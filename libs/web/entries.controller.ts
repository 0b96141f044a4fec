/** The pages that show the entries and notices of a programme, and lists as CSV files. */
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { ListEntries, ListNotices } from '../application/queries/entries.js';
import { ListInitiatives } from '../application/queries/initiatives.js';
import type { Asked } from '../application/reading.js';
import { eventTypes } from '../domain/capabilities.js';
import { isIsoDate } from '../domain/calendar.js';
import type { EventType } from '../domain/events.js';
import { codePattern } from '../domain/vocabulary.js';
import { PageReaders } from '../http/access.js';
import { Answering } from '../http/answering.js';
import type { EntryFilter } from '../projections/entries/filters.js';
import { initiativeSorts } from '../projections/initiatives/list.js';
import type { Paging } from '../projections/source.js';
import { filterOfPage } from './initiative-filter.js';
import { answerPage, answerProgrammePage, BadAddress, NotThere, programmeNow, textsIn, type Reply, type Request } from './page-request.js';
import { entriesPage, entryPage, noticesPage } from './pages.js';

const pageSize = 50;
/** The rows of a file. */
const mostRows = 1_000;

@ApiExcludeController()
@Controller('p/:programme')
export class EntryPagesController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  @Get('entries')
  @PageReaders()
  entries(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const sent = textsIn(query);
      const filter = filterIn(sent);
      const found = await this.found(code, filter, pagingIn(sent, pageSize), asked);
      return entriesPage(page, { programme, filter, ...found });
    });
  }

  /** One entry, by its position. */
  @Get('entries/:position')
  @PageReaders()
  entry(
    @Param('programme') code: string,
    @Param('position') position: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      if (!/^[1-9]\d{0,14}$/.test(position)) throw new NotThere(position);
      const { items } = await this.found(code, { position: Number(position) }, { limit: 1 }, asked);
      const [entry] = items;
      if (!entry) throw new NotThere(position);
      return entryPage(page, { programme, entry });
    });
  }

  @Get('notices')
  @PageReaders()
  notices(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const { answer } = await this.bus.execute(new ListNotices(code, undefined, pagingIn(textsIn(query), pageSize), asked));
      if (!answer) throw new NotThere(code);
      return noticesPage(page, { programme, notices: answer.items, cursor: answer.cursor });
    });
  }

  /** The entries that the page shows with the same filter, as a CSV file. */
  @Get('entries.csv')
  @PageReaders()
  async entriesFile(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerPage(request, reply, async (_page, asked) => {
      await programmeNow(this.bus, code, asked);
      const sent = textsIn(query);
      const found = await this.found(code, filterIn(sent), pagingIn(sent, mostRows), asked);
      return this.answering.file('entries', found, asked, reply, code);
    });
  }

  /** The initiatives that the page shows with the same filter, as a CSV file. */
  @Get('initiatives.csv')
  @PageReaders()
  async initiativesFile(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerPage(request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      const listing = filterOfPage(page, query, programme, initiativeSorts, mostRows);
      const { answer } = await this.bus.execute(new ListInitiatives(code, listing, asked));
      if (!answer) throw new NotThere(code);
      return this.answering.file('initiatives', answer, asked, reply, code);
    });
  }

  private async found(code: string, filter: EntryFilter, paging: Paging, asked: Asked) {
    const sort = filter.occurredAfter === undefined && filter.occurredBy === undefined ? '-position' : '-occurredOn';
    const { answer } = await this.bus.execute(new ListEntries(code, { filter, sort, paging }, undefined, asked));
    if (!answer) throw new NotThere(code);
    return answer;
  }
}

function pagingIn({ cursor }: Record<string, string>, limit: number): Paging {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

/** The filter of a page of entries. @throws {BadAddress} */
function filterIn({ type, initiative, from, to }: Record<string, string>): EntryFilter {
  if (type !== undefined && !isEventType(type)) throw new BadAddress(`type: ${eventTypes.join(', ')}`);
  if (initiative !== undefined && !codePattern.test(initiative)) throw new BadAddress('initiative: [a-z0-9-]');
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && !isIsoDate(day)) throw new BadAddress(`${name}: YYYY-MM-DD`);
  return {
    ...(type !== undefined && { type: [type] }),
    ...(initiative !== undefined && { initiative }),
    ...(from !== undefined && { occurredAfter: from }),
    ...(to !== undefined && { occurredBy: to }),
  };
}
function isEventType(text: string): text is EventType {
  return eventTypes.some((type) => type === text);
}

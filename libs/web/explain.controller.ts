/** The page that explains a figure, and its list as a CSV file. */
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { ExplainFigure } from '../application/queries/explain.js';
import { GetInitiative } from '../application/queries/initiatives.js';
import { ListGroups } from '../application/queries/totals.js';
import type { Asked } from '../application/reading.js';
import { PageReaders } from '../http/access.js';
import { Answering } from '../http/answering.js';
import { Terms } from '../http/terms.js';
import { isInitiative, valueOfOwner, type FigureAsked } from '../projections/explain/figures.js';
import type { Explanation } from '../projections/explain/reads.js';
import { initiatives } from '../projections/initiatives/collection.js';
import { isIn } from '../projections/totals/dimensions.js';
import type { ProgrammeView } from '../projections/totals/views.js';
import { figureOfAddress } from './figure-address.js';
import type { Page } from './page.js';
import {
  answerPage,
  answerProgrammePage,
  asOfOf,
  NotThere,
  programmeNow,
  textsIn,
  viewIn,
  type Reply,
  type Request,
} from './page-request.js';
import { explainPage, explainSharePage } from './pages.js';
import { latestStatements } from './statements-shown.js';

const pageSize = 50;
/** The rows of a file. */
const mostRows = 1_000;

@ApiExcludeController()
@Controller('p/:programme')
export class ExplainPagesController {
  constructor(
    private readonly bus: QueryBus,
    private readonly answering: Answering,
  ) {}

  /** Costs what the same question costs programs. */
  @Get('explain')
  @PageReaders()
  @Terms({ cost: 10 })
  explain(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const sent = textsIn(query);
      const figure = figureOfAddress(sent);
      const programme = await programmeNow(this.bus, code, asked);
      const [name, statements] = await Promise.all([this.nameOf(page, programme, figure, asked), latestStatements(this.bus, code, asked)]);
      const named = { programme, asked: figure, name, statements };
      if (sent['figure'] !== 'absorption')
        return explainPage(page, { ...named, explanation: await this.explained(page, programme, figure, sent['cursor'], pageSize, asked) });
      const sides = (['absorption-numerator', 'absorption-denominator'] as const).map((side) =>
        this.explained(page, programme, { ...figure, figure: side }, undefined, 1, asked),
      );
      const [numerator, denominator] = (await Promise.all(sides)).map(({ sum }) => sum);
      return explainSharePage(page, { ...named, numerator: numerator ?? '0', denominator: denominator ?? '0' });
    });
  }

  /** The entries that the page shows, as a CSV file. */
  @Get('explain.csv')
  @PageReaders()
  @Terms({ cost: 10 })
  async explainFile(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerPage(request, reply, async (page, asked) => {
      const sent = textsIn(query);
      const programme = await programmeNow(this.bus, code, asked);
      const explanation = await this.explained(page, programme, figureOfAddress(sent), sent['cursor'], mostRows, asked);
      return this.answering.file('explanation', explanation, asked, reply, code);
    });
  }

  /** @throws {NotThere} */
  private async explained(
    { past }: Page,
    programme: ProgrammeView,
    figure: FigureAsked,
    cursor: string | undefined,
    limit: number,
    asked: Asked,
  ): Promise<Explanation> {
    const paging = { limit, ...(cursor !== undefined && { cursor }) };
    const { answer } = await this.bus.execute(new ExplainFigure(programme.programme, figure, asOfOf(past, programme), paging, asked));
    if (!answer || 'unknown' in answer) throw new NotThere(figure.figure);
    return answer;
  }

  /** The name of a figure's owner: a title, or what an authority is called; `undefined` if it has none beside its value. */
  private async nameOf({ speech }: Page, programme: ProgrammeView, { owner }: FigureAsked, asked: Asked): Promise<string | undefined> {
    if (owner === 'programme') return speech.title(programme.title).text;
    if (isInitiative(owner)) {
      const { answer } = await this.bus.execute(new GetInitiative(programme.programme, valueOfOwner(owner), {}, asked));
      return answer && speech.title(viewIn(initiatives, answer).title).text;
    }
    if (!isIn('authority', owner)) return undefined;
    const { answer = [] } = await this.bus.execute(new ListGroups(programme.programme, 'authority', {}, asked));
    return answer.find(({ value }) => value === valueOfOwner(owner))?.name ?? undefined;
  }
}

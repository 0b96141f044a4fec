/** The page that compares a programme on two days. */
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { ListGroups } from '../application/queries/totals.js';
import { GetProgramme, ListFiscalYears } from '../application/queries/programmes.js';
import type { Asked } from '../application/reading.js';
import { isIsoDate } from '../domain/calendar.js';
import type { FiscalYear } from '../domain/vocabulary.js';
import { PageReaders } from '../http/access.js';
import { Terms } from '../http/terms.js';
import type { AsOf } from '../projections/as-of.js';
import { programmes } from '../projections/totals/collections.js';
import { differencesOf, type OneDay } from './differences.js';
import {
  answerProgrammePage,
  asOfOf,
  BadAddress,
  NotThere,
  programmeNow,
  textsIn,
  viewIn,
  type Reply,
  type Request,
} from './page-request.js';
import { comparePage } from './pages.js';
import { bases, type Basis, type Compared } from './parts/choose-days.js';

@ApiExcludeController()
@Controller()
export class CompareController {
  constructor(private readonly bus: QueryBus) {}

  /**
   * A programme as of the days `from` and `to`, counted `by` occurrence or by recording. The other one of the two dates stays what the
   * reader chose. It costs as much as two questions about the past.
   */
  @Get('p/:programme/compare')
  @PageReaders()
  @Terms({ cost: 2 })
  compare(
    @Param('programme') code: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const compared = comparedIn(textsIn(query));
      const programme = await programmeNow(this.bus, code, asked);
      const years = await this.yearsOf(code, asked);
      if (!compared.days) return comparePage(page, { programme, years, compared });
      const [from, to] = await Promise.all(
        compared.days.map((day) => this.oneDay(code, asOfOf({ ...page.past, [compared.by]: day }, programme), asked)),
      );
      if (!from || !to || (!from.programme && !to.programme)) throw new NotThere(code);
      return comparePage(page, { programme, years, compared, differences: differencesOf(from, to) });
    });
  }

  private async yearsOf(code: string, asked: Asked): Promise<readonly FiscalYear[]> {
    const { answer = [] } = await this.bus.execute(new ListFiscalYears(code, {}, asked));
    return answer.map(({ fiscalYear }) => fiscalYear);
  }

  private async oneDay(code: string, asOf: AsOf, asked: Asked): Promise<OneDay> {
    const [programme, years, authorities] = await Promise.all([
      this.bus.execute(new GetProgramme(code, asOf, asked)),
      this.bus.execute(new ListFiscalYears(code, asOf, asked)),
      this.bus.execute(new ListGroups(code, 'authority', asOf, asked)),
    ]);
    return {
      programme: programme.answer && viewIn(programmes, programme.answer),
      years: years.answer ?? [],
      authorities: authorities.answer ?? [],
    };
  }
}

/** What is compared, the earlier day first. @throws {BadAddress} a value is not valid, or one of the days is missing */
function comparedIn({ from, to, by = 'happened' }: Record<string, string>): Compared {
  if (!isBasis(by)) throw new BadAddress(`by: ${bases.join(', ')}`);
  if (from === undefined && to === undefined) return { by };
  if (from === undefined || !isIsoDate(from)) throw new BadAddress('from: YYYY-MM-DD');
  if (to === undefined || !isIsoDate(to)) throw new BadAddress('to: YYYY-MM-DD');
  return { by, days: from <= to ? [from, to] : [to, from] };
}
function isBasis(text: string): text is Basis {
  return bases.some((basis) => basis === text);
}

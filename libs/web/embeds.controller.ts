/** Cards of programmes and initiatives for frames on other sites. They have no script, and are the only pages that other sites may frame. */
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { GetInitiative } from '../application/queries/initiatives.js';
import { GetProgramme } from '../application/queries/programmes.js';
import { Readers } from '../http/access.js';
import { initiatives } from '../projections/initiatives/collection.js';
import { programmes } from '../projections/totals/collections.js';
import { embeddedInitiative, embeddedProgramme, framedPages } from './embeds.js';
import { answerPage, asOfOf, NotThere, programmeNow, viewIn, type Reply, type Request } from './page-request.js';

@ApiExcludeController()
@Controller('embed')
export class EmbedsController {
  constructor(private readonly bus: QueryBus) {}

  /** The card of a programme. */
  @Get('p/:programme')
  @Readers()
  programme(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return answerPage(
      request,
      reply,
      async (page, asked) => {
        const asOf = asOfOf(page.past, await programmeNow(this.bus, code, asked));
        const { answer } = await this.bus.execute(new GetProgramme(code, asOf, asked));
        if (!answer) throw new NotThere(code);
        return embeddedProgramme(page, viewIn(programmes, answer));
      },
      framedPages,
    );
  }

  /** The card of an initiative. */
  @Get('p/:programme/i/:initiative')
  @Readers()
  initiative(
    @Param('programme') code: string,
    @Param('initiative') initiativeCode: string,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    return answerPage(
      request,
      reply,
      async (page, asked) => {
        const programme = await programmeNow(this.bus, code, asked);
        const { answer } = await this.bus.execute(new GetInitiative(code, initiativeCode, asOfOf(page.past, programme), asked));
        if (!answer) throw new NotThere(initiativeCode);
        return embeddedInitiative(page, programme, viewIn(initiatives, answer));
      },
      framedPages,
    );
  }
}

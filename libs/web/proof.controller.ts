/** The page that says to people who are no engineers what a programme's proof shows. */
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { PageReaders } from '../http/access.js';
import { answerProgrammePage, programmeNow, type Reply, type Request } from './page-request.js';
import { proofPage } from './pages.js';
import { latestStatements } from './statements-shown.js';

@ApiExcludeController()
@Controller('p/:programme')
export class ProofPageController {
  constructor(private readonly bus: QueryBus) {}

  /** What can be proved, and what cannot; the present checkpoint, who cosigned it, and the last statements. */
  @Get('proof')
  @PageReaders()
  proof(@Param('programme') code: string, @Req() request: Request, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    return answerProgrammePage({ bus: this.bus, code }, request, reply, async (page, asked) => {
      const programme = await programmeNow(this.bus, code, asked);
      return proofPage(page, { programme, statements: await latestStatements(this.bus, code, asked) });
    });
  }
}

/** Serves the page that checks evidence, for people to save. It shows nothing of the ledger, so that it is open to everybody. */
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Anyone } from '../http/access.js';
import { checkEvidencePage, checkEvidencePolicy } from './check-evidence.js';
import { commonHeaders, type Reply } from './page-request.js';

@ApiExcludeController()
@Controller()
export class CheckEvidenceController {
  /** The page, in every language at once. Its headers allow what the page's own policy allows. */
  @Get('check-evidence')
  @Anyone()
  page(@Res({ passthrough: true }) reply: Reply): string {
    const { vary: _, ...headers } = commonHeaders;
    void reply.headers({
      ...headers,
      'cache-control': 'public, max-age=3600',
      'content-security-policy': `${checkEvidencePolicy}; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    return checkEvidencePage;
  }
}

import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { Terms } from '../../../http/terms.js';
import { TokenRefused } from '../../../http/tokens.js';
import type { TextKey } from '../../speech.js';
import type { Page } from '../../page.js';
import { textsIn } from '../../page-request.js';
import { FormFields } from '../form-fields.js';
import { nextPage, withLanguage } from '../next-page.js';
import { Issuer, issuerToken } from '../oidc/issuer.js';
import { refuseOtherSites } from '../own-forms.js';
import { signInPage } from '../pages/sign-in.js';
import { Sessions, TokenTooLong } from '../session.js';
import { pathOf, UnsentForms } from '../unsent-forms.js';
import { answering, beginPage, goTo, WorkspacePages } from '../workspace-pages.js';

/** Units of the rate limit for an attempt to sign in: verifying a signature costs more than most requests. */
const attempt = 10;

/** Signing in with an access token, and signing out. */
@ApiExcludeController()
@Controller('workspace')
export class SignInController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    private readonly pages: WorkspacePages,
    @Inject(issuerToken) private readonly issuer: Issuer | undefined,
    @Inject(UnsentForms) private readonly unsent: UnsentForms,
  ) {}

  @Get('sign-in')
  @Anyone()
  async form(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const page = beginPage(request, reply);
    return signInPage(page, await this.offer(page, request, nextPage(textsIn(request.query)['next'])));
  }

  private async offer(page: Page, request: FastifyRequest, next: string) {
    return {
      next,
      oidc: this.issuer?.startOf(next, page.keepsLanguage ? page.speech.language : undefined),
      keepsForm: (await this.unsent.at(pathOf(next), request)) !== undefined,
    };
  }

  @Post('sign-in')
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded', cost: attempt })
  signIn(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const page = beginPage(request, reply);
    return answering(page, reply, async () => {
      refuseOtherSites(request);
      const form = FormFields.in(request.body);
      const next = nextPage(form.text('next'));
      // People paste tokens with the line breaks that a terminal or a letter put in.
      const token = form.text('token').replaceAll(/\s/g, '');
      try {
        await this.sessions.begin(token, request, reply);
      } catch (error) {
        const fault = faultOf(error, token);
        if (!fault) throw error;
        void reply.code(fault.says === 'faultMissing' ? 400 : 401);
        return signInPage(page, await this.offer(page, request, next), fault);
      }
      return goTo(reply, page.keepsLanguage ? withLanguage(next, page.speech.language) : next);
    });
  }

  @Post('sign-out')
  @Anyone()
  @Terms({ takes: 'application/x-www-form-urlencoded' })
  signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.pages.take(request, reply, (own) => {
      this.sessions.end(reply);
      return Promise.resolve(own.goTo('/workspace/sign-in'));
    });
  }
}

/** Why a token does not sign in; `undefined` if the token is not at fault. */
function faultOf(error: unknown, token: string): { says: TextKey; detail?: string } | undefined {
  if (error instanceof TokenTooLong) return { says: 'tokenTooLong' };
  if (!(error instanceof TokenRefused)) return undefined;
  if (token === '') return { says: 'faultMissing' };
  return error.message === 'the token has expired' ? { says: 'tokenExpired' } : { says: 'tokenRefused', detail: error.message };
}

import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../../../http/access.js';
import { dependenciesToken, type Dependencies } from '../../../http/dependencies.js';
import { Terms } from '../../../http/terms.js';
import { TokenRefused } from '../../../http/tokens.js';
import { addressOf, type Page } from '../../page.js';
import { textsIn } from '../../page-request.js';
import { Speech, languages, type TextKey } from '../../speech.js';
import { nextPage, withLanguage, workspace } from '../next-page.js';
import { Attempts, type Attempt } from '../oidc/attempt.js';
import { Issuer, issuerToken, IssuerUnavailable, SignInRefused, type Because } from '../oidc/issuer.js';
import { oidcFailure, oidcSignedIn } from '../pages/oidc.js';
import { Sessions, TokenTooLong } from '../session.js';
import { answering, beginPage, goTo, NotThere } from '../workspace-pages.js';

/** Units of the rate limit: the issuer is asked, and a signature verified. */
const attempt = 10;

type Fault = { readonly status: number; readonly says: TextKey; readonly detail?: string };
const refusals: { readonly [B in Because]: Fault } = {
  again: { status: 400, says: 'oidcAgain' },
  denied: { status: 403, says: 'oidcDenied' },
  refused: { status: 403, says: 'oidcRefused' },
};

/** Signing in at an issuer of accounts by OpenID Connect (authorization code with PKCE, RFC 7636). */
@ApiExcludeController()
@Controller('workspace/oidc')
export class OidcController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Attempts) private readonly attempts: Attempts,
    @Inject(issuerToken) private readonly configured: Issuer | undefined,
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
  ) {}

  /** Begins an attempt, and sends the person to the issuer. */
  @Get('start')
  @Anyone()
  @Terms({ cost: attempt })
  start(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const asked = beginPage(request, reply);
    const next = nextPage(textsIn(request.query)['next']);
    const lang = asked.keepsLanguage ? asked.speech.language : undefined;
    const page = onSignIn(asked, next, lang);
    return this.answering(page, reply, next, async (issuer) => {
      const { secrets, address } = await issuer.begin();
      await this.attempts.keep({ ...secrets, next, lang }, reply);
      return goTo(reply, address);
    });
  }

  /**
   * Takes the issuer's answer, and begins the session. A page of the ledger leads on: browsers withhold the session's cookie (SameSite=Strict) on
   * redirects that began at another site.
   */
  @Get('callback')
  @Anyone()
  @Terms({ cost: attempt })
  async callback(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const begun = await this.attempts.of(request);
    const next = begun?.next ?? workspace;
    const page = onSignIn(beginPage(request, reply), next, begun?.lang);
    // The address holds the code.
    void reply.header('referrer-policy', 'no-referrer');
    return this.answering(page, reply, next, async (issuer) => {
      this.attempts.forget(reply);
      const token = await issuer.token(request.url.split('?', 2)[1] ?? '', known(begun));
      await this.sessions.begin(token, request, reply, issuer.isSecure);
      const onward = page.keepsLanguage ? withLanguage(next, page.speech.language) : next;
      void reply.header('refresh', `0; url=${onward}`);
      return oidcSignedIn(page, onward);
    });
  }

  /** Renders a page, or the one that says why signing in failed. */
  private answering(page: Page, reply: FastifyReply, next: string, render: (issuer: Issuer) => Promise<string>): Promise<string> {
    return answering(page, reply, async () => {
      if (!this.configured) throw new NotThere('no issuer is configured');
      try {
        return await render(this.configured);
      } catch (error) {
        const fault = faultOf(error);
        if (!fault) throw error;
        const { status, says, detail } = fault;
        if (Error.isError(error)) this.dependencies.logger.warn({ status, reason: error.message }, 'signing in by OpenID Connect failed');
        void reply.code(status);
        if (status === 503) void reply.header('retry-after', '5');
        const link = addressOf('/workspace/sign-in', { next, lang: page.keepsLanguage ? page.speech.language : undefined });
        return oidcFailure(page, { says, detail, link });
      }
    });
  }
}

/** @throws {SignInRefused} this browser has begun no attempt that could be answered now */
function known(begun: Attempt | undefined): Attempt {
  if (!begun) throw new SignInRefused('again', 'the browser has no attempt');
  return begun;
}

/** Why signing in failed; `undefined` if the page has no more to say than for every failure. */
function faultOf(error: unknown): Fault | undefined {
  if (error instanceof IssuerUnavailable) return { status: 503, says: 'oidcUnavailable' };
  if (error instanceof SignInRefused) return refusals[error.because];
  if (error instanceof TokenTooLong) return { status: 403, says: 'tokenTooLong' };
  return error instanceof TokenRefused ? { status: 403, says: 'oidcNotAccepted', detail: `${error.message}.` } : undefined;
}

/** The page as one to sign in: the links to other languages lead there, and repeat nothing of the issuer's answer. */
function onSignIn(page: Page, next: string, chosen: string | undefined): Page {
  const language = languages.find((one) => one === chosen);
  const about = { ...page, path: '/workspace/sign-in', query: { next } };
  return language === undefined ? { ...about, keepsLanguage: false } : { ...about, speech: new Speech(language), keepsLanguage: true };
}

import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asked } from '../../application/reading.js';
import type { Role } from '../../domain/vocabulary.js';
import { RequestAsker } from '../../http/asker.js';
import { OwnWrites } from '../../http/own-writes.js';
import { problem, ProblemError, problemOf } from '../../http/problem.js';
import type { InitiativeView } from '../../projections/initiatives/initiative-view.js';
import type { ComponentChildren } from 'preact';
import { addressOf, type FormToKeep, type Page } from '../page.js';
import type { Crumb } from '../parts/layout.js';
import { pageText } from '../render.js';
import type { TextKey } from '../speech.js';
import { pageOf, wholePages } from '../page-request.js';
import { FormFields } from './form-fields.js';
import { textsOfProblem } from '../problem-pages.js';
import { formTokenField, isFilledIn, refuseOtherPersons, refuseOtherSites } from './own-forms.js';
import { workspaceFailure } from './pages/failure.js';
import { formTooLong } from './pages/signed-out-form.js';
import { SignedIn } from './parts/signed-in.js';
import { Sessions, type Session } from './session.js';
import { pathOf, UnsentForms } from './unsent-forms.js';
import { readUpload } from './uploads/read-upload.js';

/** What a page of the workspace is about does not exist. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}

/** A page of somebody who is signed in. */
export class OwnPage {
  constructor(
    readonly page: Page,
    readonly session: Session,
    private readonly reply: FastifyReply,
    private readonly asker: RequestAsker,
    private readonly ownWrites: Pick<OwnWrites, 'in' | 'of'>,
    /** What this person filled in on the same page before the session ended, if that was just kept. */
    readonly unsent?: FormFields,
  ) {}

  /** How to ask about a programme: the answer includes what the session's holder was told of. */
  about(programme: string): Asked {
    return { asker: this.asker, hopedFor: this.ownWrites.in(programme, this.session.actor) };
  }
  /** How to ask about all programmes. */
  get everything(): Asked {
    return { asker: this.asker };
  }

  /** Charges for the commands of a form, of which the request itself pays for the first. */
  chargeCommands(count: number): void {
    this.reply.request.commandsSent = Math.max(0, count - 1);
  }

  /** @throws {ProblemError} 403: the page is for other roles */
  requireRole(...roles: readonly Role[]): void {
    const { role } = this.session.actor;
    if (!roles.includes(role))
      throw new ProblemError(problem(403, 'forbidden', `this is for the role ${roles.join(' or ')}; yours is ${role}`));
  }

  /** @throws {ProblemError} 403: a ministry sends commands to its own initiatives only */
  requireAuthorityOf({ initiative, authority }: Pick<InitiativeView, 'initiative' | 'authority'>): void {
    const { role, organisation } = this.session.actor;
    if (role === 'ministry' && organisation !== authority)
      throw new ProblemError(problem(403, 'forbidden', `${initiative} is run by ${authority}; yours is ${organisation}`));
  }

  /** The HTML of the page; `status` is that of the answer. A change of language keeps what is typed in `formToKeep`. */
  html(title: string, crumbs: readonly Crumb[], content: ComponentChildren, status = 200, formToKeep?: FormToKeep): string {
    void this.reply.code(status);
    return pageText(
      { ...this.page, ...(formToKeep && { formToKeep }) },
      title,
      crumbs,
      <>
        <SignedIn session={this.session} />
        {content}
      </>,
    );
  }

  /** Goes on with another page, which a reload then loads again without sending anything (RFC 9110, section 15.4.4). */
  goTo(path: string, query: Readonly<Record<string, string>> = {}): string {
    return goTo(this.reply, addressOf(path, { ...query, ...this.language }));
  }
  href(path: string, query: Readonly<Record<string, string>> = {}): string {
    return addressOf(path, { ...query, ...this.language });
  }
  say(key: TextKey, values?: Readonly<Record<string, string | number>>): string {
    return this.page.speech.say(key, values);
  }
  private get language(): { lang?: string } {
    return this.page.keepsLanguage ? { lang: this.page.speech.language } : {};
  }
}

/** Admits people to the pages of the workspace, and answers with the page or with the one that says why not. */
@Injectable()
export class WorkspacePages {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(UnsentForms) private readonly unsent: UnsentForms,
    private readonly ownWrites: OwnWrites,
  ) {}

  /** Shows a page to somebody who is signed in; everybody else is led to the page to sign in. */
  show(request: FastifyRequest, reply: FastifyReply, render: (own: OwnPage) => Promise<string>): Promise<string> {
    return this.admit(request, reply, render, () => Promise.resolve(goTo(reply, this.sessions.signInAddress(request))));
  }

  /** Takes a form of somebody who is signed in. If the session has ended, the content of the form is kept until its sender is signed in again. */
  take(request: FastifyRequest, reply: FastifyReply, render: (own: OwnPage, form: FormFields) => Promise<string>): Promise<string> {
    const form = FormFields.in(request.body);
    return this.admit(
      request,
      reply,
      (own) => {
        refuseOtherSites(request);
        refuseOtherPersons(form, own.session, this.sessions);
        return render(own, form);
      },
      async (page) => {
        refuseOtherSites(request);
        const address = this.sessions.signInAddress(request);
        if (!isFilledIn(form) || (await this.unsent.keep(request, reply, form))) return goTo(reply, address);
        void reply.code(401);
        return formTooLong(page, { form, action: request.url, signIn: address });
      },
    );
  }

  private async admit(
    request: FastifyRequest,
    reply: FastifyReply,
    render: (own: OwnPage) => Promise<string>,
    signedOut: (page: Page) => Promise<string>,
  ): Promise<string> {
    const page = beginPage(request, reply);
    return answering(page, reply, async () => {
      const session = await this.sessions.of(request);
      if (!session) return signedOut(page);
      const unsent = request.method === 'GET' ? await this.unsentOf(session, request, reply) : undefined;
      return render(new OwnPage(page, session, reply, new RequestAsker(request, reply), this.ownWrites, unsent));
    });
  }

  /** What a person filled in at this address before the session ended. It is given once. */
  private async unsentOf(session: Session, request: FastifyRequest, reply: FastifyReply): Promise<FormFields | undefined> {
    const kept = await this.unsent.at(pathOf(request.url), request);
    if (!kept) return undefined;
    this.unsent.forget(request, reply);
    return this.sessions.isFormOf(session, kept.text(formTokenField)) ? kept : undefined;
  }

  /** Takes a form with a file of somebody who is signed in. Nothing of it is read before. */
  takeUpload(
    request: FastifyRequest,
    reply: FastifyReply,
    render: (own: OwnPage, form: FormFields, file: Uint8Array) => Promise<string>,
    tooLarge: (own: OwnPage) => Promise<string>,
  ): Promise<string> {
    return this.show(request, reply, async (own) => {
      refuseOtherSites(request);
      const upload = await readUpload(request, reply);
      if (upload === 'too-large') return tooLarge(own);
      refuseOtherPersons(upload.form, own.session, this.sessions);
      return render(own, upload.form, upload.file);
    });
  }
}

/** Begins the answer to a request for a page. No page of the workspace may be stored. */
export function beginPage(request: FastifyRequest, reply: FastifyReply): Page {
  void reply.code(200).headers({ ...wholePages.headers, 'cache-control': 'no-store', vary: 'accept-language, cookie' });
  const { query, ...page } = pageOf(request);
  // Past days are for the public pages: people work in the present.
  const { happened: _happened, known: _known, ...asked } = query;
  return { ...page, query: asked, past: {} };
}

export function goTo(reply: FastifyReply, address: string): string {
  void reply.code(303).header('location', address);
  return '';
}

/** Renders a page or, if that fails for a reason that the reader can know, the page that gives the reason. */
export async function answering(page: Page, reply: FastifyReply, render: () => Promise<string>): Promise<string> {
  try {
    return await render();
  } catch (error) {
    if (error instanceof NotThere) {
      void reply.code(404);
      return workspaceFailure(page, 'notFound', { says: 'notFoundText' });
    }
    const { problem: told, headers } = problemOf(error);
    const title = titles[told.status];
    if (title === undefined) throw error;
    const { 'retry-after': retryAfter } = headers;
    void reply.code(told.status);
    if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
    const { text, tells } = textsOfProblem(told);
    return workspaceFailure(page, title, { says: text, detail: tells && told.detail });
  }
}

const titles: Readonly<Partial<Record<number, TextKey>>> = {
  400: 'malformed',
  401: 'signedOut',
  403: 'notYours',
  413: 'tooLargeForm',
  503: 'unavailable',
};

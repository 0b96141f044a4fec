/** What every controller of pages does with a request: it reads the language and the past, renders, and gives the reason for a failure. */
import type { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetProgramme } from '../application/queries/programmes.js';
import { GetRecentCheckpoint } from '../application/queries/proof.js';
import type { Asked } from '../application/reading.js';
import { isIsoDate } from '../domain/calendar.js';
import { codePattern } from '../domain/vocabulary.js';
import { RequestAsker } from '../http/asker.js';
import { positionIn } from '../http/parameters.js';
import { problemOf } from '../http/problem.js';
import { bodyOf, type Collection } from '../projections/collection.js';
import { programmes } from '../projections/totals/collections.js';
import type { ProgrammeView } from '../projections/totals/views.js';
import { bodyIn } from '../read-models/find.js';
import type { JsonObject } from '../read-models/ports.js';
import type { MessageKey } from './messages/en.js';
import type { Page, Past } from './page.js';
import { failurePage } from './pages.js';
import { languageOf, Speech } from './speech.js';

export { asOfOf } from './as-of.js';
export type Reply = FastifyReply;
export type Request = FastifyRequest;

/** The programme or initiative of a page does not exist, or did not exist as of then. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}
/** A parameter of the address has no valid value. */
export class BadAddress extends Error {
  override readonly name = 'BadAddress';
}

/** A kind of pages: their headers, and the page that says why another one fails. */
export type PageKind = {
  readonly headers: Readonly<Record<string, string>>;
  readonly failure: (page: Page, title: MessageKey, text: string, detail?: string) => string;
};

/** Headers of all pages. */
export const commonHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  vary: 'accept-language, authorization',
} as const;

/** Whole pages. The browser may load only the page's own files, and send data to the ledger only. */
export const wholePages: PageKind = {
  headers: {
    ...commonHeaders,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  },
  failure: failurePage,
};

/**
 * Renders a page or, if it fails, the page that gives the reason. A page whose request names a position shows it, if the read models get that far in time.
 */
export async function answerPage(
  request: Request,
  reply: Reply,
  render: (page: Page, asked: Asked) => Promise<string>,
  kind: PageKind = wholePages,
): Promise<string> {
  void reply.headers(kind.headers);
  const page = pageOf(request);
  try {
    for (const [name, day] of Object.entries(page.past)) if (!isIsoDate(day)) throw new BadAddress(`${name}: YYYY-MM-DD`);
    return await render(page, { asker: new RequestAsker(request, reply), hopedFor: positionIn(request) });
  } catch (error) {
    return failed(kind, page, error, reply);
  }
}

/** Renders a page of a programme, which shows the programme's checkpoint at its foot, if there is one. */
export function answerProgrammePage(
  { bus, code }: { bus: QueryBus; code: string },
  request: Request,
  reply: Reply,
  render: (page: Page, asked: Asked) => Promise<string>,
): Promise<string> {
  return answerPage(request, reply, async (page, asked) => {
    const checkpoint = codePattern.test(code) ? await bus.execute(new GetRecentCheckpoint(code)) : undefined;
    return render({ ...page, ...(checkpoint && { checkpoint }) }, asked);
  });
}

/** The path of a request's address. Links are made from it: with two slashes at its beginning it would name another host. */
function pathOf({ url }: Request): string {
  return (url.split('?', 1)[0] ?? '/').replace(/^\/+/, '/');
}

/** The page that a request asks for. */
export function pageOf(request: Request): Page {
  const { lang, happened, known, ...rest } = textsIn(request.query);
  const language = languageOf(lang, request.headers['accept-language']);
  const past: Past = { ...(happened !== undefined && { happened }), ...(known !== undefined && { known }) };
  return {
    speech: new Speech(language),
    origin: originOf(request),
    path: pathOf(request),
    query: { ...rest, ...past },
    past,
    keepsLanguage: lang === language,
    now: Date.now(),
  };
}

/** Scheme and host as the reader's browser has them, if the proxies in between are trusted; empty if the host is none. */
function originOf({ protocol, host }: Request): string {
  const address = `${protocol}://${host}`;
  return URL.canParse(address) ? new URL(address).origin : '';
}

function failed({ failure }: PageKind, page: Page, error: unknown, reply: Reply): string {
  if (error instanceof NotThere) {
    void reply.code(404);
    return failure(page, 'notFound', page.speech.say('notFoundText'));
  }
  if (error instanceof BadAddress) {
    void reply.code(400);
    return failure(page, 'malformed', error.message);
  }
  const { problem } = problemOf(error);
  if (problem.status !== 400 && problem.status !== 503) throw error;
  void reply.code(problem.status);
  return problem.status === 503
    ? failure(page, 'unavailable', page.speech.say('unavailableText'))
    : failure(page, 'malformed', problem.detail);
}

/** The present document of a programme. @throws {NotThere} */
export async function programmeNow(bus: QueryBus, code: string, asked: Asked): Promise<ProgrammeView> {
  const { answer } = codePattern.test(code) ? await bus.execute(new GetProgramme(code, {}, asked)) : {};
  if (!answer) throw new NotThere(code);
  return viewIn(programmes, answer);
}

/** The view in a document, from its JSON text. */
export function viewIn<B extends JsonObject, I extends JsonObject | undefined>(
  collection: Collection<B, I>,
  { text }: { text: string },
): B {
  return bodyOf(collection, { body: bodyIn(text) });
}

/** The parameters that an address has once and not empty. */
export function textsIn(query: unknown): Record<string, string> {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}

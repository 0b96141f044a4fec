/** The pages for errors that no page of its own answers: what went wrong and what to do, in the reader's language. */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import type { Problem } from '../http/problem.js';
import type { PageOfProblem } from '../http/problem-filter.js';
import { framedPages } from './embeds.js';
import type { MessageKey } from './messages/en.js';
import { pageOf, wholePages } from './page-request.js';

/** The title of a page for an error, and what its reader can do. `tells` says whether the ledger's own words name what to mend. */
type ErrorTexts = { readonly title: MessageKey; readonly text: MessageKey; readonly tells?: true };

const malformed: ErrorTexts = { title: 'requestRefused', text: 'requestRefusedText', tells: true };
const unavailable: ErrorTexts = { title: 'unavailable', text: 'unavailableText' };
const texts: Readonly<Partial<Record<number, ErrorTexts>>> = {
  401: { title: 'signInNeeded', text: 'signInNeededText' },
  403: { title: 'notAllowed', text: 'notAllowedText', tells: true },
  404: { title: 'notFound', text: 'notFoundText' },
  406: { title: 'notThisForm', text: 'notThisFormText' },
  408: unavailable,
  413: { title: 'tooLarge', text: 'tooLargeText', tells: true },
  429: { title: 'tooMany', text: 'tooManyText' },
  503: unavailable,
};

/** What a page says of an error. */
export function textsOfProblem({ status }: Pick<Problem, 'status'>): ErrorTexts {
  return texts[status] ?? (status < 500 ? malformed : { title: 'failed', text: 'failedText' });
}

/** Addresses of programs: their errors stay problem details, whatever they accept. */
const ofPrograms = /^\/(?:programmes|heads|health|metrics|assets|openapi\.json|docs)(?:\/|$)/;
const ofPages = /^\/(?:$|(?:p|workspace|embed)(?:\/|$))/;

/** The page for an error of a request that accepts HTML by name, as browsers do, and prefers it to JSON; `undefined` for requests of programs. */
export const pageOfProblem: PageOfProblem = (request, { problem, headers }) => {
  const path = request.url.split('?', 1)[0] ?? '/';
  if (!acceptsHtml(request) || ofPrograms.test(path) || !(request.is404 || ofPages.test(path))) return undefined;
  const kind = path.startsWith('/embed/') ? framedPages : wholePages;
  const page = pageOf(request);
  const { title, text, tells } = textsOfProblem(problem);
  const seconds = Number(headers['retry-after'] ?? 60);
  return {
    headers: { ...kind.headers, 'cache-control': 'no-store', vary: 'accept, accept-language' },
    html: kind.failure({ ...page, past: {} }, title, page.speech.say(text, { seconds }), tells && problem.detail),
  };
};

function acceptsHtml({ headers }: FastifyRequest): boolean {
  const preferred = new Negotiator({ headers: { accept: headers.accept ?? '' } }).mediaTypes();
  const html = preferred.indexOf('text/html');
  return html >= 0 && !preferred.slice(0, html).some((type) => /^application\/(?:problem\+)?json$/.test(type));
}

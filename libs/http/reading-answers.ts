/** What a reader is answered with: in the form that they accept, and not again what they have. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Listed, ListedTexts } from '../projections/source.js';
import { namesTag } from './entity-tags.js';
import { formOf } from './negotiation.js';

const json = 'application/json; charset=utf-8';

/** A document’s text, with its version for a tag. @throws {ProblemError} 406 */
export function answerDocument(
  { version, text }: { version: number; text: string },
  request: FastifyRequest,
  reply: FastifyReply,
): string | undefined {
  formOf(request, ['application/json']);
  return unlessKnown(text, `${version}`, json, request, reply);
}

/**
 * A page of a list as JSON or CSV, tagged by its bytes; where there is a next page, its address is in the Link header (RFC 8288).
 * @param table the page as CSV, asked for if the reader wants that
 * @throws {ProblemError} 406
 */
export async function answerList(
  page: Listed<object> | ListedTexts,
  request: FastifyRequest,
  reply: FastifyReply,
  table: () => Promise<string>,
): Promise<string | undefined> {
  const form = formOf(request, ['application/json', 'text/csv']);
  if (page.cursor !== undefined) {
    const next = new URL(request.url, 'http://ledger');
    next.searchParams.set('cursor', page.cursor);
    reply.header('link', `<${next.pathname}${next.search}>; rel="next"`);
    if ('stable' in page) reply.header('ledger-pages-stable', String(page.stable));
  }
  reply.header('vary', 'accept, authorization');
  const text = form === 'text/csv' ? await table() : jsonOf(page);
  const type = form === 'text/csv' ? 'text/csv; charset=utf-8; header=present' : json;
  return unlessKnown(text, hash('sha256', text, 'base64url').slice(0, 22), type, request, reply);
}

/** Nothing where the reader has what the tag names (RFC 9110, section 13.1.2). */
function unlessKnown(text: string, tag: string, type: string, request: FastifyRequest, reply: FastifyReply): string | undefined {
  reply.header('etag', `"${tag}"`);
  if (!namesTag(request.headers['if-none-match'], tag)) {
    reply.type(type);
    return text;
  }
  reply.code(304);
  return undefined;
}

function jsonOf(page: Listed<object> | ListedTexts): string {
  if (!('texts' in page)) return JSON.stringify(page);
  const { texts, ...rest } = page;
  const more = JSON.stringify(rest).slice(1, -1);
  return `{"items":[${texts.join(',')}]${more === '' ? '' : `,${more}`}}`;
}

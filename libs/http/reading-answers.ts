/** Answers to readers, in a form that they accept; 304 if they have the answer already. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Listed, ListedTexts } from '../projections/source.js';
import { namesTag } from './entity-tags.js';
import { formOf } from './negotiation.js';

const json = 'application/json; charset=utf-8';

/** A document’s text; its version is the tag. @throws {ProblemError} 406 */
export function answerDocument(
  { version, text }: { version: number; text: string },
  request: FastifyRequest,
  reply: FastifyReply,
): string | undefined {
  formOf(request, ['application/json']);
  return unlessKnown(text, `${version}`, json, request, reply);
}

/**
 * A page of a list as JSON or CSV; a hash of its bytes is the tag. If there is a next page, the Link header (RFC 8288) has its address.
 * @param table makes the page as CSV; called only if the reader wants CSV
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

/** The text; 304 and nothing if the reader has the answer of this tag (RFC 9110, section 13.1.2). */
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

/** Checks that a form was sent from a page of this ledger, and not from a page of somebody else (cross-site request forgery). */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../../http/problem.js';
import type { FormFields } from './form-fields.js';
import type { Session } from './session.js';

/** The hidden field of every form with its session's secret. */
export const formTokenField = 'form-token';

/**
 * Browsers say where a form was sent from: in `Sec-Fetch-Site` (Fetch Metadata) or, over plain HTTP, in `Origin` alone (RFC 6454, section 7). No page can change
 * either.
 * @throws {ProblemError} 403: it was sent from elsewhere, or the browser does not say from where
 */
export function refuseOtherSites({ headers, host }: FastifyRequest): void {
  const { origin = '', 'sec-fetch-site': site } = headers;
  const isOwn = site === undefined ? URL.parse(origin)?.host === host : site === 'same-origin';
  if (!isOwn)
    throw new ProblemError(
      problem(403, 'forbidden', 'a form is sent from a page of this ledger; open the page again and send it from there'),
    );
}

/** @throws {ProblemError} 403: the form is not one of this session */
export function refuseOtherSessions(form: FormFields, { formToken }: Session): void {
  const sent = Buffer.from(form.text(formTokenField));
  const own = Buffer.from(formToken);
  if (sent.length !== own.length || !timingSafeEqual(sent, own))
    throw new ProblemError(problem(403, 'forbidden', 'the form belongs to another session; open the page again and fill it in there'));
}

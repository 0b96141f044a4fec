/** Checks that a form was sent from a page of this ledger, and not from a page of somebody else (cross-site request forgery). */
import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../../http/problem.js';
import type { FormFields } from './form-fields.js';
import type { Session, Sessions } from './session.js';

/** The hidden field of every form with its session's secret. */
export const formTokenField = 'form-token';

/**
 * Browsers name the origin of a form: in `Sec-Fetch-Site` (Fetch Metadata) or, over plain HTTP, in `Origin` alone (RFC 6454, section 7). No page can change
 * either.
 * @throws {ProblemError} 403: it was sent from another site, or the browser does not name its origin
 */
export function refuseOtherSites({ headers, host }: FastifyRequest): void {
  const { origin = '', 'sec-fetch-site': site } = headers;
  const isOwn = site === undefined ? URL.parse(origin)?.host === host : site === 'same-origin';
  if (!isOwn)
    throw new ProblemError(
      problem(403, 'forbidden', 'a form is sent from a page of this ledger; open the page again and send it from there'),
    );
}

/** The fields that every form has, beside what a person fills in. */
const ownFields: ReadonlySet<string> = new Set([formTokenField, 'step', 'command-id']);

/** Whether a form has anything that a person filled in. */
export function isFilledIn(form: FormFields): boolean {
  return form.entries().some(([name]) => !ownFields.has(name));
}

/**
 * Forms of a session that has ended are taken too if the same person is signed in again: what was filled in is not lost.
 * @throws {ProblemError} 403: the form is not one of this person's
 */
export function refuseOtherPersons(form: FormFields, session: Session, sessions: Pick<Sessions, 'isFormOf'>): void {
  if (!sessions.isFormOf(session, form.text(formTokenField)))
    throw new ProblemError(problem(403, 'forbidden', 'the form belongs to another session; open the page again and fill it in there'));
}

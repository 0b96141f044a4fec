/**
 * Two or more parts of base64url with dots between them, the first of which begins as JSON does: a JWT (RFC 7519), whole or cut off. The search begins
 * only where a run of base64url does, so that its work grows with the text and not with its square.
 */
const jwt = /(?<![A-Za-z0-9_-])e[yw][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
/** The credentials of an Authorization header (RFC 6750, section 2.1), long enough to be some. */
const bearer = /\b(Bearer)(\s+|%20|\+)[A-Za-z0-9._~+/-]{16,}=*/gi;

/** The same text without what looks like a token: for whatever is answered or logged of what was sent. */
export function redactTokens(text: string): string {
  return text.replace(bearer, '$1$2[token]').replace(jwt, '[token]');
}

/** Characters of a name that are looked at, and that are repeated, at most. */
const longest = { read: 256, shown: 64 } as const;

/** A name that the ledger doesn't know, as it is repeated to its sender: shortened, and without tokens. */
export function shortName(name: string): string {
  const shown = redactTokens(name.slice(0, longest.read));
  return shown.length > longest.shown ? `${shown.slice(0, longest.shown)}…` : shown;
}

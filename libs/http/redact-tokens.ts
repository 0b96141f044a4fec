/** Two or more parts of base64url with dots between them, the first of which begins as JSON does: a JWT (RFC 7519), whole or cut off. */
const jwt = /\be[yw][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
/** The credentials of an Authorization header (RFC 6750, section 2.1), long enough to be some. */
const bearer = /\b(Bearer)(\s+|%20|\+)[A-Za-z0-9._~+/-]{16,}=*/gi;

/** The same text without what looks like a token: for whatever is answered or logged of what was sent. */
export function redactTokens(text: string): string {
  return text.replace(bearer, '$1$2[token]').replace(jwt, '[token]');
}

/** So many characters of a name that the ledger doesn't know are repeated at most. */
const longestName = 64;

/** A name of somebody's making as it is repeated to its sender. */
export function shortName(name: string): string {
  const shown = redactTokens(name);
  return shown.length > longestName ? `${shown.slice(0, longestName)}…` : shown;
}

/**
 * A JWT (RFC 7519), whole or cut off: two or more parts of base64url with dots between them, the first of which begins as encoded JSON. A match starts
 * only at the beginning of a run of base64url, so that the work is linear in the length of the text, not quadratic.
 */
const jwt = /(?<![A-Za-z0-9_-])e[yw][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
/** The credentials of an Authorization header (RFC 6750, section 2.1), at least 16 characters. */
const bearer = /\b(Bearer)(\s+|%20|\+)[A-Za-z0-9._~+/-]{16,}=*/gi;

/** The text with everything that looks like a token replaced, for answers and logs that repeat input. */
export function redactTokens(text: string): string {
  return text.replace(bearer, '$1$2[token]').replace(jwt, '[token]');
}

/** The most characters of a name that are read, and that are shown. */
const longest = { read: 256, shown: 64 } as const;

/** An unknown name as an answer repeats it: shortened, and without tokens. */
export function shortName(name: string): string {
  const shown = redactTokens(name.slice(0, longest.read));
  return shown.length > longest.shown ? `${shown.slice(0, longest.shown)}…` : shown;
}

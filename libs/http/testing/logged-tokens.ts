/** The tokens that a log holds, whole or in part. Parts of up to 3 characters are left out, as they may be found in other words. */
export function tokensIn(log: readonly string[], tokens: ReadonlySet<string>): string[] {
  const text = log.join('');
  const parts = new Set([...tokens].flatMap((token) => [token, ...token.split('.')]));
  return [...parts].filter((part) => part.length > 3 && text.includes(part));
}

/** The languages of the pages. */
export const languages = ['ky', 'ru', 'en'] as const;

/** A page's address in a language. */
export function inLanguage(path: string, language: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
}

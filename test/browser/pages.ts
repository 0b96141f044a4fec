/** The pages of the demo, each with the name of its screenshots. A new page is added here, and then looked at in every way. */
const programme = '/p/digital-kyrgyzstan';
export const initiative = `${programme}/i/state-data-centre`;

export const pagesOfDemo: Readonly<Record<string, string>> = {
  programmes: '/',
  programme,
  'programme-as-of': `${programme}?happened=2023-12-31&known=2024-01-31`,
  initiatives: `${programme}/initiatives`,
  'initiatives-found': `${programme}/initiatives?q=data&sort=-spent`,
  'initiatives-none': `${programme}/initiatives?q=nothing-like-it`,
  initiative,
  'initiatives-suspended': `${programme}/initiatives?suspended=true`,
  entries: `${programme}/entries`,
  entry: `${programme}/entries/2275`,
  notices: `${programme}/notices`,
  'compare-form': `${programme}/compare`,
  compare: `${programme}/compare?from=2022-12-31&to=2023-12-31`,
  'not-found': '/p/unknown',
  malformed: `${programme}?happened=yesterday`,
  'embedded-programme': `/embed${programme}`,
  'embedded-initiative': `/embed${initiative}`,
};

export const languages = ['ky', 'ru', 'en'] as const;

/** A page's address in a language. */
export function inLanguage(path: string, language: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
}

/** Every page in every language. */
export const everyPage = Object.entries(pagesOfDemo).flatMap(([name, path]) =>
  languages.map((language) => ({ name, language, path: inLanguage(path, language) })),
);

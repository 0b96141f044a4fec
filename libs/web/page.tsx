/** What every part of a page knows of the page it is on. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Currency, Speech } from './speech.js';

/** The past day that a reader looks at; both are ISO days, `known` up to its end in the programme's time zone. */
export type Past = { readonly happened?: string; readonly known?: string };

export type Page = {
  readonly speech: Speech;
  /** The address of this page without its query. */
  readonly path: string;
  /** The query as it was asked, without the language. */
  readonly query: Readonly<Record<string, string>>;
  readonly past: Past;
  /** Whether the language was asked for, so that links keep it. */
  readonly keepsLanguage: boolean;
};

const Current = createContext<Page | undefined>(undefined);
export const OnPage = Current.Provider;

export function usePage(): Page {
  const page = useContext(Current);
  if (!page) throw new Error('a part of a page is shown on none');
  return page;
}

/** An address of another page: the language and the past that the reader chose go along. */
export function useHref(): (path: string, query?: Readonly<Record<string, string | undefined>>) => string {
  const { speech, past, keepsLanguage } = usePage();
  return (path, query = {}) =>
    addressOf(path, { happened: past.happened, known: past.known, ...query, ...(keepsLanguage && { lang: speech.language }) });
}

export function addressOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') parameters.set(name, value);
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

const ofProgramme = createContext<Currency | undefined>(undefined);
/** Amounts within are of this currency. */
export const InCurrency = ofProgramme.Provider;

export function useCurrency(): Currency {
  const currency = useContext(ofProgramme);
  if (!currency) throw new Error('an amount is shown without its currency');
  return currency;
}

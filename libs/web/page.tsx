/** The context of a page: every part of the page reads it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CheckpointShown } from '../application/checkpoint-shown.js';
import type { Currency, Speech, TextKey } from './speech.js';

/** The past that a page shows. Both are ISO days; `known` counts up to the end of its day in the programme's time zone. */
export type Past = { readonly happened?: string; readonly known?: string };

/** A form of the page that a change of language sends along, so that it comes back with what is typed in it. */
export type FormToKeep = {
  readonly id: string;
  /** The field that has the form shown again, rather than taken. */
  readonly again: { readonly name: string; readonly value: string };
  /** The button that the Enter key presses in the form. Without it, that would be the page's first button: a language. */
  readonly enter?: { readonly name: string; readonly value: string; readonly says: TextKey };
};

export type Page = {
  readonly speech: Speech;
  /** Scheme and host of the ledger, such as `https://ledger.example.org`, for addresses that are copied elsewhere. */
  readonly origin: string;
  /** The address of this page without its query. */
  readonly path: string;
  /** The query of this page's address, without the language. */
  readonly query: Readonly<Record<string, string>>;
  readonly past: Past;
  /** Whether the address names the language; links then keep it. */
  readonly keepsLanguage: boolean;
  readonly formToKeep?: FormToKeep;
  /** The checkpoint of the programme that the page is of. */
  readonly checkpoint?: CheckpointShown;
  /** The moment in milliseconds since 1970 at which the page is made: ages count up to it. */
  readonly now: number;
};

const Current = createContext<Page | undefined>(undefined);
export const OnPage = Current.Provider;

export function usePage(): Page {
  const page = useContext(Current);
  if (!page) throw new Error('a part of a page is rendered outside a page');
  return page;
}

/** Makes addresses of other pages, which keep the language and the past that the reader chose. */
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
/** Sets the currency of the amounts inside. */
export const InCurrency = ofProgramme.Provider;

export function useCurrency(): Currency {
  const currency = useContext(ofProgramme);
  if (!currency) throw new Error('an amount is rendered without its currency');
  return currency;
}

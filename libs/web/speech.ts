/** Texts, amounts, days and shares in one language of the pages. */
import { createIntl, createIntlCache, type IntlShape } from '@formatjs/intl';
import Negotiator from 'negotiator';
import { en, type MessageKey, type Messages } from './messages/en.js';
import { ky } from './messages/ky.js';
import { ru } from './messages/ru.js';
import { en as proofEn, type ProofKey, type ProofMessages } from './messages/proof/en.js';
import { ky as proofKy } from './messages/proof/ky.js';
import { ru as proofRu } from './messages/proof/ru.js';
import { en as workspaceEn, type WorkspaceKey, type WorkspaceMessages } from './workspace/messages/en.js';
import { ky as workspaceKy } from './workspace/messages/ky.js';
import { ru as workspaceRu } from './workspace/messages/ru.js';

export const languages = ['ky', 'ru', 'en'] as const;
export type Language = (typeof languages)[number];

/** The key of a text of any page. */
export type TextKey = MessageKey | ProofKey | WorkspaceKey;

const messages: { readonly [L in Language]: Messages & ProofMessages & WorkspaceMessages } = {
  ky: { ...ky, ...proofKy, ...workspaceKy },
  ru: { ...ru, ...proofRu, ...workspaceRu },
  en: { ...en, ...proofEn, ...workspaceEn },
};
/** The name of each language in that language. */
export const nameOfLanguage: { readonly [L in Language]: string } = { ky: 'Кыргызча', ru: 'Русский', en: 'English' };

/** The language of a page: the requested one, else the one that the browser prefers (RFC 9110, section 12.5.4), else English. */
export function languageOf(asked: string | undefined, acceptLanguage: string | undefined): Language {
  const preferred = new Negotiator({ headers: { 'accept-language': acceptLanguage ?? '' } }).language([...languages]);
  return languages.find((language) => language === asked) ?? languages.find((language) => language === preferred) ?? 'en';
}

/** The money of a programme: its currency (ISO 4217) and the digits of its minor unit. */
export type Currency = { readonly code: string; readonly minorUnits: number };

/** The text of a title with its language, which may not be the reader's. */
export type Titled = { readonly text: string; readonly language: string };

/** Units of ages in seconds, longest first. Months and years are those of the average calendar. */
const units = [
  ['year', 31_556_952],
  ['month', 2_629_746],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const cache = createIntlCache();
const formats = new Map<string, Intl.NumberFormat>();

export class Speech {
  private readonly intl: IntlShape;

  constructor(readonly language: Language) {
    this.intl = createIntl({ locale: language, defaultLocale: 'en', messages: messages[language], onError: rethrow }, cache);
  }

  /** A text. @throws {Error} a value that the text names is missing */
  say(id: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return this.intl.formatMessage({ id }, values);
  }

  /** An amount of minor units, as decimal text, in its currency: `"6000000"` of KGS is 60,000.00 som. Exact at any size. */
  money(minor: string, { code, minorUnits }: Currency): string {
    return this.numbers(`${code} ${minorUnits}`, { style: 'currency', currency: code, ...digitsOf(minorUnits) }).format(
      decimal(minor, minorUnits),
    );
  }

  /** A change of an amount, with its sign and its currency. */
  signedMoney(minor: string, { code, minorUnits }: Currency): string {
    const style = { style: 'currency', currency: code, signDisplay: 'exceptZero' } as const;
    return this.numbers(`${code} ${minorUnits} signed`, { ...style, ...digitsOf(minorUnits) }).format(decimal(minor, minorUnits));
  }

  /** An amount without its currency. */
  amount(minor: string, { minorUnits }: Currency): string {
    return this.numbers(String(minorUnits), digitsOf(minorUnits)).format(decimal(minor, minorUnits));
  }

  /** A change of an amount, with its sign and without its currency. */
  signed(minor: string, { minorUnits }: Currency): string {
    return this.numbers(`${minorUnits} signed`, { ...digitsOf(minorUnits), signDisplay: 'exceptZero' }).format(decimal(minor, minorUnits));
  }

  /** A rounded amount with its currency, such as 600 million; for charts only. */
  roughly(minor: number, { code, minorUnits }: Currency): string {
    return this.numbers(`${code} roughly`, {
      notation: 'compact',
      style: 'currency',
      currency: code,
      maximumFractionDigits: 1,
    }).format(minor / 10 ** minorUnits);
  }

  /** A rounded number, such as 1.2 million; for charts only. */
  roughNumber(number: number): string {
    return this.numbers('roughly', { notation: 'compact', maximumSignificantDigits: 4 }).format(number);
  }

  /** A decimal number, as text with a point; exact at any size. */
  decimal(text: string): string {
    return this.numbers('decimal', { maximumFractionDigits: 6 }).format(isNumeric(text) ? text : '0');
  }
  count(number: number): string {
    return this.intl.formatNumber(number);
  }
  /** A change of a count, with its sign. */
  signedCount(number: number): string {
    return this.intl.formatNumber(number, { signDisplay: 'exceptZero' });
  }
  percent(share: number): string {
    return this.intl.formatNumber(share, { style: 'percent', maximumFractionDigits: 1 });
  }
  /** A calendar day, `2024-03-07`. */
  day(isoDate: string): string {
    return this.intl.formatDate(`${isoDate}T00:00:00Z`, { dateStyle: 'long', timeZone: 'UTC' });
  }
  /** The month of a calendar day. */
  month(isoDate: string): string {
    return this.intl.formatDate(`${isoDate}T00:00:00Z`, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  }
  /** The same, short; for charts only. */
  shortMonth(isoDate: string): string {
    return this.intl.formatDate(`${isoDate}T00:00:00Z`, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  }
  /** A moment in the programme's time zone. */
  moment(instant: string, timeZone: string): string {
    return this.intl.formatDate(instant, { dateStyle: 'long', timeStyle: 'short', timeZone });
  }

  /** How long ago a moment was, in the largest unit that is full, such as 3 days ago. `now` in milliseconds since 1970. */
  ago(instant: string, now: number): string {
    const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1_000));
    const [unit, length] = units.find(([, one]) => seconds >= one) ?? (['second', 1] as const);
    const count = Math.floor(seconds / length);
    return this.intl.formatRelativeTime(-count, unit, { numeric: count === 0 ? 'auto' : 'always' });
  }

  /** Number formats are cached: they are few, and slow to make. */
  private numbers(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const known = formats.get(`${this.language} ${key}`) ?? new Intl.NumberFormat(this.language, options);
    formats.set(`${this.language} ${key}`, known);
    return known;
  }

  /** A title in this language, else in its first language. */
  title(texts: Readonly<Record<string, string>>): Titled {
    const [first] = Object.entries(texts);
    const own = texts[this.language];
    return own === undefined ? { text: first?.[1] ?? '', language: first?.[0] ?? this.language } : { text: own, language: this.language };
  }
}

function digitsOf(minorUnits: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: minorUnits, maximumFractionDigits: minorUnits };
}

function rethrow(error: unknown): never {
  throw error;
}

/** Minor units as decimal text for `Intl`, so that no digit is lost. */
function decimal(minor: string, minorUnits: number): Intl.StringNumericLiteral {
  const negative = minor.startsWith('-');
  const digits = (negative ? minor.slice(1) : minor).padStart(minorUnits + 1, '0');
  const text = `${negative ? '-' : ''}${digits.slice(0, digits.length - minorUnits)}${minorUnits > 0 ? `.${digits.slice(-minorUnits)}` : ''}`;
  return isNumeric(text) ? text : '0';
}
function isNumeric(text: string): text is Intl.StringNumericLiteral {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

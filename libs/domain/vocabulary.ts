/** The basic types of the ledger. Money is in minor units (tyiyn, cents), dates are ISO, instants are UTC. */

/** An amount in minor units of the programme's currency. */
export type Money = bigint;
/** A calendar day in the programme's time zone, `2024-03-07`. */
export type IsoDate = string;
/** A moment in UTC with milliseconds, `2024-03-09T05:12:44.120Z`. */
export type Instant = string;
/** A calendar year in the programme's time zone. */
export type FiscalYear = number;
/** Text by language tag (BCP 47), at least one. */
export type Texts = Readonly<Record<string, string>>;

/** Changes to {@link Texts} by language: a text sets it, `null` removes it. */
export type TextChanges = Readonly<Record<string, string | null>>;
/** The largest number of languages of a text. */
export const mostLanguages = 20;

/** No data. */
export type Nothing = Readonly<Record<string, never>>;

export const roles = ['ministry', 'finance', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** An organisation acting in a role. */
export type Party = { readonly organisation: string; readonly role: Role };
/** Who sent a command. An admin may act for another party, as an import does. */
export type Actor = Party & { readonly id: string; readonly onBehalfOf?: Party };

/** The organisation of imports. It may act for both sides of an approval, so its tokens are issued for imports only. */
export const importOrganisation = 'ledger-import';

/** In the order in which an initiative takes them; it ends in one of the last two. */
export const statuses = ['proposed', 'funded', 'spending', 'finalizing', 'finalized', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

export const ceilings = ['enforced', 'none'] as const;
/** Whether appropriations limit funding. */
export type Ceiling = (typeof ceilings)[number];
export const yearRules = ['annual', 'multi-year'] as const;
/** Whether money must be spent or returned in its own fiscal year. */
export type YearRule = (typeof yearRules)[number];

/** What of one fiscal year was funded, net spent, returned, and promised by open commitments; nothing is committed if that is absent. */
export type Sums = { readonly funded: Money; readonly spent: Money; readonly returned: Money; readonly committed?: Money };
/** {@link Sums} by fiscal year. */
export type SumsByYear = Readonly<Record<FiscalYear, Sums>>;

/** A decimal number as text, such as `-12.5`: at most 15 digits before the point and 6 after it. */
export type Decimal = string;
export const decimalPattern = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/;

/** Whether an initiative must have an indicator before its first funding. */
export const indicatorRules = ['required', 'optional'] as const;
export type IndicatorRule = (typeof indicatorRules)[number];

/** Codes of programmes, initiatives and authorities. */
export const codePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Ids of commands and of movements of money. */
export const idPattern = /^[A-Za-z0-9._-]{1,64}$/;
/** The largest amount, and the largest total: 18 digits. */
export const largestAmount: Money = 999_999_999_999_999_999n;

/**
 * The types of a command's fields. Each decorator validates the value as sent, describes it in OpenAPI, and converts it to the domain's value.
 * Amounts are decimal strings of minor units, dates ISO days in the programme's time zone.
 */
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import { isObject } from './is-object.js';
import { isCurrency } from '../currencies/iso-4217.js';
import { isIsoDate, isTimeZone } from '../domain/calendar.js';
import { mostTargets } from '../domain/delivery/commands.js';
import { periodPattern } from '../domain/delivery/periods.js';
import { codePattern, decimalPattern, idPattern, mostLanguages } from '../domain/vocabulary.js';

type Read = (sent: unknown) => unknown;
type Field = { holds: (value: unknown) => boolean; optional: boolean; inAddress: boolean; read?: Read };
type Fields = Map<string, Field>;
const declared = new WeakMap<object, Fields>();

/** The fields that a body class declares, each with its rule and its conversion to the domain's value. */
export function fieldsOf(body: abstract new () => object): ReadonlyMap<string, Field> {
  const fields: Fields = new Map();
  for (let prototype: unknown = body.prototype; isObject(prototype); prototype = Object.getPrototypeOf(prototype))
    for (const [name, field] of declared.get(prototype) ?? []) if (!fields.has(name)) fields.set(name, field);
  return fields;
}

/** A rule of a field; `says` completes "amount must be …", if need be for the value that breaks it. */
type Rule = { name: string; holds: (value: unknown) => boolean; says: string | ((value: unknown) => string) };
type ItemSchema = {
  type: string;
  required: string[];
  additionalProperties: boolean;
  properties: Record<string, { type: string; pattern: string; example: string }>;
};
type Schema = {
  type: 'string' | 'integer' | 'object' | 'array' | Type;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minProperties?: number;
  /** Whether the texts of an object may be null. */
  nullableTexts?: boolean;
  enum?: string[];
  minItems?: number;
  maxItems?: number;
  /** The items of an array. */
  items?: ItemSchema;
};
export type Options = {
  description: string;
  example: unknown;
  optional?: boolean;
  /** Its command's own route has it in the address, not in the body. */ inAddress?: boolean;
};

/** A field with a rule. */
export function field(rule: Rule, schema: Schema, options: Options, read?: Read): PropertyDecorator {
  const { description, example, optional = false } = options;
  const { type, nullableTexts = false, items, ...rest } = schema;
  const described = { ...rest, description, example };
  const api =
    type === 'object'
      ? ApiProperty({
          ...described,
          type,
          additionalProperties: { type: 'string', ...(nullableTexts && { nullable: true }) },
          selfRequired: !optional,
        })
      : type === 'array'
        ? ApiProperty({ ...described, type, items: items ?? {}, required: !optional })
        : ApiProperty({ ...described, type, required: !optional });
  return ruled(api, rule, options, read);
}

/** A field with its description for OpenAPI and its rule. */
export function ruled(
  api: PropertyDecorator,
  rule: Rule,
  { optional = false, inAddress = false }: Omit<Options, 'description' | 'example'>,
  read?: Read,
): PropertyDecorator {
  return applyDecorators(
    api,
    ...(optional ? [IsOptional()] : []),
    ValidateBy({
      name: rule.name,
      validator: {
        validate: rule.holds,
        defaultMessage: (about) =>
          `${about?.property ?? 'it'} must be ${typeof rule.says === 'string' ? rule.says : rule.says(about?.value)}`,
      },
    }),
    (prototype: object, name: string | symbol) => {
      const fields = declared.get(prototype) ?? new Map<string, Field>();
      declared.set(prototype, fields.set(String(name), { holds: rule.holds, optional, inAddress, ...(read && { read }) }));
    },
  );
}

export const isText = (value: unknown): value is string => typeof value === 'string';
export const matches = (pattern: RegExp) => (value: unknown) => isText(value) && pattern.test(value);
const toAmount: Read = (sent) => (isText(sent) ? BigInt(sent) : sent);

export const amountPattern = /^[1-9]\d{0,17}$/;
const changePattern = /^-?[1-9]\d{0,17}$/;

function amountField(name: string, pattern: RegExp, says: string, options: Options): PropertyDecorator {
  return field({ name, holds: matches(pattern), says }, { type: 'string', pattern: pattern.source }, options, toAmount);
}
/** An amount above zero. */
export function MoneyField(options: Options): PropertyDecorator {
  const says = 'an amount above zero in minor units, a string of 1 to 18 digits without sign, point or exponent, such as "125000000"';
  return amountField('money', amountPattern, says, options);
}
/** A signed amount other than zero. */
export function ChangeField(options: Options): PropertyDecorator {
  const says = 'an amount in minor units with or without a minus, a string of 1 to 18 digits, not zero, such as "-500000"';
  return amountField('change', changePattern, says, options);
}
/** A code of a programme, an initiative or an authority. */
export function CodeField(options: Options): PropertyDecorator {
  const says = 'a code of 1 to 64 small letters, digits and hyphens, beginning with a letter or digit';
  return field({ name: 'code', holds: matches(codePattern), says }, { type: 'string', pattern: codePattern.source }, options);
}
/** An id of a command or of a movement of money. */
export function IdField(options: Options): PropertyDecorator {
  const says = 'an id of 1 to 64 letters, digits, dots, underscores and hyphens';
  return field({ name: 'id', holds: matches(idPattern), says }, { type: 'string', pattern: idPattern.source }, options);
}
/** An existing day. */
export function DateField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => isText(value) && isIsoDate(value);
  return field({ name: 'date', holds, says: 'a day that exists, written YYYY-MM-DD' }, { type: 'string', format: 'date' }, options);
}
/** A fiscal year: a calendar year. */
export function FiscalYearField(options: Options): PropertyDecorator {
  return field(
    { name: 'fiscalYear', holds: isFiscalYear, says: 'a year from 1900 to 9999, a number' },
    { type: 'integer', minimum: 1900, maximum: 9999 },
    options,
  );
}
export function isFiscalYear(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1900 && value <= 9999;
}
/** A version: 1, 2, 3, … */
export function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

/** Text without control characters other than line breaks and tabs. */
export function isReadable(value: unknown, longest: number): boolean {
  return (
    isText(value) &&
    value.trim() !== '' &&
    value.length <= longest &&
    value.isWellFormed() &&
    !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value)
  );
}
/** Readable text. */
export function TextField({ longest, ...options }: Options & { longest: number }): PropertyDecorator {
  const holds = (value: unknown) => isReadable(value, longest);
  return field(
    { name: 'text', holds, says: `readable text of 1 to ${longest} characters` },
    { type: 'string', minLength: 1, maxLength: longest },
    options,
  );
}
/** One of several words. */
export function OneOfField({ values, ...options }: Options & { values: readonly string[] }): PropertyDecorator {
  const holds = (value: unknown) => isText(value) && values.includes(value);
  return field({ name: 'oneOf', holds, says: `one of ${values.join(', ')}` }, { type: 'string', enum: [...values] }, options);
}

const languagePattern = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
/** A language tag (BCP 47) in canonical form (RFC 5646, 4.5): `ky`, not `KY` or `kir`, so that each language has one name. */
function isLanguage(text: string): boolean {
  return languagePattern.test(text) && canonicalTag(text) === text;
}
function canonicalTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
/** The most characters of a title in one language. */
export const longestTitle = 500;
/** Texts by language tag (BCP 47). */
export function TitleField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => isByLanguage(value, isTitle);
  const says = `an object of canonical language tags with text of 1 to ${longestTitle} characters each, such as {"ky":"…","en":"…"}`;
  return field({ name: 'title', holds, says }, { type: 'object', minProperties: 1 }, options);
}

/** Changes to texts by language tag (BCP 47): `null` removes a language. */
export function TitleChangesField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => isByLanguage(value, (text) => text === null || isTitle(text));
  const says = `an object of canonical language tags with text of 1 to ${longestTitle} characters each, or null to remove one, such as {"ky":"…","en":null}`;
  return field({ name: 'titleChanges', holds, says }, { type: 'object', minProperties: 1, nullableTexts: true }, options);
}

const isTitle = (text: unknown) => isReadable(text, longestTitle);
function isByLanguage(value: unknown, holds: (text: unknown) => boolean): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.length > mostLanguages) return false;
  // Titles recorded before tags had to be canonical may have other tags; those can still be removed.
  return entries.every(([language, text]) => (text === null ? languagePattern.test(language) : isLanguage(language)) && holds(text));
}

/** A decimal number as text. */
export function DecimalField(options: Options): PropertyDecorator {
  const says = 'a decimal number as text, with at most 15 digits before the point and 6 after it, such as "12.5"';
  return field({ name: 'decimal', holds: matches(decimalPattern), says }, { type: 'string', pattern: decimalPattern.source }, options);
}
/** A whole number of percent. */
export function PercentField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100;
  return field({ name: 'percent', holds, says: 'a whole number from 0 to 100' }, { type: 'integer', minimum: 0, maximum: 100 }, options);
}
/** How many there are, at least one. */
export function CountField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
  const schema = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
  return field({ name: 'count', holds, says: 'a whole number of at least 1' }, schema, options);
}
const hashPattern = /^[0-9a-f]{64}$/;
/** A SHA-256 hash in hex. */
export function HashField(options: Options): PropertyDecorator {
  return field(
    { name: 'hash', holds: matches(hashPattern), says: '64 hexadecimal digits in small letters' },
    { type: 'string', pattern: hashPattern.source },
    options,
  );
}
/** Targets of an indicator, each with a period of its own. */
export function TargetsField(options: Options): PropertyDecorator {
  const says = `a list of 1 to ${mostTargets} targets, each with a period of its own (a year, a quarter or a month) and a decimal value, such as [{"period":"2025","value":"60"},{"period":"2026-Q2","value":"75.5"}]`;
  const items = {
    type: 'object',
    required: ['period', 'value'],
    additionalProperties: false,
    properties: {
      period: { type: 'string', pattern: periodPattern.source, example: '2025-Q2' },
      value: { type: 'string', pattern: decimalPattern.source, example: '60.5' },
    },
  };
  return field({ name: 'targets', holds: areTargets, says }, { type: 'array', minItems: 1, maxItems: mostTargets, items }, options);
}
function areTargets(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostTargets || !value.every(isTarget)) return false;
  return new Set(value.map(({ period }) => period)).size === value.length;
}
function isTarget(value: unknown): value is { period: string; value: string } {
  return (
    isObject(value) &&
    Object.keys(value).length === 2 &&
    'period' in value &&
    matches(periodPattern)(value.period) &&
    'value' in value &&
    matches(decimalPattern)(value.value)
  );
}

/** A currency in force, by its ISO 4217 code. */
export function CurrencyField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => isText(value) && isCurrency(value);
  return field(
    { name: 'currency', holds, says: 'a currency in force by its three capital letters in ISO 4217, such as "KGS"' },
    { type: 'string', pattern: '^[A-Z]{3}$' },
    options,
  );
}
/** An IANA time zone. */
export function TimeZoneField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => isText(value) && /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value) && isTimeZone(value);
  return field({ name: 'timeZone', holds, says: 'an IANA time zone such as Asia/Bishkek' }, { type: 'string' }, options);
}

/** The types of the fields that say what an entry stands on: papers, and a sector. */
import { field, isReadable, isText, matches, type Options } from './fields.js';

/** The longest address of a file. */
const longestUrl = 2_000;

/** Readable text on one line. */
export function LineField({ longest, ...options }: Options & { longest: number }): PropertyDecorator {
  const holds = (value: unknown) => isReadable(value, longest) && !/[\n\r\t]/.test(String(value));
  const says = `readable text of 1 to ${longest} characters on one line`;
  return field({ name: 'line', holds, says }, { type: 'string', minLength: 1, maxLength: longest }, options);
}
/** The address of a file on the web. No other scheme is taken, since pages offer it as a link. */
export function UrlField(options: Options): PropertyDecorator {
  const holds = (value: unknown) =>
    isText(value) && value.length <= longestUrl && /^https?:\/\/[\u0021-\u007e]+$/.test(value) && URL.canParse(value);
  const says = `an address of at most ${longestUrl} ASCII characters that begins with https:// or http://`;
  return field({ name: 'url', holds, says }, { type: 'string', format: 'uri', maxLength: longestUrl }, options);
}
/** A SHA-256 digest. */
export function DigestField(options: Options): PropertyDecorator {
  const pattern = /^[0-9a-f]{64}$/;
  const says = 'SHA-256 of the file as 64 small hexadecimal digits';
  return field({ name: 'sha256', holds: matches(pattern), says }, { type: 'string', pattern: pattern.source }, options);
}
/** A size in bytes. */
export function SizeField(options: Options): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return field({ name: 'size', holds, says: 'a number of bytes' }, { type: 'integer', minimum: 0 }, options);
}
/** A media type (RFC 6838, section 4.2), without parameters. */
export function MediaTypeField(options: Options): PropertyDecorator {
  const pattern = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;
  const says = 'a media type without parameters, such as "application/pdf"';
  return field({ name: 'mediaType', holds: matches(pattern), says }, { type: 'string', pattern: pattern.source }, options);
}
/** A division, group or class of COFOG, the classification of the functions of government (UN, 1999). */
export function SectorField(options: Options): PropertyDecorator {
  const pattern = /^(?:0[1-9]|10)(?:\.[1-9](?:\.[0-9])?)?$/;
  const says = 'a code of COFOG: a division such as "04", a group such as "04.6" or a class such as "04.6.0"';
  return field({ name: 'sector', holds: matches(pattern), says }, { type: 'string', pattern: pattern.source }, options);
}

/** Options that several commands of the command line share, and the forms of their values. */
import { InvalidArgumentError, Option } from 'commander';
import { isIsoDate } from '../../libs/domain/calendar.js';
import { codePattern } from '../../libs/domain/vocabulary.js';
import { momentIn } from '../../libs/http/parameters.js';
import { readConfiguration, type Configuration } from '../configuration.js';

/** The place of a ledger, by options of the command line. */
export type Place = { data?: string; host?: string; port?: string };

/** The configuration: options of the command line replace settings of the environment. */
export function configured({ data, host, port }: Place, environment: NodeJS.ProcessEnv): Configuration {
  return readConfiguration({
    ...environment,
    ...(data !== undefined && { DATA_DIR: data }),
    ...(host !== undefined && { HOST: host }),
    ...(port !== undefined && { PORT: port }),
  });
}

/** The folder of an embedded ledger. */
export const dataOption = () => new Option('--data <folder>', 'the folder of the ledger (DATA_DIR)');
/** The address that a served ledger listens on. */
export const hostOption = () => new Option('--host <address>', 'the address to listen on (HOST)');
/** The port that a served ledger listens on. */
export const portOption = () => new Option('--port <number>', 'the port to listen on, 0 for a free one (PORT)');
/** Output for programs. */
export const jsonOption = () => new Option('--json', 'print JSON for programs');
/** The one programme that a command looks at. */
export const programmeOption = () => new Option('--programme <code>', 'only this programme').argParser(code);

/** A code of a programme, an initiative or an organisation. @throws {InvalidArgumentError} */
export function code(text: string): string {
  if (!codePattern.test(text)) throw new InvalidArgumentError('It must be a code: 1 to 64 small letters, digits and hyphens.');
  return text;
}
/** A day that exists. @throws {InvalidArgumentError} */
export function day(text: string): string {
  if (!isIsoDate(text)) throw new InvalidArgumentError('It must be a day that exists, written YYYY-MM-DD.');
  return text;
}
/** A moment with its offset from UTC, in UTC. @throws {InvalidArgumentError} */
export function moment(text: string): string {
  try {
    return momentIn(text);
  } catch {
    throw new InvalidArgumentError('It must be a moment with its offset from UTC, such as 2024-03-09T05:12:44.120Z.');
  }
}
/** A length of time, such as `8h`. @throws {InvalidArgumentError} */
export function lifetime(text: string): string {
  if (!/^[1-9]\d{0,5} ?(s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)$/.test(text))
    throw new InvalidArgumentError('It must be a length of time, such as 30m, 8h or 7d.');
  return text;
}
/** A whole number from zero on. @throws {InvalidArgumentError} */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** The command that reports every total, or explains one figure. */
import { Option, type Command } from 'commander';
import type { EventLog } from '../../libs/event-log/ports.js';
import type { AsOf } from '../../libs/projections/as-of.js';
import type { FigureWord } from '../../libs/projections/explain/asked.js';
import type { Configuration } from '../configuration.js';
import { configured, dataOption, day, jsonOption, moment, programmeOption, type Place } from './options.js';
import { print, printJson, UserError } from './output.js';

type WithLog = <T>(configuration: Configuration, use: (log: EventLog) => Promise<T>) => Promise<T>;
/** The options that say which figure to explain. */
type Words = { readonly [W in Exclude<FigureWord, 'figure'>]?: string };
type Options = Place & AsOf & Words & { json?: true; csv?: true; programme?: string; explain?: string };

/** Declares `ledger report`. */
export function declareReport(program: Command, environment: NodeJS.ProcessEnv, withLog: WithLog): void {
  program
    .command('report')
    .description('print every initiative and total as CSV, or the entries that add up to one figure, as of now or of a past day or moment')
    .addOption(dataOption())
    .addOption(programmeOption())
    .addOption(new Option('--occurred-by <day>', 'only entries dated by this day').argParser(day))
    .addOption(new Option('--known-by <moment>', 'only entries recorded by this moment').argParser(moment))
    .addOption(new Option('--explain <figure>', 'the entries that add up to this figure of --programme, such as spent'))
    .addOption(new Option('--fiscal-year <year>', 'explain the figure of this year'))
    .addOption(new Option('--initiative <code>', 'explain the figure of this initiative'))
    .addOption(new Option('--authority <code>', 'explain the figure of this authority'))
    .addOption(new Option('--region <text>', 'explain the figure of this region'))
    .addOption(new Option('--sector <code>', 'explain the figure of this sector'))
    .addOption(new Option('--source <kind>', 'explain the figure of the money of this source'))
    .addOption(new Option('--occurred-after <day>', 'explain only what is dated on or after this day').argParser(day))
    .addOption(new Option('--csv', 'print an explanation as CSV'))
    .addOption(jsonOption())
    .action(async ({ json, csv, programme, explain, occurredBy, knownBy, data, host, port, ...words }: Options) => {
      const cut = { ...(occurredBy !== undefined && { occurredBy }), ...(knownBy !== undefined && { knownBy }) };
      const place = { ...(data !== undefined && { data }), ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
      const configuration = configured(place, environment);
      if (explain !== undefined) {
        if (programme === undefined) throw new UserError('--explain needs --programme: a figure is a programme’s');
        const { explainOf, explanationCsv, explanationInWords, figureOfOptions } = await import('./commands/explain.js');
        const asked = figureOfOptions({ figure: explain, ...words });
        const explained = await withLog(configuration, (log) => explainOf(log, cut, programme, asked));
        if (json) printJson(explained.found);
        else if (csv) process.stdout.write(explanationCsv(explained));
        else print(explanationInWords(explained));
        return;
      }
      const [superfluous] = [...Object.keys(words), ...(csv ? ['csv'] : [])];
      if (superfluous !== undefined) throw new UserError('only --explain takes a year, an initiative, a group, a first day and --csv');
      const { reportCsv, reportOf } = await import('./commands/report.js');
      const report = await withLog(configuration, (log) => reportOf(log, cut, programme));
      if (report.programmes.length === 0)
        throw new UserError(
          `there was no programme${programme === undefined ? '' : ` ${programme}`} at that time; choose a day from its establishment on, which GET /programmes gives`,
        );
      if (json) printJson(report);
      else process.stdout.write(reportCsv(report));
    });
}

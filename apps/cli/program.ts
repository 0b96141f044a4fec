/** The command line: its commands, their options and help. The README's table is generated from it. */
import { chmod, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isIsoDate } from '../../libs/domain/calendar.js';
import { minorUnitsOf } from '../../libs/currencies/iso-4217.js';
import { codePattern, importOrganisation, roles } from '../../libs/domain/vocabulary.js';
import type { EventLog } from '../../libs/event-log/ports.js';
import { momentIn } from '../../libs/http/parameters.js';
import type { AsOf } from '../../libs/projections/as-of.js';
import { readConfiguration, type Configuration } from '../configuration.js';
import { serveUntilAsked } from '../service.js';
import { ownPublicKey } from '../standalone/own-key.js';
import { serve } from '../standalone/serve.js';
import { backUp } from './commands/backup.js';
import { demoInvitation, makeDemo } from './commands/demo.js';
import { forgetCaches } from './commands/forget-caches.js';
import { exportRecords } from './commands/export.js';
import { importRecords } from './commands/import-records.js';
import { importAims, dryRunAims } from './commands/import-aims.js';
import { planInShort, plannedForPrograms, planTable, reportInWords, rowsCsv, rowsShown } from './commands/import-aims-in-words.js';
import { isAccountedFor } from './aims/report.js';
import { ReleaseRefused } from './aims/target.js';
import { reportCsv, reportOf } from './commands/report.js';
import { tokenFor } from './commands/token.js';
import { statusOf, verdictInWords } from './commands/verdict-in-words.js';
import { verify, verifyExport } from './commands/verify.js';
import { linesOf } from './export-file.js';
import { readKeptHeads } from './kept-heads-file.js';
import { foldOwnModels, logToRead, logToWrite } from './ledger-at.js';
import { exitStatus, print, printJson, progressBar, table, UserError } from './output.js';

type VerifyCommandOptions = Place & { file?: string; heads?: string; programme?: string; json?: true };
type Place = { data?: string; host?: string; port?: string };

/** The configuration with what the command line says instead of the environment. */
function configured({ data, host, port }: Place, environment: NodeJS.ProcessEnv): Configuration {
  return readConfiguration({
    ...environment,
    ...(data !== undefined && { DATA_DIR: data }),
    ...(host !== undefined && { HOST: host }),
    ...(port !== undefined && { PORT: port }),
  });
}

const dataOption = () => new Option('--data <folder>', 'the folder that holds the ledger (DATA_DIR)');
const hostOption = () => new Option('--host <address>', 'the address to listen on (HOST)');
const portOption = () => new Option('--port <number>', 'the port to listen on, 0 for a free one (PORT)');
const jsonOption = () => new Option('--json', 'print JSON, for programs');
const programmeOption = () => new Option('--programme <code>', 'one programme alone').argParser(code);

function code(text: string): string {
  if (!codePattern.test(text)) throw new InvalidArgumentError('It must be a code: 1 to 64 small letters, digits and hyphens.');
  return text;
}
function day(text: string): string {
  if (!isIsoDate(text)) throw new InvalidArgumentError('It must be a day that exists, written YYYY-MM-DD.');
  return text;
}
function moment(text: string): string {
  try {
    return momentIn(text);
  } catch {
    throw new InvalidArgumentError('It must be a moment with its offset from UTC, such as 2024-03-09T05:12:44.120Z.');
  }
}
function lifetime(text: string): string {
  if (!/^[1-9]\d{0,5} ?(s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)$/.test(text))
    throw new InvalidArgumentError('It must be a length of time, such as 30m, 8h or 7d.');
  return text;
}
function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function withLog<T>(configuration: Configuration, use: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await logToRead(configuration);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

export function makeProgram(environment: NodeJS.ProcessEnv): Command {
  const program = new Command('ledger')
    .description('A ledger for public initiatives: what was approved, spent, returned and finished, and the proof of it.')
    .showHelpAfterError('(--help tells more)')
    // What ends the process is said in one place, with one meaning for every command.
    .exitOverride();

  program
    .command('serve')
    .description('serve the ledger over HTTP, made where there is none; Ctrl-C ends it')
    .addOption(dataOption())
    .addOption(hostOption())
    .addOption(portOption())
    .action(async (options: Place) => {
      await serveUntilAsked(configured(options, environment), serve, ({ url }) => {
        print(`The ledger is at ${url}, its documentation at ${url}/docs`);
      });
    });

  program
    .command('demo')
    .description('make the founding case, a country’s digitalisation budget 2019–2024, and serve it')
    .addOption(dataOption().default('data/demo'))
    .addOption(hostOption())
    .addOption(portOption())
    .action(async (options: Place) => {
      const configuration = configured(options, environment);
      await makeDemo(configuration, progressBar('Making the demo'));
      await serveUntilAsked(configuration, serve, async ({ url }) => {
        print(await demoInvitation(url, configuration));
      });
    });

  importCommand(program, environment);

  program
    .command('verify')
    .description('prove every record and every document, or an export alone; exits 1 naming what is wrong, 2 where it could not be checked')
    .addOption(dataOption())
    .addOption(new Option('--file <file>', 'an export, instead of a ledger'))
    .addOption(new Option('--heads <file>', 'heads that were kept, as GET /heads gave them: the history must hold each'))
    .addOption(programmeOption())
    .addOption(jsonOption())
    .action(async ({ json, file, heads, programme, ...options }: VerifyCommandOptions) => {
      const bar = progressBar('Verifying');
      const kept = heads === undefined ? undefined : await readKeptHeads(heads);
      const request = {
        kept: kept ?? [],
        ...(programme !== undefined && { programme }),
        progress: (done: number, total: number) => {
          bar.show(done, total);
        },
      };
      const proving = file === undefined ? verify(configured(options, environment), request) : verifyExport(file, request);
      const verdict = await proving.finally(() => {
        bar.stop();
      });
      if (json) printJson(verdict);
      else print(verdictInWords(verdict, { ...(file !== undefined && { file }), ...(kept && { kept: kept.length }) }));
      process.exitCode = statusOf(verdict);
    });

  program
    .command('backup')
    .description('copy the ledger as of now into another folder, also while it is served, and prove the copy’s chain')
    .argument('<folder>', 'where to; made where there is none, and refused where it holds a ledger')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (folder: string, { json, ...options }: Place & { json?: true }) => {
      const { file, bytes, heads } = await backUp(configured(options, environment), folder);
      const rows = [...heads].map(([programme, { position, hash }]) => ({ programme, position, hash }));
      if (json) printJson({ file, bytes, heads: rows });
      else
        print(
          `${file} holds the ledger (${bytes} bytes); keep these heads elsewhere:\n\n${table(
            ['programme', 'position', 'hash'],
            rows.map(({ programme, position, hash }) => [programme, String(position), hash]),
          )}`,
        );
    });

  program
    .command('forget-caches')
    .description('move the state store and the read models aside, as evidence; the next start folds them again from the log')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(({ json, ...options }: Place & { json?: true }) => {
      const moved = forgetCaches(configured(options, environment), new Date());
      if (json) printJson(moved);
      else print(moved.length === 0 ? 'there were no caches' : moved.map(({ from, to }) => `${from} is kept as ${to}`).join('\n'));
    });

  program
    .command('export')
    .description('print every record, byte for byte, one a line')
    .addOption(dataOption())
    .addOption(programmeOption())
    .addOption(new Option('--after <position>', 'records after this position alone').argParser(wholeNumber).default(0))
    .action(async ({ programme, after, ...options }: Place & { programme?: string; after: number }) => {
      await withLog(configured(options, environment), (log) =>
        exportRecords(log, { after, ...(programme !== undefined && { programme }) }, process.stdout),
      );
    });

  program
    .command('report')
    .description('print every initiative and total, now or as of then, as CSV')
    .addOption(dataOption())
    .addOption(programmeOption())
    .addOption(new Option('--occurred-by <day>', 'only what is dated by this day').argParser(day))
    .addOption(new Option('--known-by <moment>', 'only what was recorded by this moment').argParser(moment))
    .addOption(jsonOption())
    .action(async ({ json, programme, occurredBy, knownBy, ...options }: Place & AsOf & { json?: true; programme?: string }) => {
      const cut = { ...(occurredBy !== undefined && { occurredBy }), ...(knownBy !== undefined && { knownBy }) };
      const report = await withLog(configured(options, environment), (log) => reportOf(log, cut, programme));
      if (report.programmes.length === 0)
        throw new UserError(
          `there was no programme${programme === undefined ? '' : ` ${programme}`} as of then; ask for a day from its establishment on, which GET /programmes says`,
        );
      if (json) printJson(report);
      else process.stdout.write(reportCsv(report));
    });

  program
    .command('token')
    .description('print a token signed with the ledger’s own key')
    .addOption(new Option('--role <role>', 'what its holder may do').choices(roles).makeOptionMandatory())
    .addOption(new Option('--org <code>', 'the organisation of its holder').argParser(code).makeOptionMandatory())
    .addOption(new Option('--sub <id>', 'who holds it; the organisation and role where absent'))
    .addOption(new Option('--lifetime <time>', 'how long it is good').default('8h').argParser(lifetime))
    .addOption(dataOption())
    .action(
      async ({
        role,
        org,
        sub,
        lifetime,
        ...options
      }: Place & { role: (typeof roles)[number]; org: string; sub?: string; lifetime: string }) => {
        print(await tokenFor(configured(options, environment), { role, organisation: org, subject: sub ?? `${org}.${role}`, lifetime }));
      },
    );

  program
    .command('key')
    .description('write the public half of the ledger’s own key to a file: the TOKEN_KEY_FILE of services that take its tokens')
    .argument('<file>', 'where to; what is there is replaced')
    .addOption(dataOption())
    .action(async (file: string, options: Place) => {
      await writeFile(file, await ownPublicKey(configured(options, environment).DATA_DIR));
      // Others read it: the services that take tokens signed with the private half.
      await chmod(file, 0o644);
    });

  return program;
}

type ImportOptions = Place & {
  programme: string;
  currency: string;
  title?: string;
  language: string;
  timeZone: string;
  finance: string;
  asOf?: string;
  server?: string;
  token?: string;
  update?: true;
  acceptFaults?: true;
  dryRun?: true;
  rows?: string;
  json?: true;
};

function importCommand(program: Command, environment: NodeJS.ProcessEnv): void {
  const imports = program.command('import').description('bring in what others published, or an export');
  imports
    .command('records')
    .description('put an export into a ledger that nobody else writes meanwhile; checked as it comes, and run again it adds nothing')
    .argument('<file>', 'an export, one record a line')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, { json, ...options }: Place & { json?: true }) => {
      const bar = progressBar('Importing');
      const configuration = configured(options, environment);
      const log = await logToWrite(configuration);
      try {
        const done = await importRecords(log, linesOf(file), (count) => {
          bar.show(count, count);
        });
        await foldOwnModels(configuration, log);
        bar.stop();
        if (json) printJson(done);
        else print(`${done.added} records put into the ledger; ${done.there} were there`);
      } finally {
        bar.stop();
        await log.close();
      }
    });
  imports
    .command('aims')
    .description('import an aid management platform’s release (projects.csv and transactions.csv); run again, it adds nothing twice')
    .argument('<folder>', 'the folder that holds the two files')
    .addOption(
      new Option('--programme <code>', 'the programme to import into, established where there is none')
        .argParser(code)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--currency <code>', 'ISO 4217; the currency of the release').makeOptionMandatory())
    .addOption(new Option('--title <text>', 'the programme’s title; its code where absent'))
    .addOption(new Option('--language <tag>', 'the language of the published titles').default('en'))
    .addOption(new Option('--time-zone <name>', 'the programme’s time zone').default('UTC'))
    .addOption(new Option('--finance <code>', 'on whose behalf is funded and signed off').argParser(code).default('ministry-of-finance'))
    .addOption(new Option('--as-of <day>', 'the day of the published status; today where absent').argParser(day))
    .addOption(new Option('--dry-run', 'print what would be sent and what would become of it; write nothing'))
    .addOption(new Option('--accept-faults', 'leave out the rows that have a fault, and name them; else a release with faults is refused'))
    .addOption(new Option('--update', 'the release is a later one than the ledger holds: send what differs'))
    .addOption(new Option('--rows <file>', 'where to write every refused and left-out row, if there are more than twenty'))
    .addOption(dataOption())
    .addOption(new Option('--server <address>', 'a ledger that serves, instead of the one in the folder'))
    .addOption(new Option('--token <token>', `an admin’s token for that, of the organisation ${importOrganisation}`).env('LEDGER_TOKEN'))
    .addOption(jsonOption())
    .action((folder: string, options: ImportOptions) => importAimsAsAsked(folder, options, environment));
}

async function importAimsAsAsked(folder: string, options: ImportOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  const { programme, currency, title, language, timeZone, finance, asOf, update, acceptFaults, json } = options;
  const digits = minorUnitsOf(currency);
  if (digits === undefined)
    throw new UserError(`--currency must be a code of ISO 4217, three capital letters such as USD; ${currency} is none`);
  if (options.server !== undefined && options.token === undefined)
    throw new UserError(`--server needs an admin’s token of the organisation ${importOrganisation}: --token, or LEDGER_TOKEN`);
  const server =
    options.server !== undefined && options.token !== undefined ? { address: options.server, token: options.token } : undefined;
  const bar = progressBar('Importing');
  const request = {
    folder,
    programme,
    currency,
    digits,
    language,
    importer: { id: 'ledger.import', organisation: importOrganisation },
    finance,
    ...(asOf !== undefined && { asOf }),
    now: Date.now(),
    title: title ?? programme,
    timeZone,
    ...(update && { update }),
    ...(acceptFaults && { acceptFaults }),
  };
  const configuration = configured(options, environment);
  try {
    if (options.dryRun) {
      const found = await dryRunAims(configuration, server, request);
      const { planned, report } = found;
      if (json) printJson({ planned: planned.map(plannedForPrograms), report });
      else print([planTable(found), reportInWords(report, digits)].join('\n\n'));
      return;
    }
    const progress = (done: number, total: number) => {
      bar.show(done, total);
    };
    const report = await importAims(configuration, server, { ...request, progress }, (found) => {
      if (!json) print(planInShort(found));
    });
    bar.stop();
    if (json) printJson(report);
    else {
      const rowsFile = report.rows.length > rowsShown ? (options.rows ?? `import-${programme}-${report.release.release}.csv`) : undefined;
      if (rowsFile !== undefined) await writeFile(rowsFile, rowsCsv(report.rows, digits));
      print(reportInWords(report, digits, rowsFile));
    }
    if (!isAccountedFor(report)) process.exitCode = exitStatus.wrong;
  } catch (error) {
    if (json && error instanceof ReleaseRefused) printJson({ refused: error.message.split('\n')[0], faults: error.faults });
    throw error;
  } finally {
    bar.stop();
  }
}

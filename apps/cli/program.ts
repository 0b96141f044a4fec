/** The command line: its commands, their options and help. The table in docs/reference.md is generated from it. */
import { chmod, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { minorUnitsOf } from '../../libs/currencies/iso-4217.js';
import { importOrganisation, roles } from '../../libs/domain/vocabulary.js';
import type { EventLog } from '../../libs/event-log/ports.js';
import type { AsOf } from '../../libs/projections/as-of.js';
import type { Configuration } from '../configuration.js';
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
import {
  code,
  configured,
  dataOption,
  day,
  hostOption,
  jsonOption,
  lifetime,
  moment,
  portOption,
  programmeOption,
  wholeNumber,
  type Place,
} from './options.js';
import { exitStatus, print, printJson, progressBar, table, UserError } from './output.js';
import { declareSheetImport } from './sheets/declare.js';

type VerifyCommandOptions = Place & { file?: string; heads?: string; programme?: string; json?: true };
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
    // main.ts alone sets the exit status, with one meaning for every command.
    .exitOverride();

  program
    .command('serve')
    .description('serve the ledger over HTTP, creating it if there is none; Ctrl-C ends it')
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
    .description('create the demo, a country’s digitalisation budget 2019–2024, and serve it')
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
    .description(
      'prove every record and every document, or an export; exit status 1 if something is wrong, 2 if something could not be checked',
    )
    .addOption(dataOption())
    .addOption(new Option('--file <file>', 'an export, instead of a ledger'))
    .addOption(new Option('--heads <file>', 'kept heads, as GET /heads returned them: the history must contain each'))
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
    .description('copy the ledger as of now into another folder, even while it is served, and prove the chain of the copy')
    .argument('<folder>', 'the target folder; created if there is none, refused if it holds a ledger')
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
    .description('rename the state store and the read models, to keep them as evidence; the next start folds them again from the log')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(({ json, ...options }: Place & { json?: true }) => {
      const moved = forgetCaches(configured(options, environment), new Date());
      if (json) printJson(moved);
      else print(moved.length === 0 ? 'there were no caches' : moved.map(({ from, to }) => `${from} is kept as ${to}`).join('\n'));
    });

  program
    .command('export')
    .description('print every record, byte for byte, one per line')
    .addOption(dataOption())
    .addOption(programmeOption())
    .addOption(new Option('--after <position>', 'only records after this position').argParser(wholeNumber).default(0))
    .action(async ({ programme, after, ...options }: Place & { programme?: string; after: number }) => {
      await withLog(configured(options, environment), (log) =>
        exportRecords(log, { after, ...(programme !== undefined && { programme }) }, process.stdout),
      );
    });

  program
    .command('report')
    .description('print every initiative and total as CSV, as of now or of a past day or moment')
    .addOption(dataOption())
    .addOption(programmeOption())
    .addOption(new Option('--occurred-by <day>', 'only entries dated by this day').argParser(day))
    .addOption(new Option('--known-by <moment>', 'only entries recorded by this moment').argParser(moment))
    .addOption(jsonOption())
    .action(async ({ json, programme, occurredBy, knownBy, ...options }: Place & AsOf & { json?: true; programme?: string }) => {
      const cut = { ...(occurredBy !== undefined && { occurredBy }), ...(knownBy !== undefined && { knownBy }) };
      const report = await withLog(configured(options, environment), (log) => reportOf(log, cut, programme));
      if (report.programmes.length === 0)
        throw new UserError(
          `there was no programme${programme === undefined ? '' : ` ${programme}`} at that time; choose a day from its establishment on, which GET /programmes gives`,
        );
      if (json) printJson(report);
      else process.stdout.write(reportCsv(report));
    });

  program
    .command('token')
    .description('print a token signed with the ledger’s own key')
    .addOption(new Option('--role <role>', 'the role of its holder').choices(roles).makeOptionMandatory())
    .addOption(new Option('--org <code>', 'the organisation of its holder').argParser(code).makeOptionMandatory())
    .addOption(new Option('--sub <id>', 'the subject, its holder; by default the organisation and role'))
    .addOption(new Option('--lifetime <time>', 'how long it is valid').default('8h').argParser(lifetime))
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
    .description('write the public half of the ledger’s own key to a file: the TOKEN_KEY_FILE of services that accept its tokens')
    .argument('<file>', 'the target file; an existing one is replaced')
    .addOption(dataOption())
    .action(async (file: string, options: Place) => {
      await writeFile(file, await ownPublicKey(configured(options, environment).DATA_DIR));
      // The services that accept tokens signed with the private half must read it.
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
  const imports = program.command('import').description('import a spreadsheet, a published release or an export');
  declareSheetImport(imports, environment);
  imports
    .command('records')
    .description('import an export into a ledger that nobody else writes meanwhile; checks every record; a second run adds nothing')
    .argument('<file>', 'an export, one record per line')
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
        else print(`${done.added} records imported; the ledger already held ${done.there}`);
      } finally {
        bar.stop();
        await log.close();
      }
    });
  imports
    .command('aims')
    .description('import an aid management platform’s release (projects.csv and transactions.csv); a second run adds nothing')
    .argument('<folder>', 'the folder that holds the two files')
    .addOption(
      new Option('--programme <code>', 'the programme to import into; established if there is none').argParser(code).makeOptionMandatory(),
    )
    .addOption(new Option('--currency <code>', 'ISO 4217; the currency of the release').makeOptionMandatory())
    .addOption(new Option('--title <text>', 'the programme’s title; by default its code'))
    .addOption(new Option('--language <tag>', 'the language of the published titles').default('en'))
    .addOption(new Option('--time-zone <name>', 'the programme’s time zone').default('UTC'))
    .addOption(
      new Option('--finance <code>', 'the organisation on whose behalf the import funds and signs off')
        .argParser(code)
        .default('ministry-of-finance'),
    )
    .addOption(new Option('--as-of <day>', 'the day of the published status; by default today').argParser(day))
    .addOption(new Option('--dry-run', 'print each command with its outcome; write nothing'))
    .addOption(
      new Option('--accept-faults', 'leave out the rows that have a fault and name them; without this a release with faults is refused'),
    )
    .addOption(new Option('--update', 'send the differences: the release is a later one than the ledger holds'))
    .addOption(new Option('--rows <file>', 'the file for every refused and left-out row, if there are more than twenty'))
    .addOption(dataOption())
    .addOption(new Option('--server <address>', 'the address of a running ledger, instead of a folder'))
    .addOption(
      new Option('--token <token>', `a token for that server, of an admin of the organisation ${importOrganisation}`).env('LEDGER_TOKEN'),
    )
    .addOption(jsonOption())
    .action((folder: string, options: ImportOptions) => importAimsAsAsked(folder, options, environment));
}

async function importAimsAsAsked(folder: string, options: ImportOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  const { programme, currency, title, language, timeZone, finance, asOf, update, acceptFaults, json } = options;
  const digits = minorUnitsOf(currency);
  if (digits === undefined)
    throw new UserError(`--currency must be an ISO 4217 code, three capital letters such as USD; ${currency} is not one`);
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

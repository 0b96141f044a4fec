/** Declares `ledger import`: spreadsheets, published releases and exports. */
import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { importOrganisation } from '../../libs/domain/vocabulary.js';
import { code, configured, dataOption, day, jsonOption, type Place } from './options.js';
import { exitStatus, print, printJson, progressBar, UserError } from './output.js';
import { declareSheetImport } from './sheets/declare.js';

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

/** Adds the commands that import. */
export function declareImports(program: Command, environment: NodeJS.ProcessEnv): void {
  const imports = program.command('import').description('import a spreadsheet, a published release or an export');
  declareSheetImport(imports, environment);
  imports
    .command('records')
    .description('import an export into a ledger that nobody else writes meanwhile; checks every record; a second run adds nothing')
    .argument('<file>', 'an export, one record per line')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, { json, ...options }: Place & { json?: true }) => {
      const [{ foldOwnModels, logToWrite }, { importRecords }, { linesOf }] = await Promise.all([
        import('./ledger-at.js'),
        import('./commands/import-records.js'),
        import('./export-file.js'),
      ]);
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
  const [
    { minorUnitsOf },
    { importAims, dryRunAims },
    { planInShort, plannedForPrograms, planTable, reportInWords, rowsCsv, rowsShown },
    { isAccountedFor },
    { ReleaseRefused },
  ] = await Promise.all([
    import('../../libs/currencies/iso-4217.js'),
    import('./commands/import-aims.js'),
    import('./commands/import-aims-in-words.js'),
    import('./aims/report.js'),
    import('./aims/target.js'),
  ]);
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

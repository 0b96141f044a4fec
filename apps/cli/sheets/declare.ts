/** Declares `ledger import csv` and `ledger import template`. */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { codePattern, importOrganisation, type Party } from '../../../libs/domain/vocabulary.js';
import { encodings, type Encoding } from '../../../libs/spreadsheets/table.js';
import { code, configured, dataOption, jsonOption, type Place } from '../options.js';
import { exitStatus, print, printJson, progressBar, UserError } from '../output.js';

type SheetOptions = Place & {
  programme: string;
  encoding?: Encoding;
  sheet?: string;
  as?: Party;
  finance: string;
  language: string;
  acceptRefusals?: true;
  dryRun?: true;
  rows?: string;
  server?: string;
  token?: string;
  json?: true;
};

/** Adds the commands to `ledger import`. */
export function declareSheetImport(imports: Command, environment: NodeJS.ProcessEnv): void {
  imports
    .command('csv')
    .description('import the rows of a spreadsheet (CSV or XLSX) as commands; checks every row first; a second run adds nothing')
    .argument('<file>', 'a CSV file or an XLSX workbook with the columns of the template')
    .addOption(new Option('--programme <code>', 'the programme to import into').argParser(code).makeOptionMandatory())
    .addOption(new Option('--encoding <name>', 'the encoding of a CSV file; by default found from its bytes').choices(encodings))
    .addOption(new Option('--sheet <name>', 'the sheet of a workbook; by default the first that is shown'))
    .addOption(
      new Option(
        '--as <role:org>',
        'on whose behalf every row is sent; by default each row on behalf of its authority or of finance',
      ).argParser(party),
    )
    .addOption(
      new Option('--finance <code>', 'the organisation on whose behalf the import funds and appropriates')
        .argParser(code)
        .default('ministry-of-finance'),
    )
    .addOption(new Option('--language <tag>', 'the language of titles whose column names none').default('en'))
    .addOption(new Option('--accept-refusals', 'send the other rows, although the ledger would refuse some'))
    .addOption(new Option('--dry-run', 'check every row; send nothing'))
    .addOption(new Option('--rows <file>', 'the file for every fault and refusal, if there are more than twenty'))
    .addOption(dataOption())
    .addOption(new Option('--server <address>', 'the address of a running ledger, instead of a folder'))
    .addOption(
      new Option('--token <token>', `a token for that server: of the sender, or of an admin of the organisation ${importOrganisation}`).env(
        'LEDGER_TOKEN',
      ),
    )
    .addOption(jsonOption())
    .action((file: string, options: SheetOptions) => importAsAsked(file, options, environment));
  imports
    .command('template')
    .description('print a spreadsheet with every column and an example of every command')
    .addOption(new Option('--xlsx', 'as an XLSX workbook instead of CSV; redirect it into a file'))
    .action(printTemplate);
}

async function importAsAsked(file: string, options: SheetOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  const { programme, encoding, sheet, as, finance, language, json } = options;
  if (options.server !== undefined && options.token === undefined) throw new UserError('--server needs a token: --token, or LEDGER_TOKEN');
  const [{ runSheetImport }, { rowsShown, sheetForPrograms, sheetInWords, sheetRowsCsv }] = await Promise.all([
    import('./run.js'),
    import('./in-words.js'),
  ]);
  const bar = progressBar('Importing');
  const running = runSheetImport(configured(options, environment), {
    ...{ file, programme, finance, language },
    ...(encoding !== undefined && { encoding }),
    ...(sheet !== undefined && { sheet }),
    ...(as && { as }),
    ...(options.server !== undefined && options.token !== undefined && { server: { address: options.server, token: options.token } }),
    dryRun: options.dryRun ?? false,
    acceptRefusals: options.acceptRefusals ?? false,
    progress(done, total) {
      bar.show(done, total);
    },
  });
  const { done, digits } = await running.finally(() => {
    bar.stop();
  });
  if (json) printJson(sheetForPrograms(done));
  else {
    const isLong = done.sheet.faults.length + done.refused.length > rowsShown;
    const rowsFile = isLong ? (options.rows ?? `import-${programme}-rows.csv`) : undefined;
    if (rowsFile !== undefined) await writeFile(rowsFile, sheetRowsCsv(done, digits));
    print(sheetInWords(done, file, digits, rowsFile));
  }
  if (done.outcome === 'faults') process.exitCode = exitStatus.notDone;
  else if (done.refused.length > 0) process.exitCode = exitStatus.wrong;
}

async function printTemplate({ xlsx }: { xlsx?: true }): Promise<void> {
  const { templateCsv, templateXlsx } = await import('../../../libs/spreadsheets/template.js');
  if (!xlsx) process.stdout.write(templateCsv());
  else if (process.stdout.isTTY) throw new UserError('a workbook is no text; redirect it: ledger import template --xlsx > template.xlsx');
  else process.stdout.write(await templateXlsx());
}

function party(text: string): Party {
  const [role, organisation = '', ...more] = text.split(':');
  if ((role !== 'ministry' && role !== 'finance') || !codePattern.test(organisation) || more.length > 0)
    throw new InvalidArgumentError('It must be ministry or finance, a colon and a code, such as ministry:ministry-of-justice.');
  return { role, organisation };
}

/**
 * The command line: its commands, their options and help. The table in docs/reference.md is generated from it. Each command loads what it does when
 * it runs: `ledger token` answers at once, because it loads neither a web server nor a database.
 */
import { chmod, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { roles } from '../../libs/domain/vocabulary.js';
import type { EventLog } from '../../libs/event-log/ports.js';
import type { Configuration } from '../configuration.js';
import { declareEvidence } from './declare-evidence.js';
import { declareImports } from './declare-imports.js';
import { declareWitness } from './declare-witness.js';
import { declareReport } from './declare-report.js';
import {
  code,
  configured,
  dataOption,
  hostOption,
  jsonOption,
  lifetime,
  portOption,
  programmeOption,
  wholeNumber,
  type Place,
} from './options.js';
import { print, printJson, progressBar, table } from './output.js';

type KeyOptions = Place & { json?: true; programme?: string; new?: true; ifMissing?: true };

type VerifyCommandOptions = Place & { file?: string; heads?: string; programme?: string; json?: true };
async function withLog<T>(configuration: Configuration, use: (log: EventLog) => Promise<T>): Promise<T> {
  const { logToRead } = await import('./ledger-at.js');
  const log = await logToRead(configuration);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

async function serveEmbedded(configuration: Configuration, announce: (served: { url: string }) => Promise<void> | void): Promise<void> {
  const [{ serveUntilAsked }, { serve }] = await Promise.all([import('../service.js'), import('../standalone/serve.js')]);
  await serveUntilAsked(configuration, serve, announce);
}

/** The command line of an environment. */
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
      await serveEmbedded(configured(options, environment), ({ url }) => {
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
      const { demoInvitation, makeDemo } = await import('./commands/demo.js');
      await makeDemo(configuration, progressBar('Making the demo'));
      await serveEmbedded(configuration, async ({ url }) => {
        print(await demoInvitation(url, configuration));
      });
    });

  declareImports(program, environment);

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
      const [{ verify, verifyExport }, { statusOf, verdictInWords }, { readKeptHeads }] = await Promise.all([
        import('./commands/verify.js'),
        import('./commands/verdict-in-words.js'),
        import('./kept-heads-file.js'),
      ]);
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

  declareEvidence(program, environment);

  program
    .command('check')
    .description('prove a file of evidence, without a ledger; exit status 1 if it is wrong, 2 if it could not be checked')
    .argument('<file>', 'the evidence of an initiative')
    .addOption(
      new Option(
        '--key <line>',
        'a key that must have signed, as published; may be given again; by default those that the file names',
      ).argParser((line: string, before?: readonly string[]) => [...(before ?? []), line]),
    )
    .option('--against <url>', 'a ledger whose history must extend the one that the evidence is of')
    .addOption(jsonOption())
    .action(async (file: string, { key = [], against, json }: { key?: readonly string[]; against?: string; json?: true }) => {
      const { checkFile, comparedWithLedger, evidenceInWords, statusOfEvidence } = await import('./commands/check.js');
      const checked = await checkFile(file, key);
      const verdict = against === undefined ? checked : await comparedWithLedger(checked, against);
      if (json) printJson(verdict);
      else print(evidenceInWords(verdict));
      process.exitCode = statusOfEvidence(verdict);
    });

  program
    .command('backup')
    .description('copy the ledger as of now into another folder, even while it is served, and prove the chain of the copy')
    .argument('<folder>', 'the target folder; created if there is none, refused if it holds a ledger')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (folder: string, { json, ...options }: Place & { json?: true }) => {
      const { backUp } = await import('./commands/backup.js');
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
    .description(
      'rename the state store, the Merkle trees, what statements say and the read models, to keep them as evidence; the next start makes them again from the log',
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ json, ...options }: Place & { json?: true }) => {
      const { forgetCaches } = await import('./commands/forget-caches.js');
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
      const { exportRecords } = await import('./commands/export.js');
      await withLog(configured(options, environment), (log) =>
        exportRecords(log, { after, ...(programme !== undefined && { programme }) }, process.stdout),
      );
    });

  declareReport(program, environment, withLog);

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
        const { tokenFor } = await import('./commands/token.js');
        print(await tokenFor(configured(options, environment), { role, organisation: org, subject: sub ?? `${org}.${role}`, lifetime }));
      },
    );

  program
    .command('token-key')
    .description(
      'write the public half of the key that signs the ledger’s own tokens to a file: the TOKEN_KEY_FILE of services that accept them',
    )
    .argument('<file>', 'the target file; an existing one is replaced')
    .addOption(dataOption())
    .action(async (file: string, options: Place) => {
      const { ownPublicKey } = await import('../standalone/own-key.js');
      await writeFile(file, await ownPublicKey(configured(options, environment).DATA_DIR));
      // The services that accept tokens signed with the private half must read it.
      await chmod(file, 0o644);
    });

  program
    .command('key')
    .description('print the lines by which outsiders know the key that signs checkpoints, one for each programme')
    .addOption(programmeOption())
    .addOption(
      new Option('--new', 'make a key where there is none, at CHECKPOINT_KEY_FILE if it is set, and begin to remember what it signs'),
    )
    .addOption(new Option('--if-missing', 'with --new: leave a key that is there as it is').implies({ new: true }))
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ json, programme, new: make, ifMissing, ...options }: KeyOptions) => {
      const configuration = configured(options, environment);
      const { keyLines, newKey } = await import('./commands/key.js');
      if (make) {
        const { file, isNew } = await newKey(configuration, { ifMissing: ifMissing ?? false });
        if (json) printJson({ file });
        else print(`${file} holds the ${isNew ? 'new ' : ''}checkpoint key; only this account can read it`);
        return;
      }
      const lines = await keyLines(configuration, programme);
      if (json) printJson(lines);
      else print(lines.map(({ line }) => line).join('\n'));
    });

  declareWitness(program, environment);

  return program;
}

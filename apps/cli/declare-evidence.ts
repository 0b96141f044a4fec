/** Declares `ledger evidence`. */
import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { code, configured, dataOption, wholeNumber, type Place } from './options.js';
import { print, UserError } from './output.js';

type EvidenceCommandOptions = Place & { programme: string; initiative: string; statement?: number; out?: string };

export function declareEvidence(program: Command, environment: NodeJS.ProcessEnv): void {
  program
    .command('evidence')
    .description('make the file that proves the figures of an initiative without the ledger, even while it is served')
    .addOption(new Option('--programme <code>', 'the programme of the initiative').argParser(code).makeOptionMandatory())
    .addOption(new Option('--initiative <code>', 'the initiative').argParser(code).makeOptionMandatory())
    .addOption(new Option('--statement <position>', 'by the latest statement of this position or an earlier one').argParser(wholeNumber))
    .addOption(
      new Option('--out <file>', 'the target file, replaced if there is one; by default standard output, or evidence-….json on a terminal'),
    )
    .addOption(dataOption())
    .action(async ({ programme, initiative, statement, out, ...options }: EvidenceCommandOptions) => {
      const { evidenceFor } = await import('./commands/evidence.js');
      const asked = { programme, initiative, ...(statement !== undefined && { statement }) };
      const { name, bytes, keys } = await evidenceFor(configured(options, environment), asked);
      const file = out ?? (process.stdout.isTTY ? name : undefined);
      if (file === undefined) {
        process.stdout.write(bytes);
        return;
      }
      await writeFile(file, bytes).catch((cause: unknown) => {
        throw new UserError(`${file} can't be written: ${Error.isError(cause) ? cause.message : String(cause)}`, { cause });
      });
      print(
        `${file} holds the evidence, with payees and senders. Check it without the ledger:\n\nledger check ${file} ${keys.map((key) => `--key ${key}`).join(' ')}`,
      );
    });
}

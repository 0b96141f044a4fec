/** Declares `ledger witness`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { configured, hostOption, jsonOption, portOption, type Place } from './options.js';
import { print, printJson, UserError } from './output.js';

type WitnessCommandOptions = Omit<Place, 'data'> & {
  of: string;
  keys: string;
  name: string;
  folder: string;
  replay?: true;
  tokenFile?: string;
  every: number;
  json?: true;
};

export function declareWitness(program: Command, environment: NodeJS.ProcessEnv): void {
  program
    .command('witness')
    .description(
      'cosign the checkpoints of a ledger that somebody else runs, and nothing that contradicts what was cosigned before; Ctrl-C ends it',
    )
    .addOption(new Option('--of <address>', 'the address of the ledger').argParser(address).makeOptionMandatory())
    .addOption(new Option('--keys <file>', 'the lines that `ledger key` prints where the ledger runs').makeOptionMandatory())
    .addOption(
      new Option('--name <name>', 'the name to cosign under, such as chamber.example/witness, never changed')
        .argParser(keyName)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--folder <folder>', 'the folder of the witness: keys, what they cosigned, copies of records').default('data/witness'),
    )
    .addOption(new Option('--replay', 'download and fold every record too, and cosign with a second key what was folded soundly'))
    .addOption(new Option('--token-file <file>', 'a file with an auditor’s token, read anew each time; --replay needs it'))
    .addOption(new Option('--every <seconds>', 'seconds between two looks at the ledger').argParser(seconds).default(10))
    .addOption(hostOption())
    .addOption(portOption().default('7380'))
    .addOption(jsonOption())
    .action(async ({ of, keys, name, folder, replay, tokenFile, every, json, ...place }: WitnessCommandOptions) => {
      if (replay && tokenFile === undefined)
        throw new UserError(
          '--replay needs --token-file: records are given to auditors alone; `ledger token --role auditor` prints a token where the ledger runs',
        );
      const { keysIn, runWitness, witnessInWords } = await import('./commands/witness.js');
      const settings = { of, keys: await keysIn(keys), name, folder, replay: replay === true, every: every * 1_000 };
      await runWitness({ ...settings, ...(tokenFile !== undefined && { tokenFile }) }, configured(place, environment), (witness) => {
        const { url, witnesses } = witness;
        if (json) printJson({ url, witnesses });
        else print(witnessInWords(witness));
      });
    });
}

function address(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError('It must be an address such as https://ledger.example, without a name, a password or a query.');
  return text.replace(/\/+$/, '');
}
function keyName(text: string): string {
  if (!/^[^+\s]{1,200}$/u.test(text))
    throw new InvalidArgumentError('It must be a name such as chamber.example/witness, without spaces or a +.');
  return text;
}
function seconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds, of at least 1.');
  return Number(text);
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { verifierLine, verifierOf } from '../../../libs/proof/notes/signed-note.js';
import { makeProgram } from '../program.js';
import { keysIn, witnessInWords } from './witness.js';

const folder = mkdtempSync(join(tmpdir(), 'ledger-witness-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = join(folder, 'keys');
const keyOf = (name: string) => verifierOf({ name, key: generateKeyPairSync('ed25519').privateKey });
const [one, other] = [keyOf('ledger.example/p'), keyOf('ledger.example/q')];

describe('the file of a ledger’s keys', () => {
  it('has a line for each key; comments and empty lines are ignored', async () => {
    writeFileSync(file, `# as published\n\n${verifierLine(one)}\r\n  ${verifierLine(other)}`);
    expect((await keysIn(file)).map(({ name }) => name)).toEqual(['ledger.example/p', 'ledger.example/q']);
  });

  it.each([
    ['', `--keys: ${file} has no key; put the lines in it that \`ledger key\` prints where the ledger runs`],
    ['ledger.example/p', `--keys: line 1 of ${file}: a key must be written as name+number+key, with an Ed25519 key in base64`],
    [
      `\n${verifierLine(one, 'witness')}`,
      `--keys: line 2 of ${file}: the key ledger.example/p is that of a witness, and that of a log is needed`,
    ],
    [
      verifierLine(keyOf('ledger.example/..')),
      `--keys: line 1 of ${file}: the key’s name must be a host and a programme, such as ledger.example/digital`,
    ],
  ])('is refused if it is %j', async (text, why) => {
    writeFileSync(file, text);
    await expect(keysIn(file)).rejects.toThrow(why);
  });

  it('is named in the error if it does not exist', async () => {
    await expect(keysIn(join(folder, 'none'))).rejects.toThrow(/^--keys: .*none can't be read \(ENOENT.*; name a file with the lines/);
  });
});

describe('ledger witness', () => {
  const parse = async (...args: string[]) => {
    const program = makeProgram({});
    for (const command of [program, ...program.commands]) command.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(['witness', ...args], { from: 'user' });
  };
  const needed = ['--of', 'https://ledger.example', '--keys', file, '--name', 'chamber.example/w'];
  it.each([
    [['--of', 'ledger.example'], 'It must be an address such as https://ledger.example'],
    [['--of', 'https://user:word@ledger.example'], 'It must be an address such as https://ledger.example'],
    [['--name', 'chamber of accounts'], 'It must be a name such as chamber.example/witness, without spaces or a +.'],
    [['--every', '0'], 'It must be a whole number of seconds, of at least 1.'],
    [['--replay'], '--replay needs --token-file: records are given to auditors alone'],
  ])('refuses %j', async (args, why) => {
    await expect(parse(...needed, ...args)).rejects.toThrow(why);
  });

  it('prints the lines of its keys, and what each stands for', () => {
    const running = {
      url: 'http://127.0.0.1:7380',
      witnesses: [
        { line: 'one', url: 'http://127.0.0.1:7380', replays: false },
        { line: 'two', url: 'http://127.0.0.1:7380/replay', replays: true },
      ],
      stop: () => Promise.resolve(),
    };
    expect(witnessInWords(running)).toBe(
      [
        'The witness is at http://127.0.0.1:7380',
        '',
        'It cosigns what extends what it cosigned before, at http://127.0.0.1:7380:',
        'one',
        '',
        'It cosigns what it has folded itself, at http://127.0.0.1:7380/replay:',
        'two',
      ].join('\n'),
    );
  });
});

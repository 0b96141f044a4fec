import { globSync } from 'node:fs';
import { leftToServices } from './jest.config.mjs';

/** Names at the end what `npm test` did not run, and the commands that do. */
export default function nameWhatWasNotRun() {
  const left = leftToServices.map(({ what, why, specs }) => {
    const count = globSync(specs).length;
    return `  npm run test:services   ${what}, which ${why} (${count} ${count === 1 ? 'file' : 'files'})`;
  });
  const fuzz = '  npm run fuzz            requests that nobody would send, which need Python and schemathesis';
  process.stderr.write(`${['', '', 'Not run:', ...left, fuzz].join('\n')}\n`);
}

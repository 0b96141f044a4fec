import { globSync } from 'node:fs';
import { browserSpecs, leftToServices, proofSpecs } from './jest.config.mjs';

/** Names at the end what `npm test` did not run, and the commands that do. */
export default function nameWhatWasNotRun() {
  const counted = (specs) => {
    const count = globSync(specs).length;
    return `(${count} ${count === 1 ? 'file' : 'files'})`;
  };
  const left = leftToServices.map(({ what, why, specs }) => `  npm run test:services   ${what}, which ${why} ${counted(specs)}`);
  const browser = `  npm run test:browser    the pages as people see and use them, which need Chromium, Java 17 and Maven ${counted(browserSpecs)}`;
  const proof = `  npm run test:proof      proof by other people’s code, which needs Go, Python and Chromium ${counted(proofSpecs)}`;
  const fuzz = '  npm run fuzz            requests that nobody would send, which need Python and schemathesis';
  process.stderr.write(`${['', '', 'Not run:', ...left, browser, proof, fuzz].join('\n')}\n`);
}

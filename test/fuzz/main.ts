/**
 * `npm run fuzz`: calls every route in every role with requests that its OpenAPI document allows, and many that it does not, by schemathesis
 * (https://schemathesis.readthedocs.io). Only answers of the document, in their schema, pass; no 500. `SCHEMATHESIS` names its command.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startLedger, temporaryFolder } from '../support/ledger-process.js';
import { clientsFor, fundInitiative } from '../support/programme.js';

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
const here = fileURLToPath(new URL('../../../test/fuzz/', import.meta.url));
const command = process.env['SCHEMATHESIS'] ?? 'schemathesis';

const folder = await temporaryFolder();
const ledger = await startLedger(folder.path);
let failed = false;
try {
  const clients = await clientsFor(ledger.url, folder.path);
  // The examples of the document name existing data.
  await fundInitiative(clients, '600000000', 'digital-kyrgyzstan', 'e-notary');
  // A stream of changes does not end.
  const endless = ['--exclude-path-regex', '/changes$'];
  for (const [role, { token }] of Object.entries(clients)) {
    console.log(`as ${role}`);
    const options = ['--phases', 'examples,coverage,fuzzing', '--max-examples', process.env['FUZZ_EXAMPLES'] ?? '25', '--warnings', 'off'];
    const headers = token === undefined ? [] : ['-H', `authorization: Bearer ${token}`];
    const run = spawn(
      command,
      [
        '--config-file',
        `${here}schemathesis.toml`,
        'run',
        `${ledger.url}/openapi.json`,
        ...options,
        ...endless,
        ...headers,
        '--checks',
        checks.join(','),
      ],
      { stdio: 'inherit', cwd: folder.path, env: { ...process.env, SCHEMATHESIS_HOOKS: `${here}ndjson.py` } },
    );
    await once(run, 'close');
    failed ||= run.exitCode !== 0;
  }
} finally {
  await ledger.stop();
  await folder.remove();
}
if (failed) process.exitCode = 1;

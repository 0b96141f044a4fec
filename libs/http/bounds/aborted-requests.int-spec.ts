import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { trusted } from '../../trusted/trusted.js';

/** A server whose client leaves before the answer, in a process of its own: the traces of Node's own errors follow settings that a test can't reach. */
const program = `
  import { once } from 'node:events';
  import { createServer } from 'node:http';
  import { connect } from 'node:net';
  import { forgoTracesOfAborted } from '${pathToFileURL(resolve('dist/libs/http/bounds/aborted-requests.js')).href}';
  const server = createServer();
  forgoTracesOfAborted(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(server.address().port, '127.0.0.1');
  client.write('GET / HTTP/1.1\\r\\nhost: ledger\\r\\n\\r\\n');
  const [request] = await once(server, 'request');
  const failed = new Promise((resolve) => request.once('error', resolve));
  const closed = once(request.socket, 'close');
  client.destroy();
  const { code, stack } = await failed;
  await closed;
  console.log(JSON.stringify({ code, stack, later: new Error('later').stack }));
  server.close();
`;

describe('a request whose client is gone before the answer', () => {
  it('fails with an error that has no stack trace, while later errors have one', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    const { code, stack, later } = trusted<{ code: string; stack: string; later: string }>(JSON.parse(stdout));
    expect({ code, stack }).toEqual({ code: 'ECONNRESET', stack: 'Error: aborted' });
    expect(later).toContain('\n    at ');
  });
});

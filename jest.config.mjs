import { readFileSync } from 'node:fs';

// The build leaves specs out; here they are what is compiled.
const { exclude: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Layers by name: `.spec` is pure, `.int-spec` has a real database, `.e2e-spec` starts the real processes, `.browser-spec` looks at their pages. */
const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.tsx?$': ['@swc/jest', { ...swc, swcrc: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker-tmp/'],
};
const layer = (displayName, suffix) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/{apps,libs,test,bench}/**/*.${suffix}.{ts,tsx}`],
});

/** What `npm test` leaves to `npm run test:services`, and why. */
export const leftToServices = [
  {
    what: 'Kafka, MongoDB and the services on both',
    why: 'need Java 17 and Maven',
    specs: ['libs/**/kafka/*.int-spec.ts', 'libs/**/mongodb/*.int-spec.ts', 'test/distributed/*.e2e-spec.ts'],
  },
  { what: 'power loss', why: 'needs strace', specs: ['test/power-loss.e2e-spec.ts'] },
  { what: '50 kills one after another and 10,000 simulated histories', why: 'take minutes', specs: ['test/thorough/*.e2e-spec.ts'] },
];

/** What `npm test` leaves to `npm run test:browser`. */
export const browserSpecs = 'test/browser/*.browser-spec.ts';

/** What `npm test` leaves to `npm run test:proof`. */
export const proofSpecs = 'test/proof/*.e2e-spec.ts';

/** Every spec. The one limit of time is the runner's: it ends what hangs, on a machine that has much else to do. */
export default {
  projects: [layer('unit', 'spec'), layer('integration', 'int-spec'), layer('end-to-end', 'e2e-spec'), layer('browser', 'browser-spec')],
  testTimeout: 600_000,
  testSequencer: '<rootDir>/jest.sequencer.mjs',
};

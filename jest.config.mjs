import { readFileSync } from 'node:fs';

// The build leaves specs out; here they are what is compiled.
const { exclude: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Three layers by name: `.spec` is pure, `.int-spec` has a real database, `.e2e-spec` starts the real processes. */
const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker-tmp/'],
};
const layer = (displayName, suffix) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/{apps,libs,test,bench}/**/*.${suffix}.ts`],
});

export default {
  projects: [layer('unit', 'spec'), layer('integration', 'int-spec'), layer('end-to-end', 'e2e-spec')],
  testTimeout: 60_000,
};

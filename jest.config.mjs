/** Three layers by name: `.spec` is pure, `.int-spec` has a real database, `.e2e-spec` starts the real processes. */
const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { exclude: [] }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker-tmp/'],
};
const layer = (displayName, suffix, testTimeout) => ({
  ...shared,
  displayName,
  testMatch: [`<rootDir>/{apps,libs,test,bench}/**/*.${suffix}.ts`],
});

export default {
  projects: [layer('unit', 'spec'), layer('integration', 'int-spec'), layer('end-to-end', 'e2e-spec')],
  testTimeout: 60_000,
};

// Mutation testing of the domain: `npm run mutation`. Results and survivors: docs/mutation-testing.md.
export default {
  packageManager: 'npm',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'jest.mutation.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  mutate: ['libs/domain/**/*.ts', '!libs/domain/**/*.spec.ts', '!libs/domain/testing/**'],
  ignorePatterns: ['dist', 'data', 'coverage', 'reports', 'bench', 'docs', 'test'],
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  concurrency: 2,
  thresholds: { high: 95, low: 90, break: 90 },
};

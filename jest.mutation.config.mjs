import config from './jest.config.mjs';

// The given/when/then specs alone: random sequences take too long for hundreds of mutants.
const [unit] = config.projects;
export default { ...unit, testMatch: ['<rootDir>/libs/domain/**/*.spec.ts'], testPathIgnorePatterns: ['properties\\.spec\\.ts$'] };

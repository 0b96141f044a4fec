import all, { proofSpecs } from './jest.config.mjs';

const [project] = all.projects;

/** `npm run test:proof`: verifiers that share no code with the ledger read it. */
export default {
  ...all,
  projects: [{ ...project, displayName: 'proof', testMatch: [`<rootDir>/${proofSpecs}`] }],
};

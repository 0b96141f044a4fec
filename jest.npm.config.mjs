import all, { browserSpecs, leftToServices, proofSpecs } from './jest.config.mjs';

const leftOut = [...leftToServices.flatMap(({ specs }) => specs), browserSpecs, proofSpecs].map((pattern) => `!**/${pattern}`);

/** `npm test`: what needs npm alone. */
export default {
  ...all,
  projects: all.projects.map((project) => ({ ...project, testMatch: [...project.testMatch, ...leftOut] })),
  // Half of the specs wait for processes and disks most of the time.
  maxWorkers: '100%',
  globalTeardown: '<rootDir>/jest.not-run.mjs',
};

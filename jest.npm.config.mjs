import all, { leftToServices } from './jest.config.mjs';

const leftOut = leftToServices.flatMap(({ specs }) => specs.map((pattern) => `!**/${pattern}`));

/** `npm test`: what needs npm alone. */
export default {
  ...all,
  projects: all.projects.map((project) => ({ ...project, testMatch: [...project.testMatch, ...leftOut] })),
  globalTeardown: '<rootDir>/jest.not-run.mjs',
};

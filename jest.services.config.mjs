import all, { leftToServices } from './jest.config.mjs';

const [project] = all.projects;

/** `npm run test:services`: what `npm test` leaves to it. */
export default {
  ...all,
  projects: leftToServices.map(({ what, specs }) => ({
    ...project,
    displayName: what,
    testMatch: specs.map((pattern) => `<rootDir>/${pattern}`),
  })),
};

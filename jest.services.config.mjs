import all, { leftToServices } from './jest.config.mjs';

const [project] = all.projects;

/** `npm run test:services`: what `npm test` leaves to it. */
export default {
  ...all,
  // They wait for servers half of the time.
  maxWorkers: '100%',
  projects: leftToServices.map(({ what, specs }) => ({
    ...project,
    displayName: what,
    testMatch: specs.map((pattern) => `<rootDir>/${pattern}`),
  })),
};

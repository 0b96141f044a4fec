import all, { browserSpecs } from './jest.config.mjs';

const [project] = all.projects;

/** `npm run test:browser`: a real browser looks at the pages of real processes. */
export default {
  ...all,
  // They wait for pages most of the time.
  maxWorkers: '100%',
  projects: [{ ...project, displayName: 'browser', testMatch: [`<rootDir>/${browserSpecs}`] }],
};

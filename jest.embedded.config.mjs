import all from './jest.config.mjs';

/** What runs without Java: everything but the specs that need Kafka or MongoDB. */
export default {
  ...all,
  projects: all.projects.map((project) => ({
    ...project,
    testPathIgnorePatterns: ['/kafka/.*int-spec', '/mongodb/.*int-spec', '/test/distributed/'],
  })),
};

import all from './jest.config.mjs';

/** What runs without Java and strace: everything but the specs that need Kafka, MongoDB or recorded system calls. */
export default {
  ...all,
  projects: all.projects.map((project) => ({
    ...project,
    testPathIgnorePatterns: ['/kafka/.*int-spec', '/mongodb/.*int-spec', '/test/distributed/', '/test/power-loss'],
  })),
};

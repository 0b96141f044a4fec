import Sequencer from '@jest/test-sequencer';

/** The specs that take longest, which a fresh clone can't know: begun last, one of them would keep a single core busy at the end. */
const longest = [
  'distributed/faults',
  'thorough/',
  'distributed/twin',
  'distributed/operating',
  'browser/standards',
  'browser/screenshots',
  'browser/keyboard',
  'event-log/sqlite/damaged-states',
  'test/simulation/',
  'cli/commands/verify.int',
  'test/load',
  'test/import',
  'test/kill',
  'test/secrets',
  'test/shortened-ledger',
  'test/worst-reads',
  'test/faults',
];

/** Specs of real processes first, the longest before all; then as jest orders them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const rank = ({ path }) => {
      const known = longest.findIndex((part) => path.includes(`/${part}`));
      if (known >= 0) return known;
      return /\.e2e-spec\.ts$/.test(path) ? longest.length : longest.length + 1;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

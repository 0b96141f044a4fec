/** Dependencies point one way: apps → http, web → application → command-processing, projections, proof → ports → domain. */
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only('no-cycles', 'a cycle has no direction', {}, { circular: true, dependencyTypesNot: ['type-only'] }),
    only(
      'domain-is-pure',
      'the domain imports nothing from outside itself',
      { path: '^libs/domain/', pathNot: 'spec\\.ts$|/testing/' },
      { pathNot: '^libs/domain/' },
    ),
    only(
      'ports-know-the-domain-alone',
      'ports and adapters know nothing of what is built on them',
      { path: '^libs/(event-log|read-models)/', pathNot: 'spec\\.ts$' },
      { path: '^(apps|libs/(command-processing|projections|application|http|web))/' },
    ),
    only(
      'processing-is-below-application',
      'what decides and what folds know nothing of the buses above them',
      { path: '^libs/(command-processing|projections)/' },
      { path: '^(apps|libs/(application|http|web))/' },
    ),
    only(
      'proof-reads-the-log-alone',
      'what proves the history reads the log, and knows nothing of what decides or folds it',
      { path: '^libs/proof/', pathNot: 'spec\\.ts$|/testing/' },
      { path: '^(apps|libs/(command-processing|projections|read-models|application|http|web))/' },
    ),
    only(
      'proofs-need-no-ledger',
      'trees and signed notes are checked without a log or a store',
      { path: '^libs/proof/(tree|notes)/', pathNot: 'spec\\.ts$' },
      { path: '^(apps|libs)/', pathNot: '^libs/proof/(tree|notes)/' },
    ),
    only(
      'application-is-below-http',
      'queries and commands know nothing of HTTP',
      { path: '^libs/application/' },
      { path: '^(apps|libs/(http|web))/' },
    ),
    only(
      'processing-does-not-project',
      'what decides does not read the read models',
      { path: '^libs/command-processing/', pathNot: 'spec\\.ts$' },
      { path: '^libs/(projections|read-models)/' },
    ),
    only(
      'pages-ask-queries',
      'pages ask the queries that programs ask, and touch no log, store or processor',
      { path: '^libs/web/', pathNot: 'spec\\.ts$' },
      { path: '^libs/(command-processing|event-log/(?!record)|read-models/(?!find|ports))/' },
    ),
    only(
      'http-knows-no-pages',
      'the interface for programs works without pages',
      { path: '^libs/(?!web/)', pathNot: 'spec\\.ts$' },
      { path: '^libs/web/' },
    ),
    only('http-is-below-apps', 'libraries know nothing of the apps', { path: '^libs/' }, { path: '^apps/' }),
    only(
      'ports-not-adapters',
      'what is built on the ports takes any adapter',
      { path: '^libs/(command-processing|projections|application|http|web)/', pathNot: 'spec\\.ts$|/testing/' },
      { path: '^libs/(event-log|read-models|proof)/(sqlite|memory|kafka|mongodb)/' },
    ),
    only(
      'sqlite-behind-its-rooms',
      'SQLite is touched in its own room, in the sorted runs and in three adapters',
      { pathNot: '^libs/(sqlite|sorted-runs)/|^libs/(event-log|read-models|proof)/sqlite/|^(test|bench)/' },
      { path: '^(node:)?sqlite$' },
    ),
    only(
      'spreadsheets-know-commands-alone',
      'a sheet becomes commands without HTTP, a command line or a ledger',
      { path: '^libs/spreadsheets/', pathNot: 'spec\\.ts$|/testing/' },
      { path: '^(apps/|libs/(?!spreadsheets/|domain/|currencies/|trusted/))' },
    ),
    only(
      'workbooks-in-one-folder',
      'what reads and writes XLSX is known in one folder',
      { pathNot: '^libs/spreadsheets/' },
      { path: '^(node_modules/)?(hucre|fflate)(/|$)' },
    ),
    only(
      'shared-floors-know-nothing-above',
      'what is shared by rooms knows none of them',
      { path: '^libs/(sqlite|sorted-runs|kafka-client|async|currencies|trusted)/', pathNot: 'spec\\.ts$' },
      { path: '^(apps/|libs/(?!sqlite/|sorted-runs/|kafka-client/|async/|currencies/|trusted/))' },
    ),
    only(
      'kafka-in-two-folders',
      'Kafka is touched in its client and its adapter',
      { pathNot: '^libs/(kafka-client|event-log/kafka)/|^(services|test|bench)/' },
      { path: '^(node_modules/)?kafkajs' },
    ),
    only(
      'kafkajs-inside-in-one-folder',
      'how kafkajs looks inside is known in one folder',
      { pathNot: '^libs/kafka-client/|spec\\.ts$' },
      { path: '^(node_modules/)?kafkajs/src' },
    ),
    only(
      'mongodb-in-two-folders',
      'MongoDB is touched in two adapters',
      { pathNot: '^libs/(read-models|proof)/mongodb/|^(services|test|bench)/' },
      { path: '^(node_modules/)?(mongodb|bson)' },
    ),
    only('no-unresolved', 'an import leads somewhere', {}, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};

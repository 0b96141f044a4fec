/** Every text about proof, in ICU MessageFormat: at the foot of pages, beside figures, and on the page that explains it. A missing key fails to compile. */
export const en = {
  checkpoint: 'Checkpoint',
  checkpointRecords: '{count, plural, one {# record} other {# records}}',
  checkpointRoot: 'root {root}…',
  checkpointSigned: 'signed {moment}',
  checkpointCosigned: 'cosigned by {name}, {moment}',
  checkpointCosignedMore: 'and {count} more',
  checkpointNotCosigned: 'not cosigned by any witness',

  prove: 'Prove this',
  proveNothing: 'There is nothing yet to prove it with: no checkpoint is signed, or it cannot be read now.',
  proveInitiative:
    'The statement of position {position}, recorded {moment}, says what the entries of each initiative up to there add up to in each fiscal year. The file of evidence proves it without the ledger. Later entries are not in it.',
  proveProgramme:
    'The statement of position {position}, recorded {moment}, says what all entries of the programme up to there add up to in each fiscal year. Later entries are not in it.',
  proveByEntries:
    'No statement says this figure by itself. It follows from the entries that add up to it, and the checkpoint covers every entry up to position {position}.',
  proveEvidence: 'Evidence of this initiative',
  proveEvidenceFor: 'needs the token of an auditor or an admin',
  proveRecord: 'Record of the statement',
  proveStatement: 'The statement whole',
  proveCheckpoint: 'The checkpoint with its signatures',
  proveCheck: 'Check a file of evidence',
  proveMeans: 'What this proves, and what it does not',

  proofTitle: 'What can be proved, and what cannot',
  proofLead: 'Somebody runs this ledger, and you need not take their word for it. Here is, in plain words, what you can check yourself.',
  proofWords: 'Four words',
  checkpointIs:
    'A short text that the ledger signs, at most once a second. It has the number of records, and one fingerprint of all of them together: the root.',
  checkpointShows: 'It shows: if you keep it, nobody can change, remove or add to the records that it covers without your noticing.',
  checkpointNot: 'It does not show that a record is true, or that everybody is shown the same checkpoint.',
  witness: 'Witness',
  witnessIs:
    'Somebody else, such as an audit chamber or a newspaper. A witness remembers the last checkpoint that it signed, and signs the next one only if that continues it.',
  witnessShows: 'It shows: everybody who trusts this witness sees the same history.',
  witnessNot: 'It does not show that the records are true. Some witnesses also add up all records again; ask whether this one does.',
  statement: 'Statement',
  statementIs:
    'A record in which the ledger says what all entries up to one position add up to, for the programme and for each initiative. Usually one is made on each day on which something was recorded.',
  statementShows: 'It shows: what the ledger said then. It cannot take that back.',
  statementNot:
    'It does not show that the sums are right. A false statement can be signed. Then it stays for everybody to see, and an auditor who adds up the records finds it out.',
  evidence: 'Evidence',
  evidenceIs:
    'One file with all entries of an initiative, the statement and the checkpoint. Auditors can download it. It names payees and senders.',
  evidenceShows:
    'It shows: these are all of the initiative’s entries up to the statement, none is changed, and these are the figures that they add up to. You can check that without the ledger and without a network.',
  evidenceNot: 'It does not show what was recorded later, or whether what an entry says really happened.',
  proofToDo: 'Three things that you can do',
  keepCheckpoint:
    'Keep this checkpoint: save the file, or print the root in your newspaper. Later it tells whether the history was changed.',
  askEvidence: 'Ask the audit chamber for evidence of an initiative, and check the file yourself.',
  askWitness: 'Ask the audit chamber whether it runs a witness, and what its name and its key are. Then look for that name below.',
  checkpointNow: 'The checkpoint now',
  checkpointNone: 'No checkpoint is signed yet, or it cannot be read now.',
  records: 'Records',
  root: 'Root',
  signed: 'Signed',
  ledgerKey: 'The ledger’s key',
  ledgerKeyCompare:
    'Compare this line with the one that is published beside the budget law. Whoever could replace the history could replace the line here as well.',
  witnesses: 'Witnesses that cosigned it',
  cosignedAt: 'Cosigned',
  noWitness: 'No witness has cosigned it: nobody else vouches that everybody is shown the same history.',
  statements: 'The latest statements',
  statementDocuments: 'Documents',
  statementsNone: 'No statement is published yet.',
} as const;

export type ProofKey = keyof typeof en;
export type ProofMessages = { readonly [K in ProofKey]: string };

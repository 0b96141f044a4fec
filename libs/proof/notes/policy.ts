/** Policies (C2SP tlog-policy): the signatures that a checkpoint needs, in a file that the ledger, its witnesses and their readers share. */
import { ProofRefused, verifierIn, type Verifier } from './signed-note.js';

/** A log by its key, and its address if the file names one. */
export type PolicyLog = { verifier: Verifier; url?: string };
/** A witness under the name that it has in the file alone. It takes checkpoints at `<url>/add-checkpoint`. */
export type PolicyWitness = { name: string; verifier: Verifier; url?: string };
/** One witness, or a number of the members of a group. */
type Rule = PolicyWitness | { needed: number; of: readonly Rule[] };

export type Policy = {
  logs: readonly PolicyLog[];
  witnesses: readonly PolicyWitness[];
  /** Absent if no cosignature is needed. */
  quorum?: Rule;
};

/** The content of the lines before the quorum is known. */
type Read = { logs: PolicyLog[]; witnesses: PolicyWitness[]; rules: Map<string, Rule>; members: Set<string>; quorum?: Rule | 'none' };

/** Reads a policy. @throws {ProofRefused} the message names the line, and says what would be right */
export function policyIn(text: string): Policy {
  const read: Read = { logs: [], witnesses: [], rules: new Map(), members: new Set() };
  for (const [at, line] of text.split('\n').entries())
    try {
      readLine(line, read);
    } catch (cause) {
      if (!(cause instanceof ProofRefused)) throw cause;
      throw new ProofRefused(`line ${at + 1} of the policy: ${cause.message}`, { cause });
    }
  const { logs, witnesses, quorum } = read;
  if (quorum === undefined) throw new ProofRefused('the policy must say whose cosignatures are needed: quorum <name>, or quorum none');
  return { logs, witnesses, ...(quorum !== 'none' && { quorum }) };
}

/** Whether the cosignatures are those that the policy needs. */
export function isSatisfied({ quorum }: Policy, hasCosigned: (witness: PolicyWitness) => boolean): boolean {
  const holds = (rule: Rule): boolean =>
    'needed' in rule ? rule.of.filter((member) => holds(member)).length >= rule.needed : hasCosigned(rule);
  return quorum === undefined || holds(quorum);
}

function readLine(line: string, read: Read): void {
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line))
    throw new ProofRefused('no control characters but tabs and newlines may stand in it');
  const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
  if (keyword === undefined || keyword.startsWith('#')) return;
  const reader = readers.get(keyword);
  if (!reader) throw new ProofRefused(`it begins with ${keyword}, and not with ${[...readers.keys()].join(', ')} or #`);
  reader(words, read);
}

const readers: ReadonlyMap<string, (words: readonly string[], read: Read) => void> = new Map([
  ['log', readLog],
  ['witness', readWitness],
  ['group', readGroup],
  ['quorum', readQuorum],
]);

function readLog([key, url, ...more]: readonly string[], { logs }: Read): void {
  if (key === undefined || more.length > 0) throw new ProofRefused('write log <key> [<address>]');
  const verifier = verifierIn(key);
  refuseSecond(verifier, logs);
  logs.push({ verifier, ...addressIn(url) });
}

function readWitness([name, key, url, ...more]: readonly string[], { witnesses, rules }: Read): void {
  if (name === undefined || key === undefined || more.length > 0) throw new ProofRefused('write witness <name> <key> [<address>]');
  const witness = { name, verifier: verifierIn(key, 'witness'), ...addressIn(url) };
  refuseSecond(witness.verifier, witnesses);
  define(name, witness, rules);
  witnesses.push(witness);
}

function readGroup([name, least, ...members]: readonly string[], { rules, members: taken }: Read): void {
  if (name === undefined || least === undefined || members.length === 0)
    throw new ProofRefused('write group <name> all|any|<number> <name>…, with a member at least');
  const of = members.map((member) => {
    const rule = rules.get(member);
    if (!rule) throw new ProofRefused(`${member} is no witness or group of a line above`);
    if (taken.has(member)) throw new ProofRefused(`${member} is a member already, and may be one once`);
    taken.add(member);
    return rule;
  });
  const needed = least === 'all' ? of.length : least === 'any' ? 1 : /^[1-9]\d{0,3}$/.test(least) ? Number(least) : 0;
  if (needed < 1 || needed > of.length)
    throw new ProofRefused(`of ${of.length} members all, any or 1 to ${of.length} are needed, not ${least}`);
  define(name, { needed, of }, rules);
}

function readQuorum([name, ...more]: readonly string[], read: Read): void {
  if (name === undefined || more.length > 0) throw new ProofRefused('write quorum <name>, or quorum none');
  if (read.quorum !== undefined) throw new ProofRefused('there is one quorum already');
  const quorum = name === 'none' ? name : read.rules.get(name);
  if (!quorum) throw new ProofRefused(`${name} is no witness or group of a line above`);
  read.quorum = quorum;
}

function define(name: string, rule: Rule, rules: Map<string, Rule>): void {
  if (name === 'none' || rules.has(name)) throw new ProofRefused(`the name ${name} is taken`);
  rules.set(name, rule);
}

function refuseSecond({ name, publicKey }: Verifier, known: readonly { verifier: Verifier }[]): void {
  if (known.some(({ verifier }) => Buffer.compare(verifier.publicKey, publicKey) === 0))
    throw new ProofRefused(`the key of ${name} is in the policy already`);
}

function addressIn(text: string | undefined): { url?: string } {
  if (text === undefined) return {};
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new ProofRefused(`an address must be one such as https://witness.example, without a name, a password or a query, not ${text}`);
  return { url: text.replace(/\/+$/, '') };
}

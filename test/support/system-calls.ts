/** Reads a process's changes to the files of a folder, and its receipts to clients, from the system calls that strace recorded. */
export type Call =
  | { did: 'create'; file: string }
  | { did: 'remove'; file: string }
  | { did: 'write'; file: string; at: number; bytes: Buffer }
  | { did: 'truncate'; file: string; length: number }
  /** A sync of a file, or of the folder's list of files. When it is done, all changes before call `began` are on the disk. */
  | { did: 'sync'; file: string; began: number }
  | { did: 'acknowledge'; position: number; hash: string };

/** The arguments with which strace records what {@link callsIn} reads. */
export function straceInto(file: string): string[] {
  const writing = ['pwrite64', 'pwritev', 'pwritev2', 'ftruncate', 'fallocate', 'fsync', 'fdatasync', 'sync_file_range', 'write', 'writev'];
  const naming = ['openat', '?unlink', 'unlinkat', '?rename', '?renameat', 'renameat2', '?link', 'linkat'];
  const only = `trace=${[...writing, ...naming].join(',')}`;
  return ['-f', '-qq', '-y', '-xx', '-s', '1000000', '-e', only, '-e', 'signal=none', '-o', file];
}

/** The end of a line whose call had not returned: a later line reports its return after a call of another thread, or the process ended first. */
const notBack = / *<(?:unfinished|detached) \.\.\.>$/;

/**
 * The recorded calls on a folder's files, in order. A call interrupted by another thread's takes two lines and happens with the second; a call during
 * which the process ended has done nothing.
 */
export function callsIn(trace: string, folder: string): Call[] {
  const calls: Call[] = [];
  const unfinished = new Map<string, { line: string; began: number }>();
  for (const told of trace.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/s.exec(told) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest);
    const begun = resumed && unfinished.get(pid);
    if (notBack.test(rest)) {
      const line = rest.replace(notBack, '');
      unfinished.set(pid, { line, began: calls.length });
      // From here on a waiting client may have its answer.
      calls.push(...acknowledgedIn(line));
      continue;
    }
    unfinished.delete(pid);
    const line = begun ? begun.line + (resumed[1] ?? '') : rest;
    const call = fileCallIn(line, folder, begun?.began ?? calls.length);
    if (call) calls.push(call);
    else if (!begun) calls.push(...acknowledgedIn(line));
  }
  return calls;
}

/** @throws {Error} a call changes the folder in a way that this parser does not know */
function fileCallIn(line: string, folder: string, began: number): Call | undefined {
  const [name = ''] = /^\w+/.exec(line) ?? [];
  const file = fileIn(line);
  // Left out: the shared-memory file, which SQLite rebuilds from the write-ahead file; daily heads, which are written for others to keep; and calls that
  // failed or never returned, which have done nothing.
  if (!file.startsWith(folder) || file.endsWith('-shm') || file.startsWith(`${folder}/heads`) || / = (?:-\d+ |\?)/.test(line))
    return undefined;
  switch (name) {
    case 'openat':
      if (line.includes('O_TRUNC')) throw new Error(`${file} is emptied, and nobody knows how that outlasts a power loss`);
      return line.includes('O_CREAT') ? { did: 'create', file } : undefined;
    case 'unlink':
      return { did: 'remove', file };
    case 'pwrite64': {
      const [, escaped = '', length = '-1', at = '0', written] = /, "((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)\) += (\d+)$/.exec(line) ?? [];
      const bytes = bytesOf(escaped);
      if (bytes.length !== Number(length) || length !== written) throw new Error(`a write was not recorded whole: ${line.slice(-80)}`);
      return { did: 'write', file, at: Number(at), bytes };
    }
    case 'ftruncate':
      return { did: 'truncate', file, length: Number(/, (\d+)\)/.exec(line)?.[1]) };
    case 'fsync':
    case 'fdatasync':
      return { did: 'sync', file, began };
    default:
      throw new Error(`${name} changes ${file}, and nobody knows how that outlasts a power loss`);
  }
}

/** The file of a call: by its open descriptor, or by the last path that it names. */
function fileIn(line: string): string {
  const [, open] = /^\w+\(\d+<([^>]*)>/.exec(line) ?? [];
  const named = open ?? [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].at(-1)?.[1] ?? '';
  return named.startsWith('\\x') ? bytesOf(named).toString() : named;
}

/** The receipts in a write to a socket. */
function acknowledgedIn(line: string): Call[] {
  if (!line.startsWith('write')) return [];
  const text = [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, escaped]) => bytesOf(escaped ?? '').toString()).join('');
  return [...text.matchAll(/"position":(\d+),"hash":"([0-9a-f]{64})"/g)].map(([, position, hash]) => ({
    did: 'acknowledge',
    position: Number(position),
    hash: hash ?? '',
  }));
}

/** The bytes of a string, of which strace escapes every byte. */
function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
}

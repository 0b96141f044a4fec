/** Programs that npm does not install. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The option that prints the version of each, and the Debian package that provides it. */
const tools = {
  java: { version: '-version', debian: 'openjdk-17-jdk-headless' },
  mvn: { version: '-version', debian: 'maven' },
  strace: { version: '-V', debian: 'strace' },
} as const;
export type Tool = keyof typeof tools;

/** A program is missing. The message says in one line what to install, and what works without it. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing';
}

/** Names all missing programs at once. @throws {ToolsMissing} */
export async function checkTools(purpose: string, needed: readonly Tool[]): Promise<void> {
  const lacking = await Promise.all(needed.map(async (tool) => ((await isThere(tool)) ? [] : [tool])));
  const missing = lacking.flat();
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tools[tool].debian).join(' ');
  throw new ToolsMissing(
    `${purpose} ${missing.join(', ')}: install the missing ones of Java 17, Maven and strace (Debian: apt install ${packages}); "npm test" runs the tests that need npm alone`,
  );
}

function isThere(tool: Tool): Promise<boolean> {
  return run(tool, [tools[tool].version]).then(
    () => true,
    () => false,
  );
}

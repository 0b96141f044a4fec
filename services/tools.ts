/** Programs that are not installed by npm. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How each is asked for its version, and the Debian package that has it. */
const tools = {
  java: { version: '-version', debian: 'openjdk-17-jdk-headless' },
  mvn: { version: '-version', debian: 'maven' },
  strace: { version: '-V', debian: 'strace' },
} as const;
export type Tool = keyof typeof tools;

/** A program is not there. The message says in one line what to install, and what works without. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing';
}

/** Names everything that is missing at once. @throws {ToolsMissing} */
export async function checkTools(purpose: string, needed: readonly Tool[]): Promise<void> {
  const lacking = await Promise.all(needed.map(async (tool) => ((await isThere(tool)) ? [] : [tool])));
  const missing = lacking.flat();
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tools[tool].debian).join(' ');
  throw new ToolsMissing(
    `${purpose} ${missing.join(', ')}: install Java 17, Maven and strace as far as they are missing (Debian: apt install ${packages}); "npm test" tests what needs npm alone`,
  );
}

function isThere(tool: Tool): Promise<boolean> {
  return run(tool, [tools[tool].version]).then(
    () => true,
    () => false,
  );
}

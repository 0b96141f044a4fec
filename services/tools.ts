/** Programs that npm does not install. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The option that prints the version of each, its name, and the Debian package that provides it. */
const tools = {
  java: { version: '-version', called: 'Java 17', debian: 'openjdk-17-jdk-headless' },
  mvn: { version: '-version', called: 'Maven', debian: 'maven' },
  strace: { version: '-V', called: 'strace', debian: 'strace' },
  go: { version: 'version', called: 'Go', debian: 'golang-go' },
  python3: { version: '--version', called: 'Python 3 with its venv', debian: 'python3-venv' },
  chromium: { version: '--version', called: 'Chromium, or name it with CHROMIUM', debian: 'chromium' },
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
  const names = new Intl.ListFormat('en').format(missing.map((tool) => tools[tool].called));
  throw new ToolsMissing(
    `${purpose} ${missing.join(', ')}: install ${names} (Debian: apt install ${packages}); "npm test" runs the tests that need npm alone`,
  );
}

/** The browser of the tests: the program that CHROMIUM names, else `chromium` on the PATH. */
export function chromium(): string {
  const { CHROMIUM } = process.env;
  return CHROMIUM === undefined || CHROMIUM === '' ? 'chromium' : CHROMIUM;
}

function isThere(tool: Tool): Promise<boolean> {
  return run(tool === 'chromium' ? chromium() : tool, [tools[tool].version]).then(
    () => true,
    () => false,
  );
}

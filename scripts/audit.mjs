/**
 * Asks the registry for known vulnerabilities in what is installed. A finding fails; a registry that has no such service
 * (a mirror, a machine without network) can't be asked, which is said loudly and fails nothing.
 */
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--audit-level=high', '--json'], { encoding: 'utf8', shell: process.platform === 'win32' });
let report;
try {
  report = JSON.parse(stdout);
} catch {
  report = { message: 'npm audit gave no report' };
}
if (!report.metadata) {
  console.warn(`dependency audit: NOT DONE, the registry did not answer (${report.message ?? report.error?.summary ?? 'no reason given'})`);
} else {
  const { critical, high, moderate, low } = report.metadata.vulnerabilities;
  console.log(`dependency audit: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low`);
  for (const [name, { severity, via }] of Object.entries(report.vulnerabilities))
    console.log(`  ${severity} ${name}: ${via.map((item) => (typeof item === 'string' ? item : item.title)).join('; ')}`);
  if (critical + high > 0) process.exit(1);
}

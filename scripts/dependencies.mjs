/**
 * Holds what is installed to what was chosen: the lock file names one checked version of everything, and no address it came from; what ships has a
 * licence that lets a public body use and change it. Writes the list of what ships as CycloneDX (https://cyclonedx.org) to reports/sbom.cdx.json.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const licences = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
]);
const faults = [];
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** A package of its own, and what its lock file says. @returns how many packages are locked */
function checkLocked(folder) {
  const { dependencies, devDependencies, allowScripts } = json(`${folder}package.json`);
  const { packages } = json(`${folder}package-lock.json`);
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`${folder}package.json: ${name} ${version} is no exact version`);
    if (packages[`node_modules/${name}`]?.version !== version) faults.push(`${folder}package-lock.json: ${name} is not at ${version}`);
  }
  for (const [path, { integrity, resolved, optional, hasInstallScript }] of Object.entries(packages)) {
    if (path === '') continue;
    // Binaries for other platforms are never fetched where the lock file is made.
    if (!integrity && !optional) faults.push(`${folder}package-lock.json: ${path} has no integrity`);
    if (resolved) faults.push(`${folder}package-lock.json: ${path} names where it came from`);
    if (hasInstallScript && !(path.slice('node_modules/'.length) in allowScripts))
      faults.push(`${folder}package-lock.json: ${path} runs a script when it is installed, which package.json neither allows nor forbids`);
  }
  return Object.keys(packages).length - 1;
}
const locked = checkLocked('') + checkLocked('bench/emmett/');

const { stdout, stderr, status } = spawnSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--loglevel=error'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === 'win32',
});
if (status !== 0) faults.push(`npm sbom: ${stderr}`);
else {
  mkdirSync('reports', { recursive: true });
  writeFileSync('reports/sbom.cdx.json', stdout);
  const { components } = JSON.parse(stdout);
  for (const { name, version, licenses = [] } of components) {
    const named = licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression);
    // Of a choice, one is enough.
    const offered = named.flatMap((one) => one.replaceAll(/[()]/g, '').split(' OR '));
    if (!offered.some((one) => one.split(' AND ').every((part) => licences.has(part))))
      faults.push(`${name} ${version} is under ${named.join(', ') || 'no licence that it names'}`);
  }
  console.log(`dependencies: ${locked} locked, ${components.length} ship, listed in reports/sbom.cdx.json`);
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

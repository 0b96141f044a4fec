/** Writes the policy of verifiers/check-evidence.html: the hashes of its own style and scripts, and nothing else. Run it after each change of them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'verifiers/check-evidence.html';
const page = readFileSync(file, 'utf8');
const hashes = (element) =>
  [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))].map(
    ([, inside]) => `'sha256-${createHash('sha256').update(inside).digest('base64')}'`,
  );
const policy = [
  "default-src 'none'",
  `style-src ${hashes('style').join(' ')}`,
  `script-src ${hashes('script').join(' ')}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
writeFileSync(
  file,
  page.replace(/(<meta\s+http-equiv="content-security-policy"\s+content=")[^"]*/, (_, before) => before + policy),
);

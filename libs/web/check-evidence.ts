/** The page that checks evidence, as people save it to a disk. It is one file, in which nothing is made on the server. */
import { existsSync, readFileSync } from 'node:fs';

/** Seen from the sources, and from the build. */
const places = ['../../', '../../../'].map((up) => new URL(`${up}verifiers/check-evidence.html`, import.meta.url));

function pageText(): string {
  const place = places.find((one) => existsSync(one));
  if (!place) throw new Error(`there is no page that checks evidence at ${places.map(({ pathname }) => pathname).join(' or ')}`);
  return readFileSync(place, 'utf8');
}

/** The page's bytes as text. */
export const checkEvidencePage = pageText();

/** The policy in the page itself, which holds for a saved copy too: no address may be loaded, and only its own scripts and styles run. */
export const checkEvidencePolicy =
  /http-equiv="content-security-policy"\s+content="([^"]+)"/.exec(checkEvidencePage)?.[1] ?? "default-src 'none'";

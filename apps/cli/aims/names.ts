/** Makes codes and ids that the ledger accepts from published names. The same name always gives the same code. */
import { createHash } from 'node:crypto';
import { codePattern, idPattern } from '../../../libs/domain/vocabulary.js';

const longestCode = 64;

/** The first `digits` hex digits of the SHA-256 over the parts. */
export function digest(parts: readonly string[], digits: number): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits);
}

/** A name in the letters of a code: `Kreditanstalt für Wiederaufbau` → `kreditanstalt-fur-wiederaufbau`; may be empty. */
function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The slug with a short hash, for names whose slug alone is not unique or not a code. */
function hashed(name: string, fallback: string): string {
  const start =
    slug(name)
      .slice(0, longestCode - 9)
      .replace(/-+$/, '') || fallback;
  return `${start}-${digest([name], 8)}`;
}

/** An authority's code: the slug of its name, with a short hash if the name is too long or not ASCII. */
export function authorityCode(name: string): string {
  const plain = slug(name);

  return /^[\x20-\x7e]+$/.test(name) && codePattern.test(plain) ? plain : hashed(name, 'authority');
}

/**
 * The initiatives' codes by project id: the id in lower case if that is a code, else a slug with a short hash.
 * Ids that differ only in case would share a code, so they get the hash as well.
 */
export function initiativeCodes(projectIds: Iterable<string>): Map<string, string> {
  const ids = [...new Set(projectIds)];
  const sharing = new Map<string, number>();
  for (const id of ids) sharing.set(id.toLowerCase(), (sharing.get(id.toLowerCase()) ?? 0) + 1);
  return new Map(
    ids.map((id) => {
      const code = id.toLowerCase();
      return [id, codePattern.test(code) && sharing.get(code) === 1 ? code : hashed(id, 'project')];
    }),
  );
}

/** The id of a movement of money: the published one if the ledger accepts it, else its hash. */
export function movementId(published: string): string {
  return idPattern.test(published) ? published : `aims-${digest([published], 40)}`;
}

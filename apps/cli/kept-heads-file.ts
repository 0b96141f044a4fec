/** Reads kept heads from a file: the JSON of `GET /heads`, of `ledger verify --json`, or a daily file of the ledger. */
import { readFile } from 'node:fs/promises';
import { codePattern } from '../../libs/domain/vocabulary.js';
import type { KeptHead } from '../../libs/projections/kept-heads.js';
import { UserError } from './output.js';

/** @throws {UserError} it can't be read, or holds no heads */
export async function readKeptHeads(file: string): Promise<KeptHead[]> {
  const heads = headsIn(parsed(await read(file), file));
  if (!heads)
    throw new UserError(`${file} holds no heads: it must be the JSON of GET /heads, {"items":[{"programme":…,"position":…,"hash":…}]}`);
  return heads;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${file} can't be read: ${Error.isError(cause) ? cause.message : String(cause)}`, { cause });
  }
}
function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} holds no JSON: it must be the answer of GET /heads`, { cause });
  }
}

function headsIn(value: unknown): KeptHead[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const items: unknown = 'items' in value ? value.items : 'heads' in value ? value.heads : undefined;
  if (!Array.isArray(items)) return undefined;
  const heads = items.map(headIn);
  return heads.every((head) => head !== undefined) ? heads : undefined;
}

function headIn(item: unknown): KeptHead | undefined {
  if (typeof item !== 'object' || item === null || !('programme' in item) || !('position' in item) || !('hash' in item)) return undefined;
  const { programme, position, hash } = item;
  if (typeof programme !== 'string' || !codePattern.test(programme)) return undefined;
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 1) return undefined;
  return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? { programme, position, hash } : undefined;
}

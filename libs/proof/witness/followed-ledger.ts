/** A ledger as a witness reads it: checkpoints, tiles and, for auditors, records. */
import { tilePath, type TileAddress } from '../tree/tiles.js';
import { linesIn } from './lines.js';
import { bytesWithin, textWithin } from './over-http.js';

export interface FollowedLedger {
  /** The checkpoint of a programme; `undefined` if it has none. @throws {Error} it can't be had now */
  checkpoint(programme: string): Promise<string | undefined>;
  /** The first hashes of a tile, as many as its width. @throws {Error} the ledger does not have them, or can't be read now */
  tile(programme: string, address: TileAddress): Promise<Uint8Array>;
  /** The records of a programme after a position, in their exact bytes. @throws {Error} they can't be had now, or not with this token */
  records(programme: string, after: number, signal: AbortSignal): AsyncIterable<Buffer>;
}

/** Milliseconds for an answer but records, which are as long as the history. */
const patience = 10_000;
/** The most bytes of a checkpoint, and of a tile. */
const longest = { checkpoint: 65_536, tile: 8_192 } as const;

/** The ledger at an address. `token` gives the token that it is read with, anew for each request; without it, only public answers are read. */
export function ledgerOverHttp(address: string, token: () => Promise<string | undefined>): FollowedLedger {
  const get = async (path: string, signal: AbortSignal) => {
    const bearer = await token();
    return fetch(`${address}/programmes/${path}`, {
      redirect: 'error',
      signal,
      headers: { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
    });
  };
  return {
    async checkpoint(programme) {
      const response = await get(`${programme}/checkpoint`, AbortSignal.timeout(patience));
      const text = await textWithin(response, longest.checkpoint);
      if (response.status === 404) return undefined;
      if (response.status !== 200 || text === undefined) throw unexpected('checkpoint', response.status, text);
      return text;
    },
    async tile(programme, tile) {
      const path = tilePath(tile);
      const response = await get(`${programme}/tile/${path}`, AbortSignal.timeout(patience));
      if (response.status !== 200) throw unexpected(`tile ${path}`, response.status, await textWithin(response, longest.tile));
      const bytes = await bytesWithin(response, longest.tile);
      if (!bytes) throw new Error(`the ledger's tile ${path} has more than ${longest.tile} bytes`);
      return bytes;
    },
    async *records(programme, after, signal) {
      const response = await get(`${programme}/records?after=${after}`, signal);
      if (response.status !== 200 || !response.body)
        throw unexpected('records', response.status, await textWithin(response, longest.checkpoint));
      yield* linesIn(response.body);
    },
  };
}

function unexpected(what: string, status: number, text = ''): Error {
  if (status === 401 || status === 403)
    return new Error(`the ledger gives its ${what} to nobody without a token of an auditor that is still valid (${status})`);
  return new Error(`the ledger answered ${status} for its ${what}: ${text.slice(0, 200)}`);
}

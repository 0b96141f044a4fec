import { hashLength } from '../hashing.js';
import type { ReadTile, Tile } from '../tiles.js';

/** Tiles of one tree, kept in memory. */
export class TilesInMemory {
  private readonly tiles = new Map<string, Uint8Array>();

  put(tiles: readonly Tile[]): void {
    for (const { level, index, hashes } of tiles) this.tiles.set(`${level}/${index}`, Uint8Array.from(hashes));
  }

  readonly read: ReadTile = ({ level, index, width }) => {
    const hashes = this.tiles.get(`${level}/${index}`);
    if (!hashes || hashes.length < width * hashLength) return Promise.reject(new Error(`there is no tile ${level}/${index} of ${width}`));
    return Promise.resolve(hashes.subarray(0, width * hashLength));
  };
}

/** Queries about proof: the checkpoint of a programme, and the tiles of its tree. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { TileAddress } from '../../proof/tree/tiles.js';
import { servedCheckpoint } from '../../proof/witness/served-checkpoint.js';
import { checkpointShown, type CheckpointShown } from '../checkpoint-shown.js';
import { Proof } from '../proof.js';
import { RecentCheckpoints } from '../recent-checkpoints.js';

/** The newest checkpoint of a programme with the cosignatures that it needs, as its text; `undefined` if there is none. */
export class GetCheckpoint extends Query<string | undefined> {
  constructor(readonly programme: string) {
    super();
  }
}
@QueryHandler(GetCheckpoint)
export class GetCheckpointHandler implements IQueryHandler<GetCheckpoint> {
  constructor(private readonly proof: Proof) {}
  execute({ programme }: GetCheckpoint): Promise<string | undefined> {
    return this.proof.read(({ signed, cosigned }) => servedCheckpoint(programme, signed, cosigned));
  }
}

/** The same checkpoint in its parts, at most a second old; `undefined` also if it can't be read now, or not at once. */
export class GetRecentCheckpoint extends Query<CheckpointShown | undefined> {
  constructor(readonly programme: string) {
    super();
  }
}
@QueryHandler(GetRecentCheckpoint)
export class GetRecentCheckpointHandler implements IQueryHandler<GetRecentCheckpoint> {
  private readonly recent: RecentCheckpoints;
  constructor(proof: Proof) {
    this.recent = new RecentCheckpoints((programme) => proof.read((stores) => checkpointShown(programme, stores)));
  }
  execute({ programme }: GetRecentCheckpoint): Promise<CheckpointShown | undefined> {
    return this.recent.of(programme);
  }
}

/** The hashes of a tile; `undefined` if the tree has fewer there. */
export class GetTile extends Query<Uint8Array | undefined> {
  constructor(
    readonly programme: string,
    readonly address: TileAddress,
  ) {
    super();
  }
}
@QueryHandler(GetTile)
export class GetTileHandler implements IQueryHandler<GetTile> {
  constructor(private readonly proof: Proof) {}
  execute({ programme, address }: GetTile): Promise<Uint8Array | undefined> {
    return this.proof.read(({ trees }) => trees.tile(programme, address));
  }
}

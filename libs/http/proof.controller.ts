/** What outsiders check a programme's history with (C2SP tlog-checkpoint and tlog-tiles): signed heads and hashes, without payees or senders. */
import { applyDecorators, Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotAcceptableResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetCheckpoint, GetTile } from '../application/queries/proof.js';
import { tileAt, tileWidth } from '../proof/tree/tiles.js';
import { Readers, senderOf } from './access.js';
import { ProblemBody } from './dto/problem-body.js';
import { formOf } from './negotiation.js';
import { notFound } from './problem.js';
import { Described } from './routes.js';

const asText = 'text/plain; charset=utf-8';
const asBytes = 'application/octet-stream';

/** How long caches may keep an answer: a second for a checkpoint, a minute for a partial tile, which grows, and for ever a full one. */
const keeping = {
  checkpoint: 'public, max-age=1',
  partial: 'public, max-age=60',
  full: 'public, max-age=31536000, immutable',
} as const;

/** Describes 406. */
export const NotAcceptable = () =>
  ApiNotAcceptableResponse({ type: ProblemBody, description: 'The answer is not available in a form that accept names.' });

/** A route of tiles whose numbers have as many digits as the path has parts. */
function TileRoute(path: string): MethodDecorator {
  return applyDecorators(
    Get(`programmes/:programme/tile/:level/${path}`),
    Readers(),
    Described(
      'A tile of the programme’s Merkle tree (C2SP tlog-tiles): up to 256 hashes of 32 bytes, one after another. On level 0 they are hashes of leaves, ' +
        'and leaf n is the 32-byte hash of the record at position n + 1; on a level above each is the root of a full tile below. ' +
        'The number of a tile is written in parts of three digits, with an x before all but the last; a partial tile has .p after the last, and one more ' +
        'part with its width.',
      { path: `:programme/:level/${path}` },
    ),
    ApiProduces(asBytes),
    ApiOkResponse({
      description: 'The hashes. A full tile never changes; a partial one of the same width neither.',
      schema: { type: 'string', format: 'binary' },
      headers: { 'Cache-Control': { description: 'How long the tile may be kept.', schema: { type: 'string' } } },
    }),
    NotAcceptable(),
  );
}

@ApiTags('proof')
@Controller()
export class ProofController {
  constructor(private readonly bus: QueryBus) {}

  @Get('programmes/:programme/checkpoint')
  @Readers()
  @Described(
    'The programme’s checkpoint (C2SP tlog-checkpoint): a signed note with the origin, the number of records, and the root of the Merkle tree over them. ' +
      'It is signed at most once a second, and each extends the one before. Witnesses cosign it (C2SP tlog-cosignature): their lines follow the ledger’s. ' +
      'Where the ledger’s policy needs some of them, it is the newest that has them.',
    { path: ':programme' },
  )
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The signed note.', schema: { type: 'string' } })
  @NotAcceptable()
  async checkpoint(@Param('programme') programme: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    formOf(request, ['text/plain']);
    const note = await this.bus.execute(new GetCheckpoint(programme));
    if (note === undefined)
      throw notFound('no-checkpoint', `no checkpoint of ${programme} is signed: one is, within seconds of its first record`);
    await keep(request, reply, 'checkpoint').type(asText).send(note);
  }

  @TileRoute(':tile')
  tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply);
  }

  @TileRoute(':thousands/:tile')
  tileOfThousands(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply);
  }

  @TileRoute(':millions/:thousands/:tile')
  tileOfMillions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply);
  }

  @TileRoute(':billions/:millions/:thousands/:tile')
  tileOfBillions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply);
  }

  private async send(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    formOf(request, [asBytes]);
    const [, programme = '', path = ''] = /^\/programmes\/([^/]+)\/tile\/([^?]+)/.exec(request.url) ?? [];
    const address = tileAt(path);
    if (!address) throw notFound('no-such-tile', 'write a tile as level/number, such as 0/000, 0/x001/234 or 0/000.p/7');
    const hashes = await this.bus.execute(new GetTile(programme, address));
    if (!hashes)
      throw notFound(
        'no-such-tile',
        `the tree of ${programme} has no ${address.width} hashes there: its checkpoint says how many records it has`,
      );
    await keep(request, reply, address.width === tileWidth ? 'full' : 'partial')
      .type(asBytes)
      .send(hashes);
  }
}

/** Lets caches keep an answer that is for everybody; an answer to a token or a session is for its holder alone. */
function keep(request: FastifyRequest, reply: FastifyReply, what: keyof typeof keeping): FastifyReply {
  return senderOf(request) || reply.hasHeader('cache-control') ? reply : reply.header('cache-control', keeping[what]);
}

/** Queries about the requests of a programme: commands that wait for a second person, and what became of them. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Actor } from '../../domain/vocabulary.js';
import type { Total } from '../../projections/counts.js';
import type { RequestListing, RequestView } from '../../projections/requests/reads.js';
import type { Listed } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** A page of a programme's requests that the reader may see; `undefined` if there is no such programme. */
export class ListRequests extends Query<Answered<(Listed<RequestView> & Total) | undefined>> {
  constructor(
    readonly programme: string,
    readonly listing: RequestListing,
    readonly reader: Actor,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListRequests)
export class ListRequestsHandler implements IQueryHandler<ListRequests> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, listing, reader, asked }: ListRequests): Promise<Answered<(Listed<RequestView> & Total) | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('requests', programme, listing, reader, this.reading.clock()));
  }
}

/** One request; `undefined` if there is none that the reader may see. */
export class GetRequest extends Query<Answered<RequestView | undefined>> {
  constructor(
    readonly programme: string,
    readonly requestId: string,
    readonly reader: Actor,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetRequest)
export class GetRequestHandler implements IQueryHandler<GetRequest> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, requestId, reader, asked }: GetRequest): Promise<Answered<RequestView | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('request', programme, requestId, reader, this.reading.clock()));
  }
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReaderGone, type Asker } from '../projections/readers.js';
import { clientOf } from './client.js';

/** The client that sent a request. Its signal is aborted when the connection closes. Only reads that may take long ask for it, so it is made on demand. */
export class RequestAsker implements Asker {
  private gone: AbortController | undefined;
  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
  ) {}

  get client(): string {
    return clientOf(this.request);
  }
  get signal(): AbortSignal {
    const gone = (this.gone ??= this.untilClosed());
    return gone.signal;
  }

  private untilClosed(): AbortController {
    const gone = new AbortController();
    const { raw } = this.reply;
    if (raw.destroyed) gone.abort(new ReaderGone());
    else
      raw.once('close', () => {
        if (!raw.writableFinished) gone.abort(new ReaderGone());
      });
    return gone;
  }
}

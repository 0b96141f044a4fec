/** Rate limits: the units of cost that one client may use in a minute. */
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientOf, networkOf } from '../client.js';
import { isObject } from '../is-object.js';
import { problem, ProblemError } from '../problem.js';

/** Units per minute of a client without a token, identified by its network, and of one with an accepted token, identified by its organisation and subject. */
export type RateBudget = { withoutToken: number; withToken: number };

/** Bytes that cost one unit each beside the request itself. */
const bytesSentPerUnit = 1_024;
const bytesAnsweredPerUnit = 4_096;
/** A search, or a question about the past, costs `dearFactor` times as much as a plain request. Pages name the past `happened`, `known`, and `from`. */
const dearParameters: ReadonlySet<string> = new Set(['q', 'occurredBy', 'knownBy', 'happened', 'known', 'from']);
const dearFactor = 10;

/** The units that a request costs before it is served, by the names of its query parameters as the route reads them. `base` is the route's cost. */
export function costOf({ query }: Pick<FastifyRequest, 'query'>, base: number): number {
  const isDear = isObject(query) && Object.keys(query).some((name) => dearParameters.has(name));
  return isDear ? base * dearFactor : base;
}
/** The units that the bytes of a body cost. */
export function costOfBytes(bytes: number): number {
  return Math.floor(bytes / bytesSentPerUnit);
}
/** The units that an answer costs by its size. A stream is paid for by the cost of its route. */
export function costOfAnswer(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Math.floor(payload.length / bytesAnsweredPerUnit) : 0;
}

export class RateLimits {
  private readonly withoutToken: RateLimiterMemory;
  private readonly withToken: RateLimiterMemory;

  constructor({ withoutToken, withToken }: RateBudget) {
    const duration = 60;
    this.withoutToken = new RateLimiterMemory({ points: withoutToken, duration, keyPrefix: '' });
    this.withToken = new RateLimiterMemory({ points: withToken, duration, keyPrefix: '' });
  }

  /** Takes units from a client's minute. @throws {ProblemError} 429 with Retry-After if none are left */
  async charge(request: FastifyRequest, units: number): Promise<void> {
    if (units === 0) return;
    const limiter = request.sender ? this.withToken : this.withoutToken;
    try {
      await limiter.consume(clientOf(request), units);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooManyRequests(limiter, error);
    }
  }

  /** Checks that an address has units left, and takes none. @throws {ProblemError} 429 with Retry-After if none are left */
  async expectUnits({ ip }: FastifyRequest): Promise<void> {
    const used = await this.withoutToken.get(networkOf(ip));
    if (used && used.remainingPoints <= 0) throw tooManyRequests(this.withoutToken, used);
  }

  /** Takes units for work already done. */
  chargeAfterwards(request: FastifyRequest, units: number): void {
    // In memory this is synchronous; the promise exists for remote stores.
    void (request.sender ? this.withToken : this.withoutToken).penalty(clientOf(request), units);
  }
}

function tooManyRequests({ points }: RateLimiterMemory, { msBeforeNext }: RateLimiterRes): ProblemError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  const detail = `this client has used its ${points} units per minute; the cost of a request depends on its route and size; try again in ${seconds} s`;
  return new ProblemError(problem(429, 'too-many-requests', detail), { 'retry-after': String(seconds) });
}

import type { Provider, Type } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Proof } from '../application/proof.js';
import type { Reading } from '../application/reading.js';
import type { Commands } from '../command-processing/commands.js';
import type { RateBudget } from './bounds/rate-limits.js';
import type { Tables } from './csv-lists.js';
import type { LedgerMetrics } from './metrics.js';
import type { PageOfProblem } from './problem-filter.js';
import type { TokenVerifier } from './tokens.js';

/** The dependencies of the HTTP interface. */
export type Dependencies = {
  /** Takes commands; absent if this process takes none. */
  commands?: Commands;
  /** Answers queries; absent if this process answers none. */
  reading?: Reading;
  /** Gives checkpoints and tiles; absent if this process gives none. */
  proof?: Proof;
  /** Writes lists as CSV; if absent, this thread writes them. */
  tables?: Tables;
  /** Controllers of the pages, and what they need beside these dependencies; absent if this process shows none. */
  pages?: readonly Type[];
  pageProviders?: readonly Provider[];
  /** Tells people about errors on a page; if absent, every error is answered as problem details. */
  pageOfProblem?: PageOfProblem;
  tokens: Pick<TokenVerifier, 'actorOf' | 'remembered'>;
  metrics: LedgerMetrics;
  logger: Logger;
  /** Why requests can't be served now; `undefined` if they can. */
  notReady: () => Promise<string | undefined>;
  /** Makes a command id for a command without one. */
  newCommandId: () => string;
  limits: {
    /** The most bytes of the body of one command, and of a batch. */
    body: number;
    batchBody: number;
    /** Units that one client may use in a minute. */
    rate: RateBudget;
    /** Connections at a time; one client may have a quarter of them. */
    connections: number;
    /** The most bytes of bodies that are read or processed at a time; one organisation may have a quarter of them. */
    bodiesInFlight: number;
    /** The most bytes of answers that wait for their readers at a time. */
    answersInFlight: number;
    /** Addresses, or networks (CIDR), of proxies that are trusted to name the client. */
    trustedProxies: readonly string[];
    /** Milliseconds that a request may take to arrive. */
    requestTimeout: number;
  };
  publicReading: boolean;
  /** Origins whose pages may call the ledger (CORS); none if empty. */
  corsOrigins: readonly string[];
};
/** The injection token of {@link Dependencies}. */
export const dependenciesToken = Symbol('Dependencies');

import type { Type } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Reading } from '../application/reading.js';
import type { Commands } from '../command-processing/commands.js';
import type { RateBudget } from './bounds/rate-limits.js';
import type { Tables } from './csv-lists.js';
import type { LedgerMetrics } from './metrics.js';
import type { TokenVerifier } from './tokens.js';

/** What the HTTP side stands on. */
export type Dependencies = {
  /** Takes commands, where this process does. */
  commands?: Commands;
  /** Answers questions, where this process does. */
  reading?: Reading;
  /** Writes lists as CSV; in this thread where it is absent. */
  tables?: Tables;
  /** Controllers of the pages for people, where this process shows them. */
  pages?: readonly Type[];
  tokens: Pick<TokenVerifier, 'actorOf' | 'remembered'>;
  metrics: LedgerMetrics;
  logger: Logger;
  /** Why requests can't be served now, `undefined` where they can. */
  notReady: () => Promise<string | undefined>;
  /** A command id for a command that came without one. */
  newCommandId: () => string;
  limits: {
    /** Bytes of one command, and of a batch. */
    body: number;
    batchBody: number;
    /** Units that one client may use in a minute. */
    rate: RateBudget;
    /** Connections at a time; one client may have a quarter of them. */
    connections: number;
    /** Bytes of bodies that are read or worked on at a time; one organisation may have a quarter of them. */
    bodiesInFlight: number;
    /** Bytes of answers that wait for their readers at a time. */
    answersInFlight: number;
    /** Addresses, or networks (CIDR), of proxies that say truly for whom they ask. */
    trustedProxies: readonly string[];
    /** Milliseconds that a request may take to arrive. */
    requestTimeout: number;
  };
  publicReading: boolean;
  /** Origins whose pages may ask and send; none where empty. */
  corsOrigins: readonly string[];
};
/** Where controllers get their {@link Parts} from. */
export const dependenciesToken = Symbol('Parts');

import { isAbsolute, join } from 'node:path';
import type { Configuration } from '../configuration.js';

export type LedgerFiles = {
  log: string;
  models: string;
  states: string;
  /** Merkle trees: a cache. */
  trees: string;
  /** What the checkpoint key has signed: no cache. */
  signed: string;
  /** The documents of statements as folded last, and what each statement said: caches. */
  documents: string;
  statements: string;
  /** Heads with the cosignatures of witnesses, who cosign again what is lost. */
  cosigned: string;
};

/** The paths of a configuration's files. */
export function filesOf({ DATA_DIR, EVENT_LOG, READ_MODELS }: Pick<Configuration, 'DATA_DIR' | 'EVENT_LOG' | 'READ_MODELS'>): LedgerFiles {
  const fileIn = (address: string) => {
    const path = address.slice('sqlite:'.length);
    return isAbsolute(path) ? path : join(DATA_DIR, path);
  };
  const log = fileIn(EVENT_LOG);
  return {
    log,
    models: fileIn(READ_MODELS),
    states: `${log}.states`,
    trees: `${log}.trees`,
    signed: join(DATA_DIR, 'signed-heads.sqlite'),
    documents: `${log}.documents`,
    statements: `${log}.statements`,
    cosigned: join(DATA_DIR, 'cosigned-heads.sqlite'),
  };
}

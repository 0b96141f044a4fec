/** Metrics for operators, in the format of Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../command-processing/outcome.js';

const second = 1_000;

/** A process's own measurements; absent if it has no part in them. */
type Measures = {
  readonly lag?: () => { records: number; seconds: number };
  readonly partitions?: () => number;
  readonly notices?: () => Readonly<Record<string, number>>;
  /** Milliseconds since 1970; `undefined` if no checkpoint waits. */
  readonly uncosignedSince?: () => number | undefined;
};

export class LedgerMetrics {
  readonly registry = new Registry();
  private readonly commands = new Map<string, number>();
  private readonly refusals = new Map<string, number>();
  private readonly commandsByOrganisation = new Map<string, number>();
  private readonly bytesByOrganisation = new Map<string, number>();
  private readonly commitSeconds = new Histogram({
    name: 'ledger_commit_seconds',
    help: 'Time until an append was durable.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });
  private readonly commitCommands = new Histogram({
    name: 'ledger_commit_commands',
    help: 'Commands in one append.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers: [this.registry],
  });

  private readonly fences = new Counter({
    name: 'ledger_fences_total',
    help: 'Partitions of this process that another writer took over.',
    registers: [this.registry],
  });

  /**
   * All are called at each scrape: how far the read models are behind the log, how many partitions this process owns, how many notices of each kind are
   * open, and since when a checkpoint waits for the cosignatures that it needs.
   */
  constructor({ lag, partitions, notices, uncosignedSince }: Measures) {
    collectDefaultMetrics({ register: this.registry });
    this.countBy('outcome', 'ledger_commands_total', 'Commands answered, by outcome.', this.commands);
    this.countBy('code', 'ledger_refusals_total', 'Commands refused, by the rule that refused them.', this.refusals);
    this.countBy('organisation', 'ledger_organisation_commands_total', 'Commands sent, by organisation.', this.commandsByOrganisation);
    this.countBy('organisation', 'ledger_organisation_bytes_total', 'Bytes of bodies sent, by organisation.', this.bytesByOrganisation);
    if (lag) this.measureLag(lag);
    if (notices) this.measureNotices(notices);
    if (uncosignedSince)
      new Gauge({
        name: 'ledger_checkpoint_uncosigned_seconds',
        help: 'How long the newest checkpoint of a programme has waited for the cosignatures that the policy needs; 0 if none waits.',
        registers: [this.registry],
        collect() {
          const since = uncosignedSince();
          this.set(since === undefined ? 0 : (Date.now() - since) / second);
        },
      });
    if (partitions)
      new Gauge({
        name: 'ledger_partitions_owned',
        help: 'Partitions that this process owns.',
        registers: [this.registry],
        collect() {
          this.set(partitions());
        },
      });
  }

  /** Publishes counts by label at each scrape: a map is cheaper to count in than a labelled counter. */
  private countBy(label: string, name: string, help: string, counts: ReadonlyMap<string, number>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [word, count] of counts) this.inc({ [label]: word }, count);
      },
    });
  }

  private measureLag(lag: () => { records: number; seconds: number }): void {
    new Gauge({
      name: 'ledger_projection_lag_records',
      help: 'Entries of the log that the read models do not show yet.',
      registers: [this.registry],
      collect() {
        this.set(lag().records);
      },
    });
    new Gauge({
      name: 'ledger_projection_lag_seconds',
      help: 'Age in seconds of the oldest entry that the read models do not show yet.',
      registers: [this.registry],
      collect() {
        this.set(lag().seconds);
      },
    });
  }

  private measureNotices(notices: NonNullable<Measures['notices']>): void {
    new Gauge({
      name: 'ledger_open_notices',
      help: 'Open notices of all programmes, by kind, as last counted. Each replica counts them all: use max() over replicas, not sum().',
      labelNames: ['kind'],
      registers: [this.registry],
      collect() {
        const open = notices();
        this.reset();
        for (const [kind, count] of Object.entries(open)) this.set({ kind }, count);
      },
    });
  }

  answered(outcome: Outcome): void {
    count(this.commands, outcome.replayed ? 'replayed' : outcome.dryRun ? 'dry-run' : outcome.kind);
    if (outcome.kind === 'refused' && !outcome.replayed && !outcome.dryRun) count(this.refusals, outcome.code);
  }

  /** Counts bytes of bodies from an admitted sender of an organisation. */
  received(organisation: string, bytes: number): void {
    count(this.bytesByOrganisation, nameIn(this.bytesByOrganisation, organisation), bytes);
  }

  /** Counts commands from an admitted sender of an organisation. */
  submitted(organisation: string, commands: number): void {
    count(this.commandsByOrganisation, nameIn(this.commandsByOrganisation, organisation), commands);
  }

  /** Counts a partition that another writer took over. */
  fenced(): void {
    this.fences.inc();
  }

  /** Observes an append: its commands, and its duration in milliseconds. */
  committed({ commands, milliseconds }: { commands: number; milliseconds: number }): void {
    this.commitSeconds.observe(milliseconds / second);
    this.commitCommands.observe(commands);
  }
}

function count(counts: Map<string, number>, word: string, by = 1): void {
  counts.set(word, (counts.get(word) ?? 0) + by);
}

/** The most organisations counted by name; all others are counted together, so an issuer can't create labels without limit. */
const mostOrganisations = 1_000;
function nameIn(counts: ReadonlyMap<string, number>, organisation: string): string {
  return counts.has(organisation) || counts.size < mostOrganisations ? organisation : 'others';
}

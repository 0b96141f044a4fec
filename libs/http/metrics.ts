/** What an operator watches, for Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../command-processing/outcome.js';

const second = 1_000;

export class LedgerMetrics {
  readonly registry = new Registry();
  private readonly commands = new Counter({
    name: 'ledger_commands_total',
    help: 'Commands answered, by what became of them.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  private readonly refusals = new Counter({
    name: 'ledger_refusals_total',
    help: 'Commands refused, by the rule that refused them.',
    labelNames: ['code'],
    registers: [this.registry],
  });
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
    help: 'How often another writer took a partition from this process.',
    registers: [this.registry],
  });

  /** What is measured when it is asked for: how far the read models are behind the log, and which partitions are this process's. */
  constructor({ lag, partitions }: { lag?: () => { records: number; seconds: number }; partitions?: () => number }) {
    collectDefaultMetrics({ register: this.registry });
    if (lag) this.measureLag(lag);
    if (partitions)
      new Gauge({
        name: 'ledger_partitions_owned',
        help: 'Partitions that this process serves.',
        registers: [this.registry],
        collect() {
          this.set(partitions());
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
      help: 'How long the oldest of them has been in the log.',
      registers: [this.registry],
      collect() {
        this.set(lag().seconds);
      },
    });
  }

  answered(outcome: Outcome): void {
    this.commands.inc({ outcome: outcome.replayed ? 'replayed' : outcome.dryRun ? 'rehearsed' : outcome.kind });
    if (outcome.kind === 'refused' && !outcome.replayed && !outcome.dryRun) this.refusals.inc({ code: outcome.code });
  }

  /** Another writer took a partition over. */
  fenced(): void {
    this.fences.inc();
  }

  /** An append of so many commands took so many milliseconds. */
  committed({ commands, milliseconds }: { commands: number; milliseconds: number }): void {
    this.commitSeconds.observe(milliseconds / second);
    this.commitCommands.observe(commands);
  }
}

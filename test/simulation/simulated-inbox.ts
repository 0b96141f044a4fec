import { MemoryInboxes, type Member } from '../../libs/event-log/memory/memory-inbox.js';
import { InboxUnavailable, type Address, type Inbox, type Received, type Sent, type ServePartition } from '../../libs/event-log/ports.js';
import type { Scheduler, SimulatedProcess } from './scheduler.js';
import type { SimulatedLog } from './simulated-log.js';

/** The inbox and its owners, behind a network that delays assignments: for a while two processes may believe that they own a partition. */
export class SimulatedInboxes extends MemoryInboxes {
  private readonly processes = new Map<string, { process: SimulatedProcess; member: Member }>();
  private readonly serving = new Map<string, SimulatedProcess>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly log: SimulatedLog,
  ) {
    super(log.memory.partitions);
  }

  /** The inbox as a process sees it. */
  of(process: SimulatedProcess): Inbox {
    this.serving.set(process.name, process);
    const inner = this.as(process.name);
    return {
      partitions: inner.partitions,
      send: (sent) => this.send(process, inner, sent),
      own: (serve) => inner.own(this.delayed(process, serve)),
      close: () => inner.close(),
    };
  }

  override join(instance: string, member: Member): void {
    const process = this.serving.get(instance);
    if (!process) throw new Error(`${instance} has no process`);
    let latest: readonly number[] = [];
    const told: Member = {
      assign: (partitions) => {
        latest = partitions;
        void process.moment('hears what it owns').then(() => {
          for (const partition of latest) this.log.entitle(process, partition);
          member.assign(latest);
        });
      },
    };
    this.processes.set(instance, { process, member: told });
    super.join(instance, told);
  }

  override owns(instance: string, partition: number): boolean {
    const process = this.serving.get(instance);
    const owns = super.owns(instance, partition);
    if (owns && process) this.log.entitle(process, partition);
    return owns;
  }

  /** A process was silent for too long and loses its partitions to others. If it lives it finds out some time, and joins again. */
  lapse(instance: string): void {
    const known = this.processes.get(instance);
    this.leave(instance);
    if (!known?.process.alive) return;
    known.member.assign([]);
    void known.process.moment('comes back').then(() => {
      super.join(instance, known.member);
    });
  }

  private send(process: SimulatedProcess, inner: Inbox, sent: readonly Sent[]): Promise<Address[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Address[]>();
    const arrive = async () => {
      const fate = this.scheduler.choices.of(['kept', 'kept', 'kept', 'kept', 'kept', 'kept', 'lost', 'answer lost', 'doubled'] as const);
      this.scheduler.tell(`  it is ${fate}`);
      if (fate === 'lost') this.scheduler.inject('command lost');
      if (fate === 'doubled') this.scheduler.inject('command doubled');
      const addresses = fate === 'lost' ? [] : await inner.send(sent);
      if (fate === 'doubled') await inner.send(sent);
      await process.moment('hears that its commands are kept');
      if (fate === 'lost' || fate === 'answer lost') reject(new InboxUnavailable('the inbox can’t be reached'));
      else resolve(addresses);
    };
    process.send(`what ${process.name} sends arrives in the inbox`, () => void arrive());
    return promise;
  }

  private delayed(process: SimulatedProcess, serve: ServePartition): ServePartition {
    const { choices } = this.scheduler;
    async function* slowly(batches: AsyncIterable<Received[]>, partition: number, signal: AbortSignal): AsyncIterable<Received[]> {
      for await (const received of batches)
        for (let left = received; left.length > 0 && !signal.aborted;) {
          await process.moment(`takes commands of partition ${partition}`, partition);
          const count = left.length - choices.below(left.length);
          yield left.slice(0, count);
          left = left.slice(count);
        }
    }
    return (partition, commandsAfter, signal) => serve(partition, (after) => slowly(commandsAfter(after), partition, signal), signal);
  }
}

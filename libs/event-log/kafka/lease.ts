/** Who owns which partition: a consumer group that reads nothing. Writing is fenced by the log itself, so a lease never has to be exact, only to settle. */
import kafkajs, { type Consumer, type PartitionAssigner } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { assignmentOf } from '../assignment.js';
import { isPassing } from '../ports.js';
import type { KafkaConnection } from '../../kafka-client/connection.js';
import { withAdmin } from '../../kafka-client/admin.js';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

/** A member that is not heard of for so many milliseconds is taken for gone. */
const sessionTimeout = 10_000;
const heartbeatInterval = 500;
/** How long leaving the group may take, in milliseconds: well within the time that a process has to end. */
const leaveWithin = 3_000;
/** How often the coordinator is asked again who owns a partition, in milliseconds. */
const askEvery = 250;

export type LeaseOptions = {
  connection: KafkaConnection;
  /** The group's name; the topic that has the partitions. */
  groupId: string;
  topic: string;
  partitions: number;
  /** This process among its like: the same name gets the same partitions again. */
  instance: string;
  /** The group can't be joined any more: this process can't go on. */
  onLost: (error: Error) => void;
  /** Which partitions this process owns from now on. */
  onAssigned?: (partitions: readonly number[]) => void;
};
type Held = { stop: AbortController; ended: Promise<void> };

export class Lease {
  private readonly consumer: Consumer;
  private readonly held = new Map<number, Held>();
  private memberId = '';
  private closing: Promise<void> | undefined;
  private readonly closed = Promise.withResolvers<undefined>();

  constructor(private readonly options: LeaseOptions) {
    const { connection, groupId, instance, partitions, topic } = options;
    this.consumer = connection.client({ retries: 8, initialRetryTime: 100, maxRetryTime: 1_000 }).consumer({
      groupId,
      sessionTimeout,
      rebalanceTimeout: sessionTimeout,
      heartbeatInterval,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      partitionAssigners: [assignerBy(topic, partitions, { name: instance, since: Date.now() })],
      retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(!this.closing) },
    });
  }

  /** Serves what is assigned, as it comes and goes, until the lease is closed. */
  async hold(serve: (partition: number, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { consumer } = this;
    const { topic } = this.options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // Nothing is ever fetched through the group. This listener must not throw: the consumer would crash.
      consumer.pause([{ topic }]);
      this.memberId = payload.memberId;
      this.assign(payload.memberAssignment[topic] ?? [], serve);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart && !this.closing) this.options.onLost(payload.error);
    });
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await this.closed.promise;
    await this.closing;
  }

  /** Gives everything up, and leaves the group so that others take over at once. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    this.closed.resolve(undefined);
    return this.closing;
  }

  private async leave(): Promise<void> {
    for (const { stop } of this.held.values()) stop.abort();
    await Promise.all([...this.held.values()].map(({ ended }) => ended));
    // A coordinator that does not answer takes the member for gone by itself, once its session is over.
    await Promise.race([this.consumer.disconnect().catch(() => undefined), wait(leaveWithin, undefined, { ref: false })]);
  }

  private assign(partitions: readonly number[], serve: (partition: number, signal: AbortSignal) => Promise<void>): void {
    if (this.closing) return;
    for (const [partition, { stop }] of this.held) if (!partitions.includes(partition)) stop.abort();
    for (const partition of partitions) {
      const before = this.held.get(partition);
      // What was assigned all along goes on: the others were fenced off all the time.
      if (before && !before.stop.signal.aborted) continue;
      const stop = new AbortController();
      this.held.set(partition, { stop, ended: this.serveWhileOwned(partition, before?.ended, serve, stop) });
    }
    this.options.onAssigned?.(partitions);
  }

  private async serveWhileOwned(
    partition: number,
    before: Promise<void> | undefined,
    serve: (partition: number, signal: AbortSignal) => Promise<void>,
    stop: AbortController,
  ): Promise<void> {
    if (before) {
      await before;
      // It may have taken long to end, and been fenced by whoever owns the partition by now.
      await this.askWhoseItIs(partition, stop);
    }
    while (!stop.signal.aborted) {
      try {
        await serve(partition, stop.signal);
        return;
      } catch (error) {
        // Whoever serves has said what is wrong: this partition stands still, and the others go on.
        if (!isPassing(error)) return;
        // Two owners that both took the partition back would fence each other for ever.
        await this.askWhoseItIs(partition, stop);
      }
    }
  }

  /**
   * Asks the group's coordinator, once the group has settled, whether a partition is this process's; where it is not it is given up, so that it is
   * served again when it is assigned again.
   */
  private async askWhoseItIs(partition: number, stop: AbortController): Promise<void> {
    const { connection, groupId, topic } = this.options;
    while (!stop.signal.aborted) {
      const asked = this.memberId;
      try {
        const group = await withAdmin(connection, async (admin) => (await admin.describeGroups([groupId])).groups[0]);
        // Who joined meanwhile is somebody else to the coordinator than the answer knows of.
        if (group?.state === 'Stable' && asked === this.memberId) {
          const member = group.members.find(({ memberId }) => memberId === asked);
          if (!member || !assignedIn(member.memberAssignment, topic).includes(partition)) stop.abort();
          return;
        }
      } catch {
        // The coordinator can't be reached now: it is asked again.
      }
      await wait(askEvery, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
}

type Instance = { name: string; since: number };

/** Assigns by name; of two members with one name, as when one was killed and has come back, the later one counts. */
function assignerBy(topic: string, partitions: number, own: Instance): PartitionAssigner {
  return () => ({
    name: 'initiative-ledger',
    version: 1,
    protocol: ({ topics }) => ({
      name: 'initiative-ledger',
      metadata: MemberMetadata.encode({ version: 1, topics, userData: Buffer.from(JSON.stringify(own)) }),
    }),
    assign: ({ members }) => {
      const known = members.map(({ memberId, memberMetadata }) => ({ memberId, ...instanceIn(memberMetadata, memberId) }));
      const latest = new Map<string, (typeof known)[number]>();
      for (const member of known) if (member.since >= (latest.get(member.name)?.since ?? 0)) latest.set(member.name, member);
      const assigned = assignmentOf([...latest.keys()], partitions);
      return Promise.resolve(
        known.map(({ memberId, name }) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: 1,
            assignment: { [topic]: latest.get(name)?.memberId === memberId ? (assigned.get(name) ?? []) : [] },
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}

function instanceIn(metadata: Buffer, memberId: string): Instance {
  const unnamed = { name: memberId, since: 0 };
  const userData = MemberMetadata.decode(metadata)?.userData;
  if (!userData || userData.length === 0) return unnamed;
  const said: unknown = JSON.parse(userData.toString());
  if (typeof said !== 'object' || said === null || !('name' in said) || !('since' in said)) return unnamed;
  return typeof said.name === 'string' && typeof said.since === 'number' ? { name: said.name, since: said.since } : unnamed;
}

function assignedIn(assignment: Buffer, topic: string): number[] {
  return MemberAssignment.decode(assignment)?.assignment[topic] ?? [];
}

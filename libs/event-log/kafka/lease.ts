/**
 * Settles which process owns which partition, by a consumer group that reads nothing. The log itself fences writers, so two processes may hold one partition's
 * lease for a moment.
 */
import kafkajs, { type Consumer, type PartitionAssigner } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { assignmentOf } from '../assignment.js';
import { isPassing } from '../ports.js';
import type { KafkaConnection } from '../../kafka-client/connection.js';
import { withAdmin } from '../../kafka-client/admin.js';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

/** Time (ms) without a heartbeat after which the group drops a member. */
const sessionTimeout = 10_000;
const heartbeatInterval = 500;
/** The longest time for leaving the group, in milliseconds: well within the time that a process has to end. */
const leaveWithin = 3_000;
/** Interval (ms) for asking the coordinator again who owns a partition. */
const askEvery = 250;

export type LeaseOptions = {
  connection: KafkaConnection;
  /** The group's name, and the topic that has the partitions. */
  groupId: string;
  topic: string;
  partitions: number;
  /** The name of this process in the group: the same name gets the same partitions again. */
  instance: string;
  /** Called when the group can't be joined any more: this process can't go on. */
  onLost: (error: Error) => void;
  /** Called with the partitions that this process owns from now on. */
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

  /** Serves the assigned partitions, as they come and go, until the lease is closed. */
  async hold(serve: (partition: number, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { consumer } = this;
    const { topic } = this.options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // The group never fetches anything. This listener must not throw, or the consumer would crash.
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

  /** Gives up all partitions and leaves the group, so that others take over at once. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    this.closed.resolve(undefined);
    return this.closing;
  }

  private async leave(): Promise<void> {
    for (const { stop } of this.held.values()) stop.abort();
    await Promise.all([...this.held.values()].map(({ ended }) => ended));
    // A coordinator that does not answer drops the member by itself when its session times out.
    await Promise.race([this.consumer.disconnect().catch(() => undefined), wait(leaveWithin, undefined, { ref: false })]);
  }

  private assign(partitions: readonly number[], serve: (partition: number, signal: AbortSignal) => Promise<void>): void {
    if (this.closing) return;
    for (const [partition, { stop }] of this.held) if (!partitions.includes(partition)) stop.abort();
    for (const partition of partitions) {
      const before = this.held.get(partition);
      // A partition that stays assigned is served without a break: other processes were fenced all the time.
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
      // The former service may have taken long to end, and the partition may have another owner by now.
      await this.askWhoseItIs(partition, stop);
    }
    while (!stop.signal.aborted) {
      try {
        await serve(partition, stop.signal);
        return;
      } catch (error) {
        // The service has reported the error. This partition stops, and the others go on.
        if (!isPassing(error)) return;
        // Two owners that both took the partition back would fence each other for ever.
        await this.askWhoseItIs(partition, stop);
      }
    }
  }

  /**
   * Asks the group's coordinator, once the group has settled, whether this process owns a partition. If not, the partition is given up; it is served again
   * when it is assigned again.
   */
  private async askWhoseItIs(partition: number, stop: AbortController): Promise<void> {
    const { connection, groupId, topic } = this.options;
    while (!stop.signal.aborted) {
      const asked = this.memberId;
      try {
        const group = await withAdmin(connection, async (admin) => (await admin.describeGroups([groupId])).groups[0]);
        // A process that joins again gets a new member id, which an answer from before does not contain.
        if (group?.state === 'Stable' && asked === this.memberId) {
          const member = group.members.find(({ memberId }) => memberId === asked);
          if (!member || !assignedIn(member.memberAssignment, topic).includes(partition)) stop.abort();
          return;
        }
      } catch {
        // The coordinator can't be reached now; the next round asks it again.
      }
      await wait(askEvery, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
}

type Instance = { name: string; since: number };

/** Assigns partitions by name. Of two members with one name, as after a crash and restart, the later one counts. */
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

/** The injected faults. Each is counted, so that a run can show that all of them happened. */
export const faults = [
  'append failed before it was written',
  'append failed halfway',
  'append failed after it was written',
  'append of unknown outcome',
  'append came late',
  'log out of reach',
  'command lost',
  'command doubled',
  'command undecidable',
  'answer to a command lost',
  'owner paused',
  'owner replaced',
  'crash',
  'power loss',
  'clock jump',
  'clock a year ahead',
  'slow follower',
  'stale follower',
  'deliveries of partitions reordered',
  'projector paused or replaced',
  'state store out of reach',
  'read models out of reach',
  'documents half saved',
  'older read models put back',
] as const;
export type Fault = (typeof faults)[number];

/** The number of injections of each fault. */
export type FaultCounts = Record<Fault, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faults.map((fault) => [fault, 0])) as FaultCounts;
}
export function addFaults(to: FaultCounts, more: FaultCounts): void {
  for (const fault of faults) to[fault] += more[fault];
}

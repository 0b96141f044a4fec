/** A folder as a disk may hold it after a loss of power: everything that was synced, and any part of the rest. */
import type { Call } from './system-calls.js';

/** Disks write sectors, and the system's cache pages: a write may be torn between two of either. */
const sector = 512;
const page = 4_096;

/** A random number below a limit. */
export type Below = (limit: number) => number;
type Change = Extract<Call, { did: 'write' } | { did: 'truncate' }>;
type Pending = { index: number; call: Change };
type PendingName = { index: number; name: string; file: LossyFile | undefined };

export class LossyDisk {
  /** The files by name, as the process sees them, and as a power loss leaves them. */
  private readonly seen: Map<string, LossyFile>;
  private readonly kept: Map<string, LossyFile>;
  private names: PendingName[] = [];
  private calls = 0;

  /** `files` are on the disk at the beginning. */
  constructor(
    private readonly folder: string,
    files: ReadonlyMap<string, Buffer>,
  ) {
    this.seen = new Map([...files].map(([name, bytes]) => [name, new LossyFile(bytes)]));
    this.kept = new Map(this.seen);
  }

  /** Applies the next recorded call. */
  add(call: Call): void {
    const index = this.calls++;
    if (call.did === 'acknowledge') return;
    const name = call.file.slice(this.folder.length + 1);
    if (call.did === 'create') {
      if (!this.seen.has(name)) this.rename(index, name, new LossyFile(Buffer.alloc(0)));
    } else if (call.did === 'remove') this.rename(index, name, undefined);
    else if (call.did === 'sync' && name === '') {
      for (const { name: synced, file } of this.names.filter((one) => one.index < call.began)) put(this.kept, synced, file);
      this.names = this.names.filter((one) => one.index >= call.began);
    } else {
      const file = this.seen.get(name);
      if (!file) throw new Error(`${name} is written and was never made`);
      if (call.did === 'sync') file.sync(call.began);
      else file.add({ index, call });
    }
  }

  /** The files after a loss of power now. */
  afterPowerLoss(below: Below): Map<string, Buffer> {
    const left = new Map(this.kept);
    for (const { name, file } of this.names) if (below(2) === 0) put(left, name, file);
    return new Map([...left].map(([name, file]) => [name, file.afterPowerLoss(below)]));
  }

  private rename(index: number, name: string, file: LossyFile | undefined): void {
    put(this.seen, name, file);
    this.names.push({ index, name, file });
  }
}

function put(files: Map<string, LossyFile>, name: string, file: LossyFile | undefined): void {
  if (file) files.set(name, file);
  else files.delete(name);
}

class LossyFile {
  private readonly synced: Content;
  private pending: Pending[] = [];

  constructor(bytes: Buffer) {
    this.synced = new Content(bytes);
  }
  add(pending: Pending): void {
    this.pending.push(pending);
  }
  sync(began: number): void {
    for (const { index, call } of this.pending) if (index < began) this.synced.apply(call);
    this.pending = this.pending.filter(({ index }) => index >= began);
  }
  /** Each unsynced change happened, did not happen or happened in part, independently of their order. */
  afterPowerLoss(below: Below): Buffer {
    const left = new Content(this.synced.bytes);
    for (const { call } of this.pending)
      switch (below(4)) {
        case 0:
          break;
        case 1:
          left.apply(call);
          break;
        case 2:
          for (const piece of pieces(call, page)) if (below(2) === 0) left.apply(piece);
          break;
        default:
          for (const piece of pieces(call, sector)) if (below(2) === 0) left.apply(piece);
      }
    return left.bytes;
  }
}

/** The pieces that a write may be torn into. */
function pieces(call: Change, size: number): Change[] {
  if (call.did === 'truncate') return [call];
  const torn: Change[] = [];
  for (let from = 0; from < call.bytes.length;) {
    const to = Math.min(call.bytes.length, from + size - ((call.at + from) % size));
    torn.push({ ...call, at: call.at + from, bytes: call.bytes.subarray(from, to) });
    from = to;
  }
  return torn;
}

/** A growing array of bytes. */
class Content {
  private held: Buffer;
  private length: number;

  constructor(bytes: Buffer) {
    this.held = Buffer.from(bytes);
    this.length = bytes.length;
  }
  get bytes(): Buffer {
    return this.held.subarray(0, this.length);
  }
  apply(call: Change): void {
    if (call.did === 'truncate') this.resize(call.length);
    else {
      this.resize(Math.max(this.length, call.at + call.bytes.length));
      call.bytes.copy(this.held, call.at);
    }
  }
  private resize(length: number): void {
    if (length > this.held.length) this.held = Buffer.concat([this.bytes], 2 * length);
    else if (length < this.length) this.held.fill(0, length, this.length);
    this.length = length;
  }
}

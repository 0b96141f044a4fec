/** A witness's own copy of a programme's records, one a line. It shows what the witness folded, whatever its ledger says later. */
import { createReadStream } from 'node:fs';
import { appendFile, open, truncate } from 'node:fs/promises';
import { linesIn, longestLine } from './lines.js';

/** Lines are written in portions of about this many bytes. */
const portion = 1_048_576;

export class RecordsCopy {
  /** Lines that were appended and are not in the file yet, each with its newline, and their bytes. */
  private gathered: Buffer[] = [];
  private bytes = 0;

  private constructor(readonly file: string) {}

  /** Opens a copy, and creates it if there is none. A last line that was cut off when the process was killed is removed. */
  static async open(file: string): Promise<RecordsCopy> {
    const copy = await open(file, 'a+');
    try {
      const { size } = await copy.stat();
      const end = Buffer.alloc(Math.min(size, longestLine));
      await copy.read(end, 0, end.length, size - end.length);
      await copy.truncate(size - end.length + end.lastIndexOf('\n') + 1);
    } finally {
      await copy.close();
    }
    return new RecordsCopy(file);
  }

  /** The lines from a byte on, of all that were appended before the call. */
  async *lines(from: number): AsyncIterable<Buffer> {
    await this.flush();
    yield* linesIn(createReadStream(this.file, { start: from }));
  }

  /** Gives lines on, and appends each to the copy; all that were taken are in it when the iteration ends. */
  async *appending(lines: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    try {
      for await (const line of lines) {
        this.gathered.push(line, newline);
        this.bytes += line.length + 1;
        if (this.bytes >= portion) await this.flush();
        yield line;
      }
    } finally {
      await this.flush();
    }
  }

  /** Forgets everything from a byte on. */
  async forgetFrom(byte: number): Promise<void> {
    [this.gathered, this.bytes] = [[], 0];
    await truncate(this.file, byte);
  }

  private async flush(): Promise<void> {
    if (this.gathered.length > 0) await appendFile(this.file, Buffer.concat(this.gathered));
    [this.gathered, this.bytes] = [[], 0];
  }
}

const newline = Buffer.from('\n');

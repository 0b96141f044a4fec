const newline = 0x0a;

/** The most bytes of a line: no record has more. */
export const longestLine = 16 * 1_024 * 1_024;

/**
 * The bytes of each line of some bytes, without its newline. Bytes after the last newline are a line that was cut off, and are left out.
 * @throws {Error} a line is longer than {@link longestLine}
 */
export async function* linesIn(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let text = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline)) {
      yield text.subarray(0, end);
      text = text.subarray(end + 1);
    }
    if (text.length > longestLine) throw new Error(`a line has more than ${longestLine} bytes`);
    rest = text;
  }
}

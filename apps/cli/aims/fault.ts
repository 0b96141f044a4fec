/** A fault of a release, described so that its publisher can correct it. */

export type Fault = {
  /** `projects.csv` or `transactions.csv`. */
  file: string;
  /** The line that the row begins on; absent if the fault is the whole file's. */
  line?: number;
  /** The published column. */
  column?: string;
  /** The value found. */
  found: string;
  /** What would be right. */
  right: string;
};

/** One fault in one line: `transactions.csv, line 12, transaction_value: “abc” is no amount; right would be a decimal number such as 1234.56`. */
export function faultInWords({ file, line, ...fault }: Fault): string {
  return `${file}${line === undefined ? '' : `, line ${line}`}${fault.column === undefined ? ': ' : ', '}${whyOf([fault])}`;
}

/** The faults of a row, without its location. */
export function whyOf(faults: readonly Omit<Fault, 'file' | 'line'>[]): string {
  return faults
    .map(({ column, found, right }) => `${column === undefined ? '' : `${column}: `}${found}; right would be ${right}`)
    .join('; ');
}

export function faultAt({ file, line }: { file: string; line: number }, column: string, found: string, right: string): Fault {
  return { file, line, column, found, right };
}

/** A published text, quoted for a message. */
export function quoted(text: string): string {
  if (text === '') return 'a blank';
  return text.length <= 60 ? `“${text}”` : `“${text.slice(0, 60)}…” (${text.length} characters)`;
}

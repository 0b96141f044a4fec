/** Checks statements while a history is read as a stream: a statement is of a position before its own record. */
import type { Entry } from '../../event-log/ports.js';
import { decodeRecord } from '../../event-log/record.js';
import type { FoldedDocuments } from '../sqlite/folded-documents.js';
import { foldDocuments } from '../statements/fold.js';
import { mayAsk } from '../statements/occasion.js';
import { treeOver } from '../statements/stated-tree.js';
import { whatIsWrong } from '../statements/verify-statements.js';
import { tileWidth } from '../tree/tiles.js';
import type { RecordsCopy } from './records-copy.js';

export type StatedRecordsOptions = {
  programme: string;
  /** The records up to the statement that is checked; they are sound. */
  copy: Pick<RecordsCopy, 'lines'>;
  /** Used for nothing else. */
  documents: FoldedDocuments;
  signal: AbortSignal;
};

/** The batch size, in records, in which documents are folded. */
const batch = 1_000;

/** The documents of a programme, folded no further than to the last statement that was met. */
export class StatedRecords {
  /** The position that the documents are folded to, and the bytes of the copy up to it. */
  private folded = 0;
  private bytes = 0;

  constructor(private readonly options: StatedRecordsOptions) {
    options.documents.clear();
  }

  /**
   * What is wrong with a record if it is a statement: it says something else than what the records before it fold to.
   * @throws {Error} the copy can't be read or folded @throws the signal's reason once it is aborted
   */
  async faultIn(entry: Entry): Promise<string | undefined> {
    if (!mayAsk(entry)) return undefined;
    const record = decodeRecord(entry.bytes);
    if (record.type !== 'StatementPublished') return undefined;
    const { programme, documents, signal } = this.options;
    await foldDocuments({ read: () => this.entriesTo(record.data.position) }, 0, documents, { signal });
    if (documents.offset(0) !== record.data.position)
      throw new Error(
        `the documents of ${programme} can’t be folded to position ${record.data.position}: they are folded to ${this.folded}`,
      );
    return whatIsWrong(record.data, await treeOver(documents.pages(programme, tileWidth), signal));
  }

  /** The next entries up to a position; their offsets are their positions. */
  private async *entriesTo(position: number): AsyncIterable<Entry[]> {
    if (this.folded >= position) return;
    const { programme, copy } = this.options;
    let gathered: Entry[] = [];
    for await (const bytes of copy.lines(this.bytes)) {
      this.bytes += bytes.length + 1;
      if (bytes.length === 0) continue;
      this.folded++;
      gathered.push({ kind: 'record', offset: this.folded, bytes, programme, position: this.folded });
      if (this.folded === position) break;
      if (gathered.length < batch) continue;
      yield gathered;
      gathered = [];
    }
    yield gathered;
  }
}

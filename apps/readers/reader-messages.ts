import type { ListName, TableOptions } from '../../libs/http/csv-lists.js';
import type { ReadArguments, ReadName } from '../../libs/projections/reads.js';
import type { Listed, ListedTexts } from '../../libs/projections/source.js';

/** The address of a reader's documents. */
export type ReaderData = { sqliteFile: string } | { mongodbUrl: string };
type Read = { [N in ReadName]: { do: 'read'; name: N; asked: ReadArguments[N]; generation: string | undefined } }[ReadName];
/** A request to a reader's thread. */
export type ReaderQuestion =
  Read | { do: 'table'; list: ListName; page: Listed<object> | ListedTexts; options: TableOptions } | { do: 'close' };

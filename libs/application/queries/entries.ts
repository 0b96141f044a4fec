/** Queries about the entries of a programme, and about its notices. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Total } from '../../projections/counts.js';
import type { EntryReader } from '../../projections/entries/filters.js';
import type { EntryListing, EntryView } from '../../projections/entries/reads.js';
import type { NoticeKind } from '../../projections/notices/kinds.js';
import type { NoticeView } from '../../projections/notices/reads.js';
import type { Listed, Paging } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** A page of a programme's entries, as far as its reader may see them; `undefined` if there is no such programme. */
export class ListEntries extends Query<Answered<(Listed<EntryView> & Total) | undefined>> {
  constructor(
    readonly programme: string,
    readonly listing: EntryListing,
    readonly reader: EntryReader,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListEntries)
export class ListEntriesHandler implements IQueryHandler<ListEntries> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, listing, reader, asked }: ListEntries): Promise<Answered<(Listed<EntryView> & Total) | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('entries', programme, listing, reader));
  }
}

/** A page of a programme's notices of some kinds, or of every kind; `undefined` if there is no such programme. */
export class ListNotices extends Query<Answered<Listed<NoticeView> | undefined>> {
  constructor(
    readonly programme: string,
    readonly kinds: readonly NoticeKind[] | undefined,
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListNotices)
export class ListNoticesHandler implements IQueryHandler<ListNotices> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, kinds, paging, asked }: ListNotices): Promise<Answered<Listed<NoticeView> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('notices', programme, kinds, paging, this.reading.clock()));
  }
}

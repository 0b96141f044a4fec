/** Queries about records. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LedgerRecord } from '../../event-log/record.js';
import { recordsOf, type HeadView, type RecordLines } from '../../projections/records/reads.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** The head of every programme. */
export class ListHeads extends Query<HeadView[]> {
  constructor(readonly asked: Asked) {
    super();
  }
}
@QueryHandler(ListHeads)
export class ListHeadsHandler implements IQueryHandler<ListHeads> {
  constructor(private readonly reading: Reading) {}
  execute({ asked }: ListHeads): Promise<HeadView[]> {
    return this.reading.now(asked, (snapshot) => snapshot.read('heads'));
  }
}

/** The exact text of a programme's next records after a position, up to `end`; `undefined` if there is no such programme. */
export class ReadRecords extends Query<Answered<RecordLines | undefined>> {
  constructor(
    readonly programme: string,
    readonly after: number,
    /** The programme's last position at the call if absent. */
    readonly end: number | undefined,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ReadRecords)
export class ReadRecordsHandler implements IQueryHandler<ReadRecords> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, after, end, asked }: ReadRecords): Promise<Answered<RecordLines | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('records', programme, after, end));
  }
}

/** The records that a command made, with their hashes; `undefined` if it made none. */
export class GetRecordsOfCommand extends Query<Answered<{ record: LedgerRecord; hash: string }[] | undefined>> {
  constructor(
    readonly programme: string,
    readonly organisation: string,
    readonly commandId: string,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetRecordsOfCommand)
export class GetRecordsOfCommandHandler implements IQueryHandler<GetRecordsOfCommand> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, organisation, commandId, asked }: GetRecordsOfCommand) {
    return this.reading.about(programme, asked, ({ source }) => recordsOf(source, programme, organisation, commandId));
  }
}

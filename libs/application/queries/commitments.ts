/** Queries about the commitments of an initiative. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../../projections/as-of.js';
import type { CommitmentView } from '../../projections/commitments/commitment-view.js';
import type { Listed, Paging } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** A page of an initiative's commitments with their drawings; `undefined` if there is no such initiative. */
export class ListCommitments extends Query<Answered<Listed<CommitmentView> | undefined>> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly asOf: AsOf,
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListCommitments)
export class ListCommitmentsHandler implements IQueryHandler<ListCommitments> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, initiative, asOf, paging, asked }: ListCommitments): Promise<Answered<Listed<CommitmentView> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('commitments', programme, initiative, asOf, paging));
  }
}

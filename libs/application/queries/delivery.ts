/** Queries about what an initiative delivers. `undefined` means that the initiative does not exist, or did not exist as of then. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../../projections/as-of.js';
import type { IndicatorView, ResultView } from '../../projections/delivery/indicator.js';
import type { MilestoneView } from '../../projections/delivery/milestone.js';
import type { ResultListing } from '../../projections/delivery/reads.js';
import type { Listed } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** Every milestone of an initiative in the order in which they are expected. */
export class ListMilestones extends Query<Answered<MilestoneView[] | undefined>> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListMilestones)
export class ListMilestonesHandler implements IQueryHandler<ListMilestones> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, initiative, asOf, asked }: ListMilestones): Promise<Answered<MilestoneView[] | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('milestones', programme, initiative, asOf));
  }
}

/** Every indicator of an initiative, with its targets and their results. */
export class ListIndicators extends Query<Answered<IndicatorView[] | undefined>> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListIndicators)
export class ListIndicatorsHandler implements IQueryHandler<ListIndicators> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, initiative, asOf, asked }: ListIndicators): Promise<Answered<IndicatorView[] | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('indicators', programme, initiative, asOf));
  }
}

/** A page of an initiative's results with their corrections, in the order of recording. */
export class ListResults extends Query<Answered<Listed<ResultView> | undefined>> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly listing: ResultListing,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListResults)
export class ListResultsHandler implements IQueryHandler<ListResults> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, initiative, listing, asked }: ListResults): Promise<Answered<Listed<ResultView> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('results', programme, initiative, listing));
  }
}

/** Queries about totals of a programme: by group, by period, and what the law granted. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { AsOf } from '../../projections/as-of.js';
import type { Listed, Paging } from '../../projections/source.js';
import type { AppropriationView } from '../../projections/totals/appropriations.js';
import type { FiscalYearDetail } from '../../projections/totals/fiscal-year.js';
import type { Series, SeriesAsked } from '../../projections/totals/series.js';
import type { Grouping } from '../../projections/totals/dimensions.js';
import type { GroupView } from '../../projections/totals/views.js';
import { Reading, type Answered, type Asked } from '../reading.js';

/** The totals of every group of a dimension, or of every source; `undefined` if the programme does not exist, or did not exist as of then. */
export class ListGroups extends Query<Answered<GroupView[] | undefined>> {
  constructor(
    readonly programme: string,
    readonly dimension: Grouping,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListGroups)
export class ListGroupsHandler implements IQueryHandler<ListGroups> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, dimension, asOf, asked }: ListGroups): Promise<Answered<GroupView[] | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('groupsOf', programme, dimension, asOf));
  }
}

/** A series of sums or counts by period; `undefined` if the programme does not exist, or did not exist as of then. */
export class GetSeries extends Query<Answered<Series | undefined>> {
  constructor(
    readonly programme: string,
    readonly series: SeriesAsked,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetSeries)
export class GetSeriesHandler implements IQueryHandler<GetSeries> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, series, asOf, asked }: GetSeries): Promise<Answered<Series | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('series', programme, series, asOf));
  }
}

/** A page of a programme's appropriations; `undefined` if the programme does not exist, or did not exist as of then. */
export class ListAppropriations extends Query<Answered<Listed<AppropriationView> | undefined>> {
  constructor(
    readonly programme: string,
    readonly asOf: AsOf,
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListAppropriations)
export class ListAppropriationsHandler implements IQueryHandler<ListAppropriations> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, asOf, paging, asked }: ListAppropriations): Promise<Answered<Listed<AppropriationView> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('appropriations', programme, asOf, paging));
  }
}

/** A fiscal year with its entries; `undefined` if the programme does not exist, or did not exist as of then; without `year` if the year is unknown. */
export class GetFiscalYear extends Query<Answered<{ year?: FiscalYearDetail } | undefined>> {
  constructor(
    readonly programme: string,
    readonly fiscalYear: FiscalYear,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetFiscalYear)
export class GetFiscalYearHandler implements IQueryHandler<GetFiscalYear> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, fiscalYear, asOf, asked }: GetFiscalYear): Promise<Answered<{ year?: FiscalYearDetail } | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('fiscalYear', programme, fiscalYear, asOf));
  }
}

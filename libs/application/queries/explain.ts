/** The query about what a figure is made of. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../../projections/as-of.js';
import type { FigureAsked } from '../../projections/explain/figures.js';
import type { Explanation, Unknown } from '../../projections/explain/reads.js';
import type { Paging } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';

type Explained = Answered<Explanation | Unknown | undefined>;

/** A figure with a page of the events that add up to it; `undefined` if the programme does not exist, or did not exist as of then. */
export class ExplainFigure extends Query<Explained> {
  constructor(
    readonly programme: string,
    readonly figure: FigureAsked,
    readonly asOf: AsOf,
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ExplainFigure)
export class ExplainFigureHandler implements IQueryHandler<ExplainFigure> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, figure, asOf, paging, asked }: ExplainFigure): Promise<Explained> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('explanation', programme, figure, asOf, paging));
  }
}

/** Queries about programmes and their totals. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isPast, type AsOf } from '../../projections/as-of.js';
import type { ListedTexts, Paging } from '../../projections/source.js';
import { minorUnitsOf, programmeShown } from '../../projections/totals/reads.js';
import type { FiscalYearView } from '../../projections/totals/views.js';
import { Reading, type Answered, type Asked } from '../reading.js';
import { documentOf, type DocumentText } from './documents.js';

/** A page of all programmes, each as JSON text. */
export class ListProgrammes extends Query<ListedTexts> {
  constructor(
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListProgrammes)
export class ListProgrammesHandler implements IQueryHandler<ListProgrammes> {
  constructor(private readonly reading: Reading) {}
  execute({ paging, asked }: ListProgrammes): Promise<ListedTexts> {
    return this.reading.now(asked, (snapshot) => snapshot.read('programmes', paging));
  }
}

/** A programme with its totals as JSON text, its position as the version; `undefined` if it does not exist, or did not exist as of then. */
export class GetProgramme extends Query<Answered<DocumentText | undefined>> {
  constructor(
    readonly programme: string,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetProgramme)
export class GetProgrammeHandler implements IQueryHandler<GetProgramme> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, asOf, asked }: GetProgramme): Promise<Answered<DocumentText | undefined>> {
    return this.reading.about(programme, asked, async (snapshot) => {
      if (!isPast(asOf)) return programmeShown(snapshot.source, programme);
      const view = await snapshot.read('programme', programme, asOf);
      return view && documentOf(view, view.position);
    });
  }
}

/** The fiscal years of a programme; `undefined` if it does not exist, or did not exist as of then. */
export class ListFiscalYears extends Query<Answered<FiscalYearView[] | undefined>> {
  constructor(
    readonly programme: string,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListFiscalYears)
export class ListFiscalYearsHandler implements IQueryHandler<ListFiscalYears> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, asOf, asked }: ListFiscalYears): Promise<Answered<FiscalYearView[] | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('fiscalYears', programme, asOf));
  }
}

/** Decimal digits of a programme's currency; `undefined` if the programme or its currency is unknown. */
export class GetMinorUnits extends Query<number | undefined> {
  constructor(
    readonly programme: string,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetMinorUnits)
export class GetMinorUnitsHandler implements IQueryHandler<GetMinorUnits> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, asked }: GetMinorUnits): Promise<number | undefined> {
    return this.reading.now(asked, ({ source }) => minorUnitsOf(source, programme));
  }
}

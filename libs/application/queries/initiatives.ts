/** Queries about the initiatives of a programme. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventRecord } from '../../event-log/record.js';
import { isPast, type AsOf } from '../../projections/as-of.js';
import type { InitiativeFilter } from '../../projections/initiatives/filters.js';
import type { InitiativeListing, InitiativeTexts, InitiativeYearRow } from '../../projections/initiatives/list.js';
import { initiativeShown } from '../../projections/initiatives/reads.js';
import type { Listed, Paging } from '../../projections/source.js';
import { Reading, type Answered, type Asked } from '../reading.js';
import { documentOf, type DocumentText } from './documents.js';

/** A page of a programme's initiatives, each as JSON text; `undefined` if the programme does not exist, or did not exist as of then. */
export class ListInitiatives extends Query<Answered<InitiativeTexts | undefined>> {
  constructor(
    readonly programme: string,
    readonly listing: InitiativeListing,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListInitiatives)
export class ListInitiativesHandler implements IQueryHandler<ListInitiatives> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, listing, asked }: ListInitiatives): Promise<Answered<InitiativeTexts | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('initiatives', programme, listing, this.reading.clock()));
  }
}

/** The fiscal years of a page of a programme's initiatives; `undefined` if there is no such programme. */
export class ListInitiativeYears extends Query<Answered<Listed<InitiativeYearRow> | undefined>> {
  constructor(
    readonly programme: string,
    readonly filter: InitiativeFilter,
    readonly paging: Paging,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(ListInitiativeYears)
export class ListInitiativeYearsHandler implements IQueryHandler<ListInitiativeYears> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, filter, paging, asked }: ListInitiativeYears): Promise<Answered<Listed<InitiativeYearRow> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) =>
      snapshot.read('initiativeYears', programme, filter, paging, this.reading.clock()),
    );
  }
}

/** An initiative as JSON text with its version; `undefined` if it does not exist, or did not exist as of then. */
export class GetInitiative extends Query<Answered<DocumentText | undefined>> {
  constructor(
    readonly programme: string,
    readonly initiative: string,
    readonly asOf: AsOf,
    readonly asked: Asked,
  ) {
    super();
  }
}
@QueryHandler(GetInitiative)
export class GetInitiativeHandler implements IQueryHandler<GetInitiative> {
  constructor(private readonly reading: Reading) {}
  execute({ programme, initiative, asOf, asked }: GetInitiative): Promise<Answered<DocumentText | undefined>> {
    return this.reading.about(programme, asked, async (snapshot) => {
      if (!isPast(asOf)) return initiativeShown(snapshot.source, programme, initiative);
      const view = await snapshot.read('initiative', programme, initiative, asOf);
      return view && documentOf(view, view.version);
    });
  }
}

/** A page of an initiative's events in the order of their versions; `undefined` if there is no such initiative. */
export class GetHistory extends Query<Answered<Listed<EventRecord & { hash: string }> | undefined>> {
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
@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(private readonly reading: Reading) {}
  execute({
    programme,
    initiative,
    asOf,
    paging,
    asked,
  }: GetHistory): Promise<Answered<Listed<EventRecord & { hash: string }> | undefined>> {
    return this.reading.about(programme, asked, (snapshot) => snapshot.read('history', programme, initiative, asOf, paging));
  }
}

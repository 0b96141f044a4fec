import { start, type EventLog } from '../../../libs/event-log/ports.js';
import { decodeRecord } from '../../../libs/event-log/record.js';
import type { AsOf } from '../../../libs/projections/as-of.js';
import { ReportFold, type Report } from '../../../libs/projections/report.js';
import { toCsv } from '../../../libs/http/csv.js';
import { noProgramme } from '../output.js';

/** The report as of a day or moment, folded from the log. @throws {UserError} the ledger has no such programme */
export async function reportOf(log: EventLog, cut: AsOf, programme: string | undefined): Promise<Report> {
  const fold = new ReportFold(cut);
  let isThere = programme === undefined;
  for (let partition = 0; partition < log.partitions; partition++)
    for await (const entries of log.read(partition, start))
      for (const entry of entries)
        if (entry.kind === 'record' && (programme === undefined || entry.programme === programme)) {
          isThere = true;
          fold.add(decodeRecord(entry.bytes));
        }
  if (!isThere) throw noProgramme(programme);
  return fold.report();
}

/** A report as one table, with a line for every programme, fiscal year, authority, region, sector, source and initiative. */
export function reportCsv({ programmes, fiscalYears, authorities, regions, sectors, sources, initiatives }: Report): string {
  const lines = (kind: string, views: readonly object[]) => views.map((view) => ({ kind, ...view }));
  return toCsv([
    ...lines('programme', programmes),
    ...lines('fiscal-year', fiscalYears),
    ...lines('authority', authorities),
    ...lines('region', regions),
    ...lines('sector', sectors),
    ...lines('source', sources),
    ...lines('initiative', initiatives),
  ]);
}

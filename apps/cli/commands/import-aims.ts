import pino from 'pino';
import { readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import type { Configuration } from '../../configuration.js';
import { filesOf, openEmbeddedLedger } from '../../standalone/embedded-ledger.js';
import { importRelease, type ImportRequest } from '../aims/import.js';
import type { ImportReport } from '../aims/report.js';
import { money, table } from '../output.js';
import { distributedSender, isOnKafka } from '../ledger-at.js';
import { embeddedTarget } from '../import-targets/embedded-target.js';
import { serverTarget } from '../import-targets/server-target.js';

/** Imports into the ledger of the data folder, which this process opens for itself, or through the inbox of a distributed one. @throws {LedgerLocked} one that serves has it open */
export async function importHere(configuration: Configuration, request: ImportRequest): Promise<ImportReport> {
  const lost = Promise.withResolvers<never>();
  if (isOnKafka(configuration)) {
    const sender = await distributedSender(configuration, lost.reject);
    try {
      return await Promise.race([importRelease(request, embeddedTarget(sender.commands, sender.log)), lost.promise]);
    } finally {
      await sender.close();
    }
  }
  const logger = pino({ level: 'error', base: null }, pino.destination(2));
  const ledger = await openEmbeddedLedger(configuration, { logger, now: () => Date.now(), onLost: lost.reject });
  const log = readSqliteEventLog(filesOf(configuration).log);
  try {
    return await Promise.race([importRelease(request, embeddedTarget(ledger.commands, log)), lost.promise]);
  } finally {
    await log.close();
    await ledger.close();
  }
}

/** Imports into a ledger that serves at an address. */
export function importThere(server: string, token: string, request: ImportRequest): Promise<ImportReport> {
  return importRelease(request, serverTarget(server, token));
}

/** Whether everything published is accounted for. */
export function isAccountedFor({ mismatches }: ImportReport): boolean {
  return mismatches.length === 0;
}

/** An import's report for people. */
export function importReportInWords(report: ImportReport, digits: number): string {
  const account = (name: string, { published, accepted, refused }: ImportReport['commitments']) => [
    name,
    money(published, digits),
    `${money(accepted.sum, digits)} in ${accepted.count}`,
    `${money(refused.sum, digits)} in ${refused.count}`,
  ];
  const notes = new Map<string, number>();
  for (const { kind } of report.notes) notes.set(kind, (notes.get(kind) ?? 0) + 1);
  return [
    `${report.projects} projects into ${report.programme}, in ${report.currency}: ${report.sent} commands sent, ${report.recordedBefore} were recorded before`,
    '',
    table(
      ['', 'published', 'accepted', 'refused'],
      [account('commitments', report.commitments), account('disbursements', report.disbursements)],
    ),
    ...(report.refusals.length > 0
      ? [
          '',
          table(
            ['refused as', 'count', 'sum'],
            report.refusals.map(({ code, count, sum }) => [code, String(count), money(sum, digits)]),
          ),
        ]
      : []),
    ...(report.otherRefusals.length > 0
      ? [
          '',
          table(
            ['also refused', 'command', 'code', 'why'],
            report.otherRefusals.map(({ project, command, code, detail }) => [project, command, code, detail]),
          ),
        ]
      : []),
    ...(notes.size > 0
      ? [
          '',
          table(
            ['notes', 'count'],
            [...notes].map(([kind, count]) => [kind, String(count)]),
          ),
        ]
      : []),
    '',
    ...(isAccountedFor(report)
      ? ['accepted and refused make up what was published, for every project and in all']
      : [
          table(
            ['does not add up', 'kind', 'published', 'imported'],
            report.mismatches.map(({ project, kind, published, imported }) => [
              project,
              kind,
              money(published, digits),
              money(imported, digits),
            ]),
          ),
        ]),
  ].join('\n');
}

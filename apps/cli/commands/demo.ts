import { readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import type { Role } from '../../../libs/domain/vocabulary.js';
import { makeLogger } from '../../service.js';
import type { Configuration } from '../../configuration.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { openEmbeddedLedger } from '../../standalone/embedded-ledger.js';
import { demoCommands, demoProgramme } from '../demo/commands.js';
import { play } from '../demo/play.js';
import { statementCommand } from '../demo/statement.js';
import { UserError, type progressBar } from '../output.js';
import { tokenFor } from './token.js';
import { GetRecordsOfCommand, GetRecordsOfCommandHandler } from '../../../libs/application/queries/records.js';

/**
 * Creates the demo in a data folder, with a clock that runs through its years. An existing demo stays as it is.
 * @throws {UserError} an earlier demo was interrupted
 */
export async function makeDemo(configuration: Configuration, progress: ReturnType<typeof progressBar>): Promise<void> {
  const scripted = demoCommands();
  const last = scripted.at(-1);
  if (!last) throw new Error('the demo has no commands');
  let clock = Date.parse(scripted[0]?.at ?? last.at);
  const logger = makeLogger({ LOG_LEVEL: 'error' });
  const lost = Promise.withResolvers<never>();
  const ledger = await openEmbeddedLedger(configuration, { logger, now: () => clock, onLost: lost.reject });
  try {
    const { programme, commandId, actor } = last.command;
    const before = (await ledger.commands.submitAll([last.command], { dryRun: true }))[0];
    const isThere = before?.kind === 'accepted' || before?.code !== 'unknown-programme';
    if (isThere) {
      if (await isRecorded(ledger, programme, actor.organisation, commandId)) return;
      throw new UserError(
        `${configuration.DATA_DIR} holds an unfinished demo or another ${demoProgramme}; choose another folder with --data, or delete this one`,
      );
    }
    const tell = async () => {
      await play(
        scripted,
        ledger.commands,
        (at) => (clock = Date.parse(at)),
        (done, total) => {
          progress.show(done, total);
        },
      );
      const log = readSqliteEventLog(filesOf(configuration).log);
      try {
        await ledger.commands.submit(await statementCommand(log, demoProgramme));
      } finally {
        await log.close();
      }
    };
    await Promise.race([tell(), lost.promise]);
  } finally {
    progress.stop();
    await ledger.close();
  }
}

type Ledger = Awaited<ReturnType<typeof openEmbeddedLedger>>;
async function isRecorded({ reading, lag }: Ledger, programme: string, organisation: string, commandId: string): Promise<boolean> {
  while (lag.current.records > 0) await new Promise((resolve) => setImmediate(resolve));
  const recordsOf = new GetRecordsOfCommand(programme, organisation, commandId, { asker: { client: 'demo' } });
  const { answer = [] } = await new GetRecordsOfCommandHandler(reading).execute(recordsOf);
  return answer.length > 0;
}

/** Addresses to open and commands to try once the demo is served. */
export async function demoInvitation(url: string, configuration: Configuration): Promise<string> {
  const tokenOf = (role: Role, organisation: string) =>
    tokenFor(configuration, { role, organisation, subject: `demo.${role}`, lifetime: '8h' });
  const [clerk, finance, auditor] = await Promise.all([
    tokenOf('ministry', 'ministry-of-justice'),
    tokenOf('finance', 'ministry-of-finance'),
    tokenOf('auditor', 'chamber-of-accounts'),
  ]);
  const page = `${url}/p/${demoProgramme}`;
  const programme = `${url}/programmes/${demoProgramme}`;
  return [
    `Open ${url} in a browser. It shows:`,
    '',
    `  the programme        ${page}`,
    `  money that came back ${page}/i/state-data-centre`,
    `  who spent most       ${page}/initiatives?sort=-spent`,
    `  what is suspended    ${page}/initiatives?suspended=true`,
    `  as known back then   ${page}?happened=2023-12-31&known=2024-01-31`,
    `  what a year changed  ${page}/compare?from=2022-12-31&to=2023-12-31`,
    `  what can be proved   ${page}/proof`,
    `  a card to embed      ${url}/embed/p/${demoProgramme}`,
    '',
    `To record, fund or audit, sign in at ${url}/workspace with one of these tokens:`,
    '',
    '  a clerk of the Ministry of Justice',
    clerk,
    '  the Ministry of Finance',
    finance,
    '  an auditor',
    auditor,
    '',
    'The same for programs:',
    '',
    `  its totals           ${programme}`,
    `  every route          ${url}/docs`,
    '',
    'An auditor reads every record, refusals included:',
    '',
    `  curl -s -H 'authorization: Bearer ${auditor}' '${programme}/records?after=0' | tail -n 3`,
    '',
    'Ctrl-C ends the ledger; the same command serves it again.',
  ].join('\n');
}

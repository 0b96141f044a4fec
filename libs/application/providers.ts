import type { Provider } from '@nestjs/common';
import type { Commands } from '../command-processing/commands.js';
import { ListCommitmentsHandler } from './queries/commitments.js';
import { ListIndicatorsHandler, ListMilestonesHandler, ListResultsHandler } from './queries/delivery.js';
import { ListEntriesHandler, ListNoticesHandler } from './queries/entries.js';
import { ExplainFigureHandler } from './queries/explain.js';
import { GetHistoryHandler, GetInitiativeHandler, ListInitiativesHandler, ListInitiativeYearsHandler } from './queries/initiatives.js';
import { GetMinorUnitsHandler, GetProgrammeHandler, ListFiscalYearsHandler, ListProgrammesHandler } from './queries/programmes.js';
import { GetRecordsOfCommandHandler, ListHeadsHandler, ReadRecordsHandler } from './queries/records.js';
import { GetFiscalYearHandler, GetSeriesHandler, ListAppropriationsHandler, ListGroupsHandler } from './queries/totals.js';
import { GetCheckpointHandler, GetRecentCheckpointHandler, GetTileHandler } from './queries/proof.js';
import { GetEvidenceHandler } from './queries/evidence.js';
import { GetStatementHandler, ListStatementsHandler, ReadStatementHandler } from './queries/statements.js';
import { GetRequestHandler, ListRequestsHandler } from './queries/requests.js';
import { Proof } from './proof.js';
import { Reading } from './reading.js';
import { commandsToken, SubmitAtomicallyHandler, SubmitCommandsHandler } from './submit-commands.js';

const queryHandlers = [
  ListProgrammesHandler,
  GetProgrammeHandler,
  ListFiscalYearsHandler,
  GetMinorUnitsHandler,
  ListGroupsHandler,
  GetSeriesHandler,
  ListAppropriationsHandler,
  GetFiscalYearHandler,
  ExplainFigureHandler,
  ListInitiativesHandler,
  ListInitiativeYearsHandler,
  GetInitiativeHandler,
  GetHistoryHandler,
  ListCommitmentsHandler,
  ListHeadsHandler,
  ReadRecordsHandler,
  GetRecordsOfCommandHandler,
  ListEntriesHandler,
  ListNoticesHandler,
  ListRequestsHandler,
  GetRequestHandler,
  ListMilestonesHandler,
  ListIndicatorsHandler,
  ListResultsHandler,
];

const proofHandlers = [
  GetCheckpointHandler,
  GetRecentCheckpointHandler,
  GetTileHandler,
  ListStatementsHandler,
  GetStatementHandler,
  ReadStatementHandler,
];

/** The handlers of a process that takes commands, queries, or both. */
export function handlersOf({ commands, reading, proof }: { commands?: Commands; reading?: Reading; proof?: Proof }): Provider[] {
  return [
    ...(commands ? [{ provide: commandsToken, useValue: commands }, SubmitCommandsHandler, SubmitAtomicallyHandler] : []),
    ...(reading ? [{ provide: Reading, useValue: reading }, ...queryHandlers] : []),
    ...(proof ? [{ provide: Proof, useValue: proof }, ...proofHandlers] : []),
    ...(proof && reading ? [GetEvidenceHandler] : []),
  ];
}

import type { Command } from '../../../libs/domain/commands.js';
import type { EventLog } from '../../../libs/event-log/ports.js';
import { FoldedDocuments } from '../../../libs/proof/sqlite/folded-documents.js';
import { makeStatement } from '../../../libs/proof/statements/make-statement.js';
import { publishCommand } from '../../../libs/proof/statements/publish-command.js';
import { openSqliteStatements } from '../../../libs/proof/sqlite/sqlite-statements.js';

/** The command that publishes a statement of a programme as it stands in the log. @throws {Error} the programme has no record */
export async function statementCommand(log: Pick<EventLog, 'read'>, programme: string): Promise<Command> {
  const documents = FoldedDocuments.open(':memory:');
  const statements = openSqliteStatements(':memory:', 'write');
  try {
    const statement = await makeStatement({ log, partition: 0, documents, statements }, programme);
    if (!statement) throw new Error(`${programme} has no record`);
    return publishCommand(statement);
  } finally {
    documents.close();
    await statements.close();
  }
}

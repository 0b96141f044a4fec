/** Queries about statements: which there are, and what each says. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StatedDocument, Statement } from '../../proof/statements/ports.js';
import { Proof } from '../proof.js';

/** Statements of a programme, the latest first, of positions before `before`. */
export class ListStatements extends Query<Statement[]> {
  constructor(
    readonly programme: string,
    readonly limit: number,
    readonly before?: number,
  ) {
    super();
  }
}
@QueryHandler(ListStatements)
export class ListStatementsHandler implements IQueryHandler<ListStatements> {
  constructor(private readonly proof: Proof) {}
  execute({ programme, limit, before }: ListStatements): Promise<Statement[]> {
    return this.proof.read(({ statements }) => statements.list(programme, limit, before));
  }
}

/** The statement of a position; `undefined` if there is none. */
export class GetStatement extends Query<Statement | undefined> {
  constructor(
    readonly programme: string,
    readonly position: number,
  ) {
    super();
  }
}
@QueryHandler(GetStatement)
export class GetStatementHandler implements IQueryHandler<GetStatement> {
  constructor(private readonly proof: Proof) {}
  execute({ programme, position }: GetStatement): Promise<Statement | undefined> {
    return this.proof.read(({ statements }) => statements.at(programme, position));
  }
}

/** A page of a statement's documents in the order of their keys, from a key on. */
export class ReadStatement extends Query<StatedDocument[]> {
  constructor(
    readonly statement: Statement,
    readonly from: string,
    readonly limit: number,
  ) {
    super();
  }
}
@QueryHandler(ReadStatement)
export class ReadStatementHandler implements IQueryHandler<ReadStatement> {
  constructor(private readonly proof: Proof) {}
  execute({ statement, from, limit }: ReadStatement): Promise<StatedDocument[]> {
    return this.proof.read(({ statements }) => statements.documents(statement, from, limit));
  }
}

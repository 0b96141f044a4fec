/** Queries about statements: their list, and the documents of each. */
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PublishedStatement, StatedDocument, Statement } from '../../proof/statements/ports.js';
import { Proof } from '../proof.js';

/** Published statements of a programme, the latest first, of positions before `before`. */
export class ListStatements extends Query<PublishedStatement[]> {
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
  execute({ programme, limit, before }: ListStatements): Promise<PublishedStatement[]> {
    return this.proof.read(({ statements }) => statements.list(programme, limit, before));
  }
}

/** The statement of a position; `undefined` if none is published. */
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
  async execute({ programme, position }: GetStatement): Promise<Statement | undefined> {
    const statement = await this.proof.read(({ statements }) => statements.at(programme, position));
    return statement?.record === undefined ? undefined : statement;
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

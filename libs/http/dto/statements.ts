/** The answers of the routes that read statements. */
import { ApiProperty } from '@nestjs/swagger';
import { statementDefinitions, type StatementDefinition } from '../../domain/statements/commands.js';
import { Code, Field } from './answers.js';

export class StatementBody {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('The position to which its documents are folded.', 4711, { type: 'integer' }) position!: number;
  @Field('The number of its documents.', 198, { type: 'integer' }) size!: number;
  @Field('The root of the Merkle tree over its documents, in hex.', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', {
    pattern: '^[0-9a-f]{64}$',
  })
  root!: string;
  @Field('The position of the record that published it.', 4712, { type: 'integer' }) record!: number;
  @ApiProperty({ enum: statementDefinitions, description: 'What a document is.' }) definition!: StatementDefinition;
}
export class StatementList {
  @ApiProperty({ type: [StatementBody] }) items!: StatementBody[];
}

import { ApiProperty } from '@nestjs/swagger';
import type { Problem } from '../problem.js';

export class FaultBody {
  @ApiProperty({ description: 'The field, or `body` for the whole.', example: 'amount' }) field!: string;
  @ApiProperty({ description: 'What was wrong, and what would be right.' }) message!: string;
}

/** Problem details (RFC 9457). */
export class ProblemBody implements Problem {
  @ApiProperty({ example: 'urn:initiative-ledger:problem:funding-exceeded' }) type!: string;
  @ApiProperty({ example: 'The command was refused' }) title!: string;
  @ApiProperty({ example: 409, type: 'integer' }) status!: number;
  @ApiProperty({ description: 'The rule and the figures, in a sentence.' }) detail!: string;
  @ApiProperty({ description: 'Stable, for programs.', example: 'funding-exceeded' }) code!: string;
  @ApiProperty({ required: false, description: 'The command it is about.' }) commandId?: string;
  @ApiProperty({ required: false, type: 'integer', minimum: 1, description: 'The line of an atomic batch that stopped it.', example: 17 })
  line?: number;
  @ApiProperty({ required: false, description: 'What there was, in minor units.', example: '30000' }) available?: string;
  @ApiProperty({ required: false, description: 'What was asked for, in minor units.', example: '50000' }) requested?: string;
  @ApiProperty({ required: false, type: 'integer', description: 'Where the refusal stands in the programme’s history.' }) position?: number;
  @ApiProperty({ required: false, description: 'SHA-256 of that record, hex.' }) hash?: string;
  @ApiProperty({ required: false, type: [FaultBody], description: 'Every fault of a malformed request.' }) faults?: FaultBody[];
}

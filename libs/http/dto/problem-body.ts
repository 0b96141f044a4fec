import { ApiProperty } from '@nestjs/swagger';
import type { Problem } from '../problem.js';

export class FaultBody {
  @ApiProperty({ description: 'The field, or `body` for the whole body.', example: 'amount' }) field!: string;
  @ApiProperty({ description: 'What is wrong with it, and what would be right.' }) message!: string;
}

/** Problem details (RFC 9457). */
export class ProblemBody implements Problem {
  @ApiProperty({ example: 'urn:initiative-ledger:problem:funding-exceeded' }) type!: string;
  @ApiProperty({ example: 'The command was refused' }) title!: string;
  @ApiProperty({ example: 409, type: 'integer' }) status!: number;
  @ApiProperty({ description: 'A sentence with the rule and the figures.' }) detail!: string;
  @ApiProperty({ description: 'Stable, for programs.', example: 'funding-exceeded' }) code!: string;
  @ApiProperty({ required: false, description: 'The command concerned.' }) commandId?: string;
  @ApiProperty({ required: false, type: 'integer', minimum: 1, description: 'The line of an atomic batch that stopped it.', example: 17 })
  line?: number;
  @ApiProperty({ required: false, description: 'The amount available, in minor units.', example: '30000' }) available?: string;
  @ApiProperty({ required: false, description: 'The amount requested, in minor units.', example: '50000' }) requested?: string;
  @ApiProperty({ required: false, description: 'What open commitments hold beside what is available, in minor units.', example: '20000' })
  committed?: string;
  @ApiProperty({ required: false, type: 'integer', description: 'The position of the refusal in the programme’s history.' })
  position?: number;
  @ApiProperty({ required: false, description: 'SHA-256 of that record, hex.' }) hash?: string;
  @ApiProperty({ required: false, type: [FaultBody], description: 'Every fault of a malformed request.' }) faults?: FaultBody[];
}

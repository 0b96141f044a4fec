/** The bodies of the command routes: a command's data without the fields in its address, and the fields that every body may have. */
import { ApiProperty, IntersectionType, OmitType } from '@nestjs/swagger';
import { initiativeCommandTypes, programmeCommandTypes } from '../../domain/capabilities.js';
import type { Role } from '../../domain/vocabulary.js';
import {
  AdjustAppropriationBody,
  AdjustFundingBody,
  AmendInitiativeBody,
  AmendProgrammeBody,
  CancelInitiativeBody,
  EstablishProgrammeBody,
  FundInitiativeBody,
  GrantAppropriationBody,
  ProposeInitiativeBody,
  RecordSpendingBody,
  ReopenFiscalYearBody,
  ResumeInitiativeBody,
  ReturnFundsBody,
  ReverseSpendingBody,
  SuspendInitiativeBody,
} from './command-bodies.js';

export class PartyBody {
  @ApiProperty({ example: 'ministry-of-finance' }) organisation!: string;
  @ApiProperty({ enum: ['ministry', 'finance'] }) role!: Role;
}

/** The fields that every command's body may have beside its data. */
export class EnvelopeBody {
  @ApiProperty({
    required: false,
    format: 'date',
    example: '2024-03-07',
    description: 'The day it happened, in the programme’s time zone: today if absent, and never later than today.',
  })
  occurredOn?: string;
  @ApiProperty({ required: false, type: PartyBody, description: 'Admins only: the party that they act for.' }) onBehalfOf?: PartyBody;
}

export class EstablishProgrammeRequest extends IntersectionType(EstablishProgrammeBody, EnvelopeBody) {}
export class GrantAppropriationRequest extends IntersectionType(GrantAppropriationBody, EnvelopeBody) {}
export class AdjustAppropriationRequest extends IntersectionType(OmitType(AdjustAppropriationBody, ['fiscalYear']), EnvelopeBody) {}
export class CloseFiscalYearRequest extends EnvelopeBody {}
export class ReopenFiscalYearRequest extends IntersectionType(OmitType(ReopenFiscalYearBody, ['fiscalYear']), EnvelopeBody) {}
export class AmendProgrammeRequest extends IntersectionType(AmendProgrammeBody, EnvelopeBody) {}
export class ProposeInitiativeRequest extends IntersectionType(ProposeInitiativeBody, EnvelopeBody) {
  @ApiProperty({ description: 'Its code, unique in the programme.', example: 'e-notary' }) initiative!: string;
}
export class AmendInitiativeRequest extends IntersectionType(AmendInitiativeBody, EnvelopeBody) {}
export class FundInitiativeRequest extends IntersectionType(FundInitiativeBody, EnvelopeBody) {}
export class AdjustFundingRequest extends IntersectionType(OmitType(AdjustFundingBody, ['fundingId']), EnvelopeBody) {}
export class RecordSpendingRequest extends IntersectionType(RecordSpendingBody, EnvelopeBody) {}
export class ReverseSpendingRequest extends IntersectionType(OmitType(ReverseSpendingBody, ['transactionId']), EnvelopeBody) {}
export class ReturnFundsRequest extends IntersectionType(ReturnFundsBody, EnvelopeBody) {}
export class StartFinalizingRequest extends EnvelopeBody {}
export class FinalizeInitiativeRequest extends EnvelopeBody {}
export class CancelInitiativeRequest extends IntersectionType(CancelInitiativeBody, EnvelopeBody) {}
export class SuspendInitiativeRequest extends IntersectionType(SuspendInitiativeBody, EnvelopeBody) {}
export class ResumeInitiativeRequest extends IntersectionType(ResumeInitiativeBody, EnvelopeBody) {}

/** One line of a batch. */
export class BatchLine {
  @ApiProperty({ example: 'import-17' }) commandId!: string;
  @ApiProperty({ enum: [...programmeCommandTypes, ...initiativeCommandTypes], example: 'RecordSpending' }) type!: string;
  @ApiProperty({ required: false, example: 'e-notary', description: 'For commands to an initiative.' }) initiative?: string;
  @ApiProperty({ required: false, format: 'date', example: '2024-03-07' }) occurredOn?: string;
  @ApiProperty({ required: false, type: 'integer', example: 7 }) expectedVersion?: number;
  @ApiProperty({ required: false, type: PartyBody }) onBehalfOf?: PartyBody;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The command’s data: the body of its own route, and the fields in that route’s address.',
    example: { transactionId: 'T-20', amount: '47500000' },
  })
  data!: object;
}

/** The answers of the routes that read requests. */
import { ApiProperty } from '@nestjs/swagger';
import { approvable, approverRoles, type ApprovableType, type ApproverRole } from '../../domain/requests/approvals.js';
import { requestStatuses, type RequestStatus, type RequestView } from '../../projections/requests/reads.js';
import type { JsonObject } from '../../read-models/ports.js';
import { ActorBody, Code, Cursor, Day, Field, Moment, Money, Total, TotalAtLeast } from './answers.js';
import { ReferenceBody } from './reference-body.js';

const optional = { required: false } as const;
const integer = { type: 'integer' } as const;

export class HeldCommandBody {
  @ApiProperty({ enum: Object.keys(approvable) }) type!: ApprovableType;
  @Field('Absent for a command to the programme itself.', 'e-notary', optional) initiative?: string;
  @Day('The day that it names, or else the day it was sent.', optional) occurredOn?: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As it was sent.' }) data!: JsonObject;
  @ApiProperty({ required: false, type: [ReferenceBody], description: 'The papers that it names.' }) references?: ReferenceBody[];
}

export class PositionsBody {
  @Field('The first position.', 4712, integer) from!: number;
  @Field('The last position.', 4712, integer) to!: number;
}

export class RequestEndBody {
  @Day('The day of its end.') on!: string;
  @Moment('The time of its recording.') at!: string;
  @ApiProperty({ description: 'Who approved, returned or withdrew it.' }) by!: ActorBody;
  @Field('Of the record that ended it.', 4711, integer) position!: number;
  @Field('Why.', 'The amount is not in the plan', optional) reason?: string;
  @ApiProperty({ required: false, description: 'What an approval recorded; absent if the same had happened meanwhile.' })
  recorded?: PositionsBody;
}

/** A command that waits for a second person, and what became of it. */
export class RequestBody implements RequestView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('R-17') requestId!: string;
  @ApiProperty({ enum: requestStatuses }) status!: RequestStatus;
  @ApiProperty({ description: 'The command that waits.' }) command!: HeldCommandBody;
  @Money('The amount that the programme’s rule compares.', optional) amount?: string;
  @Field('SHA-256 of the command’s content.', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', {
    pattern: '^[0-9a-f]{64}$',
  })
  digest!: string;
  @ApiProperty({ enum: approverRoles, description: 'The role of the second person.' }) waitsFor!: ApproverRole;
  @Day('The last day on which it can be approved.') expiresOn!: string;
  @Day('The day on which it was sent.') submittedOn!: string;
  @Moment('The time of its recording.') submittedAt!: string;
  @ApiProperty({ description: 'Who sent it.' }) submittedBy!: ActorBody;
  @Field('The id of the command that waits.', 'fund-1') commandId!: string;
  @Field('Of the record that submitted it.', 4700, integer) position!: number;
  @Field('Days from its submission to its end, to its last day, or to today.', 3, integer) waitedDays!: number;
  @ApiProperty({ required: false, description: 'Absent while it waits, and if it has expired.' }) ended?: RequestEndBody;
}
export class RequestList {
  @ApiProperty({ type: [RequestBody] }) items!: RequestBody[];
  @Cursor() cursor?: string;
  @Total() total?: number;
  @TotalAtLeast() totalAtLeast?: number;
}

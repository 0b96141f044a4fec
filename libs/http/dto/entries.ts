/** The answers of the routes that read entries and notices. */
import { ApiProperty } from '@nestjs/swagger';
import { capabilities, eventTypes, refusalCodes, type RefusalCode } from '../../domain/capabilities.js';
import type { CommandType } from '../../domain/commands.js';
import type { EventType } from '../../domain/events.js';
import type { EntryView } from '../../projections/entries/reads.js';
import { noticeKinds, type NoticeKind } from '../../projections/notices/kinds.js';
import type { NoticeView } from '../../projections/notices/reads.js';
import { ReferenceBody } from './reference-body.js';
import { ActorBody, Code, Cursor, Day, Field, Moment, Money, Total, TotalAtLeast } from './answers.js';

const optional = { required: false } as const;
const integer = { type: 'integer', required: false } as const;

export class RefusalBody {
  @ApiProperty({ enum: Object.keys(capabilities) }) command!: CommandType;
  @ApiProperty({ enum: refusalCodes }) code!: RefusalCode;
  @Field('The rule and the figures.', 'funded 80000, spent 50000: 30000 is left, not 50000') detail!: string;
}

/** An event, or a refused command. */
export class EntryBody implements EntryView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('In the programme’s history.', 4711, { type: 'integer' }) position!: number;
  @Field('Absent for an entry of the programme itself.', 'e-notary', optional) initiative?: string;
  @Field('In its initiative’s or programme’s own history; absent on a refusal.', 7, integer) version?: number;
  @ApiProperty({ enum: [...eventTypes, 'CommandRefused'] }) type!: EventType | 'CommandRefused';
  @Day('The day it happened.') occurredOn!: string;
  @Moment('The time of its recording.') recordedAt!: string;
  @Field('Days from the day it is dated to the day of its recording, in the programme’s time zone.', 2, { type: 'integer' })
  daysLate!: number;
  @Money('The change that it made to a sum, signed.', optional) change?: string;
  @Field('The fiscal year of that sum.', 2024, integer) fiscalYear?: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The data of the event, or of the refused command.' })
  data!: object;
  @ApiProperty({ required: false, description: 'Only on a refusal.' }) refusal?: RefusalBody;
  @ApiProperty({ required: false, type: [ReferenceBody], description: 'The papers that it stands on.' })
  references?: readonly ReferenceBody[];
  @ApiProperty({ required: false, description: 'For readers who may see the sender.' }) actor?: ActorBody;
  @ApiProperty({ required: false, description: 'For readers who may see the sender: who approved it, if it waited for a second person.' })
  approvedBy?: ActorBody;
  @Field('For readers who may see the sender.', 'spend-1', optional) commandId?: string;
  @Field('For readers who may see the sender: SHA-256 of the record.', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', {
    pattern: '^[0-9a-f]{64}$',
    required: false,
  })
  hash?: string;
}
export class EntryList {
  @ApiProperty({ type: [EntryBody] }) items!: EntryBody[];
  @Cursor() cursor?: string;
  @Total() total?: number;
  @TotalAtLeast() totalAtLeast?: number;
}

/** What somebody should look at. */
export class NoticeBody implements NoticeView {
  @Code('digital-kyrgyzstan') programme!: string;
  @ApiProperty({ enum: noticeKinds }) kind!: NoticeKind;
  @Field('Of an initiative’s notice.', 'e-notary', optional) initiative?: string;
  @Field('Of an initiative’s notice.', 'ministry-of-justice', optional) authority?: string;
  @Field('Of a fiscal year’s notice.', 2024, integer) fiscalYear?: number;
  @Field('The threshold that was reached, in percent.', 85, integer) percent?: number;
  @Field('The milestone, indicator or assessment that it is about.', 'M-1', optional) about?: string;
  @Day('The day since which it is due.') since!: string;
  @Field('Of the record that caused it.', 4711, { type: 'integer' }) position!: number;
}
export class NoticeList {
  @ApiProperty({ type: [NoticeBody] }) items!: NoticeBody[];
  @Cursor() cursor?: string;
}

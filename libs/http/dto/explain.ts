/** The answer of the route that explains figures. */
import { ApiProperty } from '@nestjs/swagger';
import { eventTypes } from '../../domain/capabilities.js';
import type { EventType } from '../../domain/events.js';
import type { AmountChanges, EffectView, PartView } from '../../projections/explain/effects.js';
import { figureNames, type FigureName } from '../../projections/explain/figures.js';
import type { Explanation } from '../../projections/explain/reads.js';
import type { Amount } from '../../projections/totals/formulas.js';
import { amounts } from '../../projections/totals/totals.js';
import { Code, Cursor, Day, Field, Moment, Money, optional } from './answers.js';

export class AmountChangesBody implements AmountChanges {
  @Money('What it appropriated.', optional) appropriated?: string;
  @Money('What it funded.', optional) funded?: string;
  @Money('What it spent.', optional) spent?: string;
  @Money('What it returned.', optional) returned?: string;
  @Money('What it committed.', optional) committed?: string;
}

/** An event that changes a figure. */
export class EffectBody implements EffectView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('In the programme’s history.', 4711, { type: 'integer' }) position!: number;
  @Field('Absent for an event of the programme itself.', 'e-notary', optional) initiative?: string;
  @Field('In its initiative’s or programme’s own history.', 7, { type: 'integer' }) version!: number;
  @ApiProperty({ enum: eventTypes }) type!: EventType;
  @Day('The day it happened.') occurredOn!: string;
  @Moment('The time of its recording.') recordedAt!: string;
  @Money('What it adds to the figure; negative if it takes away.') effect!: string;
  @Money('The figure after it: its effect and those of all events before it.') sum!: string;
  @ApiProperty({
    required: false,
    description: 'The signed changes behind the effect, for a figure that is made of several amounts; those that stay are absent.',
  })
  changes?: AmountChangesBody;
}

export class PartBody implements PartView {
  @ApiProperty({ enum: amounts }) amount!: Amount;
  @Field('Whether it is added or subtracted.', '-', { enum: ['+', '-'] }) sign!: '+' | '-';
  @Money('Its own sum.') sum!: string;
}

export class ExplanationBody implements Explanation {
  @Code('digital-kyrgyzstan') programme!: string;
  @ApiProperty({ enum: figureNames }) figure!: FigureName;
  @Money('The figure.') sum!: string;
  @Money('What the events before this page add up to.') before!: string;
  @Field('The last position that counts.', 4711, { type: 'integer' }) position!: number;
  @ApiProperty({ type: [PartBody], required: false, description: 'The amounts that make it up; absent for a figure that is one amount.' })
  parts?: PartBody[];
  @ApiProperty({
    type: 'integer',
    isArray: true,
    required: false,
    description: 'The fiscal years that it counts; only of available and lapsed of a programme, which choose among them.',
  })
  fiscalYears?: number[];
  @ApiProperty({ type: [EffectBody] }) items!: EffectBody[];
  @Cursor() cursor?: string;
}

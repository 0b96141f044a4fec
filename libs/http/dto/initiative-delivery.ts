/** What an initiative's document says of its delivery. The compiler checks it against the ledger's types. */
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ratings, type Rating } from '../../domain/delivery/commands.js';
import { roles, type Role } from '../../domain/vocabulary.js';
import type { AssessmentView, ProgressView } from '../../projections/delivery/initiative-delivery.js';

const Said = (description: string, example: string) => ApiProperty({ description, example });
const Day = (description: string, more: ApiPropertyOptions = {}) =>
  ApiProperty({ description, example: '2024-03-07', format: 'date', ...more });
const Count = (description: string, more: ApiPropertyOptions = {}) => ApiProperty({ description, example: 2, type: 'integer', ...more });

export class ProgressBody implements ProgressView {
  @Count('Physical progress.', { minimum: 0, maximum: 100 }) percent!: number;
  @Day('The day that it was reported for.') on!: string;
  @Said('What was done.', 'Two of three offices work with it') note!: string;
  @Count('Of the record that reported it, in the programme’s history.') position!: number;
}
export class AssessmentBody implements AssessmentView {
  @ApiProperty({ example: 'C-1' }) assessmentId!: string;
  @ApiProperty({ enum: ratings }) rating!: Rating;
  @Said('What the rating rests on.', 'The tender is three months late') narrative!: string;
  @Day('The day of the assessment.') on!: string;
  @Day('The last day on which it counts.') validUntil!: string;
  @Said('Whose assessment it is.', 'chamber-of-accounts') organisation!: string;
  @ApiProperty({ enum: roles }) role!: Role;
  @Count('Of its record, in the programme’s history.') position!: number;
}
export class ConfidenceBody {
  @ApiProperty({ required: false, description: 'The latest by the authority that ran the initiative then.' }) own?: AssessmentBody;
  @ApiProperty({ required: false, description: 'The latest by any other organisation.' }) independent?: AssessmentBody;
}
export class MilestoneCountsBody {
  @Count('Milestones.') planned!: number;
  @Count('Those last reported as met.') met!: number;
  @Count('How often any of them was forecast again.') reforecasts!: number;
  @Day('The first day by which one is expected that is not met; absent if all are.', { required: false }) next?: string;
}
export class IndicatorCountsBody {
  @Count('Indicators.') defined!: number;
  @Count('Results of any of them.') results!: number;
}

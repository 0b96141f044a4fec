/** The answer of the route that reads commitments. The compiler checks it against the ledger's types. */
import { ApiProperty } from '@nestjs/swagger';
import { commitmentChangeKinds, type CommitmentChangeKind } from '../../domain/commitments/commands.js';
import {
  commitmentStatuses,
  type CommitmentChangeView,
  type CommitmentStatus,
  type CommitmentView,
  type DrawingView,
  type ReleaseView,
} from '../../projections/commitments/commitment-view.js';
import { Code, Cursor, Day, Field, Money, optional } from './answers.js';

const Position = () => Field('In the programme’s history.', 4711, { type: 'integer' });

export class CommitmentChangeBody implements CommitmentChangeView {
  @Field('Unique among the changes of the initiative’s commitments.', 'C-7-1') changeId!: string;
  @ApiProperty({ enum: commitmentChangeKinds, description: 'What of the contract changed.' }) kind!: CommitmentChangeKind;
  @Money('The signed change of its value; absent if the value stayed.', optional) change?: string;
  @Day('The new day on which the contract is to be fulfilled.', optional) plannedEnd?: string;
  @Field('Why it changed.', 'A second site was added') reason!: string;
  @Position() position!: number;
  @Day('The day it happened.') occurredOn!: string;
}
export class DrawingBody implements DrawingView {
  @Field('The payment’s id.', 'T-19') transactionId!: string;
  @Money('The amount paid out.') amount!: string;
  @Money('Σ its reversals.') reversed!: string;
  @Field('The recipient of the payment.', 'Notary Systems', optional) payee?: string;
  @Position() position!: number;
  @Day('The day it happened.') occurredOn!: string;
}
export class ReleaseBody implements ReleaseView {
  @Day('The day of its release.') on!: string;
  @Position() position!: number;
  @Money('What was open and came free.') amount!: string;
  @Field('Why it was released; absent if a cancellation released it.', 'The supplier delivered less', optional) reason?: string;
  @Field('True if the cancellation of its initiative released it.', true, optional) automatic?: boolean;
}
export class CommitmentBody implements CommitmentView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
  @Field('Unique among the initiative’s commitments.', 'C-7') commitmentId!: string;
  @Field('Who the money is promised to.', 'Notary Systems') supplier!: string;
  @Field('The number of the contract.', '2024/17', optional) contract?: string;
  @Field('The open contracting id of the contract (OCDS).', 'ocds-213czf-000-00017', optional) ocid?: string;
  @Day('The day on which the contract is to be fulfilled, as last changed.', optional) plannedEnd?: string;
  @ApiProperty({ enum: commitmentStatuses, description: '`open` with money left, `drawn` with none left, or `released`.' })
  status!: CommitmentStatus;
  @Field('The year that its money is committed in.', 2024, { type: 'integer' }) fiscalYear!: number;
  @Day('The day it was made.') madeOn!: string;
  @Position() position!: number;
  @Money('Its value as made.') firstAmount!: string;
  @Money('Its value as last changed.') amount!: string;
  @Money('Σ drawings less what reversals gave back.') drawn!: string;
  @Money('amount − drawn; 0 once it is released.') open!: string;
  @ApiProperty({ type: [CommitmentChangeBody], description: 'Its latest changes, 20 at most, in the order of recording.' })
  changes!: CommitmentChangeBody[];
  @Field('The number of all changes.', 2, { type: 'integer' }) changesTotal!: number;
  @ApiProperty({ type: [DrawingBody], description: 'Its latest drawings, 500 at most, in the order of recording.' })
  drawings!: DrawingBody[];
  @Field('The number of all drawings.', 3, { type: 'integer' }) drawingsTotal!: number;
  @ApiProperty({ required: false, description: 'How it was released.' }) released?: ReleaseBody;
}
export class CommitmentList {
  @ApiProperty({ type: [CommitmentBody] }) items!: CommitmentBody[];
  @Cursor() cursor?: string;
}

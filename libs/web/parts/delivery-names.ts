/** The names of the words of delivery in the messages of the pages. */
import type { MilestoneKind, MilestoneStatus, Rating } from '../../domain/delivery/commands.js';
import type { MessageKey } from '../messages/en.js';

export const milestoneKindNames: { readonly [K in MilestoneKind]: MessageKey } = {
  preProcurement: 'kindPreProcurement',
  approval: 'kindApproval',
  engagement: 'kindEngagement',
  assessment: 'kindAssessment',
  delivery: 'kindDelivery',
  reporting: 'kindReporting',
  financing: 'kindFinancing',
};
export const milestoneStatusNames: { readonly [S in MilestoneStatus]: MessageKey } = {
  met: 'milestoneMet',
  'partially-met': 'milestonePartlyMet',
  'not-met': 'milestoneNotMet',
};
export const ratingNames: { readonly [R in Rating]: MessageKey } = { green: 'ratingGreen', amber: 'ratingAmber', red: 'ratingRed' };

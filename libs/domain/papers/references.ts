/** The papers that an entry stands on. The ledger keeps what is said of a paper, and its digest; the file stays where it is, and the digest proves it. */
import { canonicalText } from '../canonical-text.js';

/** The document types of OC4IDS (open-contracting.org/infrastructure, codelist `documentType`), and the papers that public money moves on. */
export const referenceTypes = [
  ...['contract', 'invoice', 'legalAct', 'ocid'],
  ...['needsAssessment', 'valueForMoneyAnalysis', 'technicalSpecifications', 'serviceDescription', 'estimatedDemand', 'contractDraft'],
  ...['contractSchedule', 'contractSigned', 'feasibilityStudy', 'environmentalImpact', 'finalAudit', 'tenderNotice', 'evaluationCommittee'],
  ...['requestForQualification', 'evaluationCriteria', 'minutes', 'shortlistedFirms', 'negotiationParameters', 'evaluationReports'],
  ...['contractGuarantees', 'defaultEvents', 'termination', 'performanceReport', 'awardNotice', 'contractNotice', 'completionCertificate'],
  ...['procurementPlan', 'biddingDocuments', 'contractArrangements', 'physicalProgressReport', 'financialProgressReport', 'hearingNotice'],
  ...[
    'marketStudies',
    'eligibilityCriteria',
    'clarifications',
    'assetAndLiabilityAssessment',
    'riskProvisions',
    'winningBid',
    'complaints',
  ],
  ...['contractAnnexe', 'subContract', 'projectPlan', 'billOfQuantity', 'bidders', 'conflictOfInterest', 'debarments', 'illustration'],
  ...['submissionDocuments', 'contractSummary', 'cancellationDetails', 'projectScope', 'landAndSettlementImpact', 'projectEvaluation'],
  'budgetApproval',
] as const satisfies readonly string[];

export type ReferenceType = (typeof referenceTypes)[number];

/** What is said of one paper. */
export type Reference = {
  /** One of {@link referenceTypes}. */
  type: string;
  /** Its number or name among papers of its type, as written on it. */
  id: string;
  title?: string;
  /** The address of the file. */
  url?: string;
  /** SHA-256 of the file's bytes, hex. */
  sha256?: string;
  /** The file's size in bytes. */
  size?: number;
  /** The file's media type (RFC 6838). */
  mediaType?: string;
};

/** The largest number of papers of one entry. */
export const mostReferences = 10;

/** The content by which the same movement is known again: its data, and its papers if it names some. */
export function contentOf({ data, references }: { data: object; references?: readonly Reference[] }): string {
  return canonicalText(references ? { data, references } : data);
}

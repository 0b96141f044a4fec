/** The names of the types of papers: those of OC4IDS, and the papers that public money moves on. */
import type { ReferenceType } from '../../domain/papers/references.js';
import type { Language } from '../speech.js';

type Names = { readonly [L in Language]: string };

export const paperNames: { readonly [T in ReferenceType]: Names } = {
  contract: { en: 'Contract', ru: 'Договор', ky: 'Келишим' },
  invoice: { en: 'Invoice', ru: 'Счёт', ky: 'Эсеп-фактура' },
  legalAct: { en: 'Legal act', ru: 'Правовой акт', ky: 'Укуктук акт' },
  ocid: { en: 'Open contract', ru: 'Открытый контракт', ky: 'Ачык келишим' },
  contractSigned: { en: 'Signed contract', ru: 'Подписанный договор', ky: 'Кол коюлган келишим' },
  completionCertificate: { en: 'Completion certificate', ru: 'Акт о завершении работ', ky: 'Иштин аякташы жөнүндө акт' },
  budgetApproval: { en: 'Budget approval', ru: 'Утверждение бюджета', ky: 'Бюджетти бекитүү' },
  minutes: { en: 'Minutes', ru: 'Протокол', ky: 'Протокол' },
  needsAssessment: { en: 'Needs assessment', ru: 'Оценка потребностей', ky: 'Муктаждыктарды баалоо' },
  feasibilityStudy: { en: 'Feasibility study', ru: 'Технико-экономическое обоснование', ky: 'Техникалык-экономикалык негиздеме' },
  valueForMoneyAnalysis: { en: 'Value-for-money analysis', ru: 'Анализ эффективности затрат', ky: 'Чыгымдардын натыйжалуулугун талдоо' },
  environmentalImpact: { en: 'Environmental impact', ru: 'Воздействие на окружающую среду', ky: 'Айлана-чөйрөгө таасир' },
  landAndSettlementImpact: {
    en: 'Impact on land and settlements',
    ru: 'Воздействие на землю и поселения',
    ky: 'Жерге жана калктуу конуштарга таасир',
  },
  assetAndLiabilityAssessment: {
    en: 'Assessment of assets and liabilities',
    ru: 'Оценка активов и обязательств',
    ky: 'Активдерди жана милдеттенмелерди баалоо',
  },
  riskProvisions: { en: 'Provisions for risks', ru: 'Положения о рисках', ky: 'Тобокелдиктер боюнча жоболор' },
  projectPlan: { en: 'Project plan', ru: 'План проекта', ky: 'Долбоордун планы' },
  projectScope: { en: 'Project scope', ru: 'Объём проекта', ky: 'Долбоордун көлөмү' },
  projectEvaluation: { en: 'Project evaluation', ru: 'Оценка проекта', ky: 'Долбоорду баалоо' },
  procurementPlan: { en: 'Procurement plan', ru: 'План закупок', ky: 'Сатып алуулар планы' },
  marketStudies: { en: 'Market study', ru: 'Исследование рынка', ky: 'Рынокту изилдөө' },
  estimatedDemand: { en: 'Estimated demand', ru: 'Оценка спроса', ky: 'Суроо-талапты баалоо' },
  serviceDescription: { en: 'Description of services', ru: 'Описание услуг', ky: 'Кызматтардын сыпаттамасы' },
  technicalSpecifications: { en: 'Technical specifications', ru: 'Техническое задание', ky: 'Техникалык тапшырма' },
  billOfQuantity: { en: 'Bill of quantities', ru: 'Ведомость объёмов работ', ky: 'Иш көлөмүнүн ведомосту' },
  tenderNotice: { en: 'Tender notice', ru: 'Объявление о тендере', ky: 'Тендер жөнүндө жарыя' },
  biddingDocuments: { en: 'Bidding documents', ru: 'Тендерная документация', ky: 'Тендердик документация' },
  eligibilityCriteria: { en: 'Eligibility criteria', ru: 'Критерии допуска', ky: 'Катышууга уруксат критерийлери' },
  evaluationCriteria: { en: 'Evaluation criteria', ru: 'Критерии оценки', ky: 'Баалоо критерийлери' },
  requestForQualification: { en: 'Request for qualification', ru: 'Запрос квалификации', ky: 'Квалификация боюнча суроо-талап' },
  clarifications: { en: 'Clarifications', ru: 'Разъяснения', ky: 'Түшүндүрмөлөр' },
  hearingNotice: { en: 'Notice of a hearing', ru: 'Объявление о слушаниях', ky: 'Угуулар жөнүндө жарыя' },
  shortlistedFirms: { en: 'Shortlist', ru: 'Короткий список', ky: 'Кыска тизме' },
  bidders: { en: 'List of bidders', ru: 'Список участников тендера', ky: 'Тендердин катышуучуларынын тизмеси' },
  submissionDocuments: { en: 'Submitted bid', ru: 'Документы заявки', ky: 'Өтүнмөнүн документтери' },
  evaluationCommittee: { en: 'Evaluation committee', ru: 'Оценочная комиссия', ky: 'Баалоо комиссиясы' },
  evaluationReports: { en: 'Evaluation report', ru: 'Отчёт об оценке', ky: 'Баалоо отчёту' },
  negotiationParameters: { en: 'Negotiation parameters', ru: 'Условия переговоров', ky: 'Сүйлөшүүлөрдүн шарттары' },
  winningBid: { en: 'Winning bid', ru: 'Заявка победителя', ky: 'Жеңүүчүнүн өтүнмөсү' },
  awardNotice: { en: 'Award notice', ru: 'Уведомление о победителе', ky: 'Жеңүүчү жөнүндө билдирүү' },
  complaints: { en: 'Complaints', ru: 'Жалобы', ky: 'Даттануулар' },
  conflictOfInterest: { en: 'Conflict of interest', ru: 'Конфликт интересов', ky: 'Кызыкчылыктардын кагылышуусу' },
  debarments: { en: 'Debarments', ru: 'Отстранения от закупок', ky: 'Сатып алуулардан четтетүүлөр' },
  contractNotice: { en: 'Contract notice', ru: 'Уведомление о договоре', ky: 'Келишим жөнүндө билдирүү' },
  contractDraft: { en: 'Draft contract', ru: 'Проект договора', ky: 'Келишимдин долбоору' },
  contractArrangements: { en: 'Arrangements for the contract', ru: 'Порядок исполнения договора', ky: 'Келишимди аткаруу тартиби' },
  contractSchedule: { en: 'Schedule of the contract', ru: 'График договора', ky: 'Келишимдин графиги' },
  contractAnnexe: { en: 'Annex to the contract', ru: 'Приложение к договору', ky: 'Келишимге тиркеме' },
  contractGuarantees: { en: 'Guarantees of the contract', ru: 'Гарантии по договору', ky: 'Келишим боюнча кепилдиктер' },
  contractSummary: { en: 'Summary of the contract', ru: 'Сводка договора', ky: 'Келишимдин кыскача мазмуну' },
  subContract: { en: 'Subcontract', ru: 'Субподрядный договор', ky: 'Субподряд келишими' },
  defaultEvents: { en: 'Events of default', ru: 'Случаи неисполнения', ky: 'Аткарбоо учурлары' },
  termination: { en: 'Termination', ru: 'Расторжение', ky: 'Келишимди бузуу' },
  cancellationDetails: { en: 'Details of the cancellation', ru: 'Сведения об отмене', ky: 'Жокко чыгаруу жөнүндө маалымат' },
  performanceReport: { en: 'Performance report', ru: 'Отчёт об исполнении', ky: 'Аткаруу жөнүндө отчёт' },
  physicalProgressReport: { en: 'Report on physical progress', ru: 'Отчёт о ходе работ', ky: 'Иштин жүрүшү жөнүндө отчёт' },
  financialProgressReport: { en: 'Report on financial progress', ru: 'Финансовый отчёт', ky: 'Каржылык отчёт' },
  finalAudit: { en: 'Final audit', ru: 'Итоговый аудит', ky: 'Жыйынтыктоочу аудит' },
  illustration: { en: 'Illustration', ru: 'Иллюстрация', ky: 'Иллюстрация' },
};

/** The name of a paper's type; the type itself if it is none that the ledger knows. */
export function paperName(type: string, language: Language): string {
  return isPaperType(type) ? paperNames[type][language] : type;
}
function isPaperType(type: string): type is ReferenceType {
  return Object.hasOwn(paperNames, type);
}

/** Every refusal of the ledger as a sentence for people. The figures and the rule's own sentence, in English, stand beside it. */
import type { RefusalCode } from '../../../domain/capabilities.js';
import type { Language } from '../../speech.js';

type Sentences = { readonly [L in Language]: string };

const refusals: { readonly [C in RefusalCode]: Sentences } = {
  forbidden: {
    en: 'Your role or organisation may not do this.',
    ru: 'Ваша роль или организация не вправе это делать.',
    ky: 'Сиздин ролуңуз же уюмуңуз муну жасай албайт.',
  },
  'unknown-programme': { en: 'There is no such programme.', ru: 'Такой программы нет.', ky: 'Мындай программа жок.' },
  'unknown-initiative': { en: 'There is no such initiative.', ru: 'Такой инициативы нет.', ky: 'Мындай демилге жок.' },
  'version-mismatch': {
    en: 'Somebody changed this in the meantime. Look at it again.',
    ru: 'Тем временем это изменил кто-то другой. Посмотрите ещё раз.',
    ky: 'Бул арада муну башка бирөө өзгөрттү. Кайра карап көрүңүз.',
  },
  'command-id-reused': {
    en: 'Another entry was sent under the same key. Check the form again.',
    ru: 'Под этим ключом уже отправлена другая запись. Проверьте форму ещё раз.',
    ky: 'Ушул ачкыч менен башка жазуу жөнөтүлгөн. Форманы кайра текшериңиз.',
  },
  'date-out-of-order': {
    en: 'The day is after today, or before what it refers to.',
    ru: 'Дата позже сегодняшней или раньше того, к чему она относится.',
    ky: 'Күн бүгүнкү күндөн кеч же ал тиешелүү болгон жазуудан эрте.',
  },
  undecidable: {
    en: 'The ledger could not decide this. Its operators have been alarmed.',
    ru: 'Реестр не смог принять решение. Операторам отправлен сигнал.',
    ky: 'Реестр чечим чыгара алган жок. Операторлорго кабар берилди.',
  },
  'clock-behind': {
    en: 'The ledger’s clock is wrong. Try again later.',
    ru: 'Часы реестра идут неверно. Попробуйте позже.',
    ky: 'Реестрдин сааты туура эмес. Кийинчерээк кайталаңыз.',
  },
  'wrong-status': {
    en: 'This is not possible in the initiative’s present status.',
    ru: 'В нынешнем статусе инициативы это невозможно.',
    ky: 'Демилгенин азыркы абалында бул мүмкүн эмес.',
  },
  'statement-ordered': {
    en: 'A statement is ordered already. Order another one when it is published.',
    ru: 'Отчёт о состоянии уже заказан. Закажите следующий, когда он будет опубликован.',
    ky: 'Абал отчётуна мурунтан эле буйрутма берилген. Кийинкисине ал жарыялангандан кийин буйрутма бериңиз.',
  },
  'statement-ahead': {
    en: 'The statement is about entries that are not recorded yet.',
    ru: 'Сводка касается записей, которых ещё нет.',
    ky: 'Жыйынтык али жазыла элек жазууларга тиешелүү.',
  },
  'statement-exists': {
    en: 'There is a statement of this or a later state already.',
    ru: 'Сводка этого или более позднего состояния уже есть.',
    ky: 'Ушул же андан кийинки абалдын жыйынтыгы мурунтан эле бар.',
  },
  'programme-exists': { en: 'The programme exists already.', ru: 'Такая программа уже есть.', ky: 'Мындай программа мурунтан эле бар.' },
  'appropriation-exists': {
    en: 'Money is appropriated for this year already. Adjust the appropriation instead.',
    ru: 'Ассигнование на этот год уже есть. Измените его.',
    ky: 'Бул жылга каражат мурунтан эле бөлүнгөн. Жаңысын бөлбөй, ошону өзгөртүңүз.',
  },
  'fiscal-year-closed': { en: 'The fiscal year is closed.', ru: 'Финансовый год закрыт.', ky: 'Каржы жылы жабылган.' },
  'fiscal-year-open': { en: 'The fiscal year is open.', ru: 'Финансовый год открыт.', ky: 'Каржы жылы ачык.' },
  'fiscal-year-not-over': {
    en: 'The fiscal year is not over yet.',
    ru: 'Финансовый год ещё не закончился.',
    ky: 'Каржы жылы али бүтө элек.',
  },
  'unknown-fiscal-year': {
    en: 'Nothing was appropriated, funded or spent in this year.',
    ru: 'В этом году ничего не ассигновано, не профинансировано и не израсходовано.',
    ky: 'Бул жылы каражат бөлүнгөн да, каржыланган да, сарпталган да эмес.',
  },
  'year-has-open-funds': {
    en: 'Initiatives still hold money of this year. It must be spent or returned first.',
    ru: 'У инициатив ещё есть деньги этого года. Сначала их нужно израсходовать или вернуть.',
    ky: 'Демилгелерде бул жылдын каражаты дагы эле бар. Адегенде аны сарптоо же кайтаруу керек.',
  },
  'amount-too-large': {
    en: 'The total would be larger than the ledger can hold.',
    ru: 'Итог был бы больше, чем вмещает реестр.',
    ky: 'Жалпы сумма реестр сыйдыра алгандан чоң болуп калат.',
  },
  'appropriation-adjustment-exists': {
    en: 'Another adjustment has this number.',
    ru: 'Под этим номером уже есть другое изменение.',
    ky: 'Ушул номердеги башка өзгөртүү бар.',
  },
  'unknown-appropriation': {
    en: 'No law has granted an appropriation for this year yet.',
    ru: 'Законом на этот год ещё ничего не ассигновано.',
    ky: 'Бул жылга мыйзам менен каражат бөлүнө элек.',
  },
  'appropriation-below-funding': {
    en: 'More than that is funded already.',
    ru: 'Уже профинансировано больше этой суммы.',
    ky: 'Буга чейин андан көп каржыланган.',
  },
  'unknown-request': { en: 'There is no such request.', ru: 'Такого запроса нет.', ky: 'Мындай сурам жок.' },
  'request-ended': {
    en: 'This request was decided or withdrawn already.',
    ru: 'По этому запросу уже принято решение, или он отозван.',
    ky: 'Бул сурам боюнча чечим кабыл алынган же ал кайра алынган.',
  },
  'request-expired': {
    en: 'This request has expired. Its sender may send the entry again.',
    ru: 'Срок этого запроса истёк. Отправитель может внести запись ещё раз.',
    ky: 'Бул сурамдын мөөнөтү өттү. Жөнөтүүчү жазууну кайра жөнөтсө болот.',
  },
  'separation-of-duties': {
    en: 'Somebody else must do this: you took the step before it.',
    ru: 'Это должен сделать другой человек: предыдущий шаг сделали вы.',
    ky: 'Муну башка адам жасашы керек: мурунку кадамды сиз жасагансыз.',
  },
  'nothing-to-amend': { en: 'This changes nothing.', ru: 'Это ничего не меняет.', ky: 'Бул эч нерсени өзгөртпөйт.' },
  'title-languages': {
    en: 'A title needs between 1 and 20 languages.',
    ru: 'У названия должно быть от 1 до 20 языков.',
    ky: 'Аталыш 1ден 20га чейинки тилде болушу керек.',
  },
  'initiative-exists': {
    en: 'Another initiative of the programme has this code.',
    ru: 'В программе уже есть инициатива с этим кодом.',
    ky: 'Программада мындай коду бар демилге бар.',
  },
  'period-out-of-order': {
    en: 'The planned end is before the planned start.',
    ru: 'Плановый конец раньше планового начала.',
    ky: 'Пландалган аягы башталышынан мурун.',
  },
  'funding-exists': {
    en: 'Another funding of the initiative has this number.',
    ru: 'У инициативы уже есть другое финансирование с этим номером.',
    ky: 'Демилгеде ушул номердеги башка каржылоо бар.',
  },
  'initiative-suspended': {
    en: 'The initiative is suspended. Finance resumes it first.',
    ru: 'Инициатива приостановлена. Сначала её должен возобновить Минфин.',
    ky: 'Демилге токтотулган. Адегенде аны Каржы министрлиги улантышы керек.',
  },
  'appropriation-exceeded': {
    en: 'The year’s appropriation does not have that much left.',
    ru: 'В ассигновании года столько не осталось.',
    ky: 'Жылдын бөлүнгөн каражатынан мынча калган жок.',
  },
  'adjustment-exists': {
    en: 'Another adjustment of the initiative has this number.',
    ru: 'У инициативы уже есть другое изменение с этим номером.',
    ky: 'Демилгеде ушул номердеги башка өзгөртүү бар.',
  },
  'unknown-funding': { en: 'There is no such funding.', ru: 'Такого финансирования нет.', ky: 'Мындай каржылоо жок.' },
  'funding-below-spending': {
    en: 'More than that is spent or returned already.',
    ru: 'Уже израсходовано или возвращено больше этой суммы.',
    ky: 'Буга чейин андан көп сарпталган же кайтарылган.',
  },
  'transaction-exists': {
    en: 'Another payment of the initiative has this number.',
    ru: 'У инициативы уже есть другой платёж с этим номером.',
    ky: 'Демилгеде ушул номердеги башка төлөм бар.',
  },
  'funding-exceeded': {
    en: 'The initiative does not have that much left to spend.',
    ru: 'У инициативы не осталось столько денег.',
    ky: 'Демилгеде мынча каражат калган жок.',
  },
  'reversal-exists': {
    en: 'Another reversal of the initiative has this number.',
    ru: 'У инициативы уже есть другая отмена с этим номером.',
    ky: 'Демилгеде ушул номердеги башка жокко чыгаруу бар.',
  },
  'unknown-spending': { en: 'There is no such payment.', ru: 'Такого платежа нет.', ky: 'Мындай төлөм жок.' },
  'reversal-exceeds-spending': {
    en: 'The payment is smaller, or a part of it is reversed already.',
    ru: 'Платёж меньше, или часть его уже отменена.',
    ky: 'Төлөм андан аз, же анын бир бөлүгү буга чейин жокко чыгарылган.',
  },
  'return-exists': {
    en: 'Another return of the initiative has this number.',
    ru: 'У инициативы уже есть другой возврат с этим номером.',
    ky: 'Демилгеде ушул номердеги башка кайтаруу бар.',
  },
  'return-exceeds-unspent': {
    en: 'The initiative has less than that unspent.',
    ru: 'У инициативы осталось меньше этой суммы.',
    ky: 'Демилгеде андан аз каражат калган.',
  },
  'commitment-exists': {
    en: 'Another commitment of the initiative has this number.',
    ru: 'У инициативы уже есть другое обязательство с этим номером.',
    ky: 'Демилгеде ушул номердеги башка милдеттенме бар.',
  },
  'commitment-change-exists': {
    en: 'Another change of the initiative’s commitments has this number.',
    ru: 'Под этим номером уже есть другое изменение обязательств инициативы.',
    ky: 'Демилгенин милдеттенмелеринин ушул номердеги башка өзгөртүүсү бар.',
  },
  'unknown-commitment': { en: 'There is no such commitment.', ru: 'Такого обязательства нет.', ky: 'Мындай милдеттенме жок.' },
  'commitment-released': {
    en: 'The commitment was released. A new contract is a new commitment.',
    ru: 'Обязательство снято. Новый договор — это новое обязательство.',
    ky: 'Милдеттенме бошотулган. Жаңы келишим — бул жаңы милдеттенме.',
  },
  'commitment-exceeds-funding': {
    en: 'The initiative does not have that much free money.',
    ru: 'У инициативы нет столько свободных денег.',
    ky: 'Демилгеде мынча бош каражат жок.',
  },
  'commitment-below-spending': {
    en: 'More than that is drawn from the commitment already.',
    ru: 'По обязательству уже израсходовано больше этой суммы.',
    ky: 'Милдеттенме боюнча буга чейин андан көп сарпталган.',
  },
  'commitment-exceeded': {
    en: 'The commitment does not have that much left.',
    ru: 'В обязательстве столько не осталось.',
    ky: 'Милдеттенмеде мынча каражат калган жок.',
  },
  'too-many-commitments': {
    en: 'The initiative has 200 open commitments, the most it may have. Release those that are over.',
    ru: 'У инициативы уже 200 открытых обязательств — больше нельзя. Снимите те, что завершены.',
    ky: 'Демилгеде 200 ачык милдеттенме бар, мындан көп болбойт. Бүткөндөрүн бошотуңуз.',
  },
  'open-commitments': {
    en: 'Commitments are still open. Each must be drawn or released first.',
    ru: 'Есть открытые обязательства. Сначала каждое нужно исполнить или снять.',
    ky: 'Ачык милдеттенмелер бар. Адегенде ар бири аткарылышы же бошотулушу керек.',
  },
  'transfer-exists': {
    en: 'The initiative has given another transfer with this number.',
    ru: 'У инициативы уже есть другая передача с этим номером.',
    ky: 'Демилгеде ушул номердеги башка которуу бар.',
  },
  'transfer-to-itself': {
    en: 'Money is transferred to another initiative, not to the same one.',
    ru: 'Деньги передают другой инициативе, а не ей же самой.',
    ky: 'Каражат башка демилгеге которулат, ошол эле демилгеге эмес.',
  },
  'unknown-taker': {
    en: 'There is no initiative with this code to take the money.',
    ru: 'Инициативы с таким кодом, которая получит деньги, нет.',
    ky: 'Каражат ала турган мындай коддуу демилге жок.',
  },
  'transfer-exceeds-unspent': {
    en: 'The initiative has less than that unspent, so it cannot transfer that much.',
    ru: 'У инициативы осталось меньше этой суммы, столько передать нельзя.',
    ky: 'Демилгеде андан аз каражат калган, мынча которууга болбойт.',
  },
  'carry-over-exists': {
    en: 'Another carry-over of the initiative has this number.',
    ru: 'У инициативы уже есть другой перенос с этим номером.',
    ky: 'Демилгеде кийинки жылга өткөрүүнүн ушул номердеги башка жазуусу бар.',
  },
  'carry-over-multi-year': {
    en: 'The programme’s money is spent in any year, so nothing needs carrying over.',
    ru: 'Деньги этой программы можно расходовать в любом году, переносить их не нужно.',
    ky: 'Бул программанын каражатын каалаган жылы сарптоого болот, аны кийинки жылга өткөрүүнүн кереги жок.',
  },
  'carry-over-exceeds-unspent': {
    en: 'The initiative has less than that left of the year.',
    ru: 'У инициативы осталось меньше денег этого года.',
    ky: 'Демилгеде бул жылдын каражатынан андан аз калган.',
  },
  'carry-over-splits-commitment': {
    en: 'The amount would split a commitment. A commitment is carried over whole, the oldest first.',
    ru: 'Сумма разделила бы обязательство. Обязательства переносятся целиком, начиная с самого раннего.',
    ky: 'Бул сумма милдеттенмени бөлүп салат. Милдеттенмелер эң эскисинен баштап толугу менен өткөрүлөт.',
  },
  'unspent-funds': {
    en: 'Money is still unspent. It must be spent or returned first.',
    ru: 'Есть неизрасходованные деньги. Сначала их нужно израсходовать или вернуть.',
    ky: 'Сарпталбаган каражат бар. Адегенде аны сарптоо же кайтаруу керек.',
  },
  'milestone-exists': {
    en: 'Another milestone of the initiative has this number.',
    ru: 'У инициативы уже есть другая веха с этим номером.',
    ky: 'Демилгеде ушул номердеги башка этап бар.',
  },
  'unknown-milestone': { en: 'There is no such milestone.', ru: 'Такой вехи нет.', ky: 'Мындай этап жок.' },
  'milestone-met': {
    en: 'The milestone was met; there is nothing left to forecast.',
    ru: 'Веха достигнута, прогноз больше не нужен.',
    ky: 'Этапка жетишилген, болжолдун кереги жок.',
  },
  'nothing-to-change': { en: 'This says what is recorded already.', ru: 'Это уже записано.', ky: 'Бул мурунтан эле жазылган.' },
  'limit-reached': {
    en: 'The initiative has as many of these as the ledger takes.',
    ru: 'Больше таких записей у инициативы быть не может.',
    ky: 'Демилгеде мындай жазуулар мындан көп боло албайт.',
  },
  'assessment-exists': {
    en: 'Another assessment of the initiative has this number.',
    ru: 'У инициативы уже есть другая оценка с этим номером.',
    ky: 'Демилгеде ушул номердеги башка баалоо бар.',
  },
  'indicator-exists': {
    en: 'Another indicator of the initiative has this number.',
    ru: 'У инициативы уже есть другой показатель с этим номером.',
    ky: 'Демилгеде ушул номердеги башка көрсөткүч бар.',
  },
  'unknown-indicator': { en: 'There is no such indicator.', ru: 'Такого показателя нет.', ky: 'Мындай көрсөткүч жок.' },
  'indicator-missing': {
    en: 'The programme funds only initiatives with an indicator. The ministry defines one first.',
    ru: 'Программа финансирует только инициативы с показателем. Сначала министерство задаёт показатель.',
    ky: 'Программа көрсөткүчү бар демилгелерди гана каржылайт. Адегенде министрлик көрсөткүчтү аныктайт.',
  },
  'result-exists': {
    en: 'Another result of the initiative has this number.',
    ru: 'У инициативы уже есть другой результат с этим номером.',
    ky: 'Демилгеде ушул номердеги башка натыйжа бар.',
  },
  'unknown-result': { en: 'There is no such result.', ru: 'Такого результата нет.', ky: 'Мындай натыйжа жок.' },
};

/** The sentence of a refusal's code; empty for a code of a newer ledger. */
export function refusalText(code: string, language: Language): string {
  return isKnown(code) ? refusals[code][language] : '';
}
function isKnown(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}

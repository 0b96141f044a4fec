/** The initiatives of the demo and their authorities: invented, but typical of such ministries. Subjects in English, Russian and Kyrgyz. */
import type { Texts } from '../../../libs/domain/vocabulary.js';

export type NamedInitiative = { code: string; title: Texts; authority: string; authorityName: string };
type Subject = readonly [code: string, en: string, ru: string, ky: string];

const authorities: readonly (readonly [code: string, name: string, subjects: readonly Subject[]])[] = [
  [
    'ministry-of-justice',
    'Ministry of Justice',
    [
      ['notary', 'Notarial acts', 'Нотариальные действия', 'Нотариалдык аракеттер'],
      ['legal-entities', 'Legal entities', 'Юридические лица', 'Юридикалык жактар'],
      ['legal-aid', 'Free legal aid', 'Бесплатная юридическая помощь', 'Акысыз юридикалык жардам'],
      ['probation', 'Probation', 'Пробация', 'Пробация'],
      ['legal-acts', 'Legal acts', 'Нормативные правовые акты', 'Ченемдик укуктук актылар'],
      ['advocates', 'Advocates', 'Адвокаты', 'Адвокаттар'],
    ],
  ],
  [
    'ministry-of-health',
    'Ministry of Health',
    [
      ['patient-records', 'Patient records', 'Медицинские карты пациентов', 'Бейтаптардын медициналык карталары'],
      ['prescriptions', 'Prescriptions', 'Рецепты', 'Рецепттер'],
      ['vaccination', 'Vaccination', 'Вакцинация', 'Эмдөө'],
      ['ambulance', 'Ambulance calls', 'Вызовы скорой помощи', 'Тез жардам чакыруулары'],
      ['medicines', 'Medicines', 'Лекарственные средства', 'Дары каражаттары'],
      ['laboratories', 'Laboratory tests', 'Лабораторные анализы', 'Лабораториялык анализдер'],
    ],
  ],
  [
    'ministry-of-education',
    'Ministry of Education and Science',
    [
      ['school-enrolment', 'School enrolment', 'Запись в школу', 'Мектепке жазылуу'],
      ['kindergartens', 'Kindergarten places', 'Места в детских садах', 'Бала бакчадагы орундар'],
      ['diplomas', 'Diplomas', 'Дипломы', 'Дипломдор'],
      ['textbooks', 'Textbooks', 'Учебники', 'Окуу китептери'],
      ['teachers', 'Teachers', 'Педагоги', 'Мугалимдер'],
      ['admissions', 'University admission', 'Поступление в вузы', 'Жогорку окуу жайларга кабыл алуу'],
    ],
  ],
  [
    'ministry-of-labour',
    'Ministry of Labour, Social Security and Migration',
    [
      ['family-benefits', 'Family benefits', 'Семейные пособия', 'Үй-бүлөлүк жөлөкпулдар'],
      ['vacancies', 'Job vacancies', 'Вакансии', 'Бош жумуш орундары'],
      ['disability', 'Disability assessment', 'Установление инвалидности', 'Майыптуулукту аныктоо'],
      ['migrants', 'Labour migrants', 'Трудовые мигранты', 'Эмгек мигранттары'],
      ['social-care', 'Social care', 'Социальное обслуживание', 'Социалдык тейлөө'],
      ['work-permits', 'Work permits', 'Разрешения на работу', 'Иштөөгө уруксаттар'],
    ],
  ],
  [
    'ministry-of-internal-affairs',
    'Ministry of Internal Affairs',
    [
      ['driving-licences', 'Driving licences', 'Водительские удостоверения', 'Айдоочулук күбөлүктөр'],
      ['vehicles', 'Vehicles', 'Транспортные средства', 'Унаа каражаттары'],
      ['traffic-fines', 'Traffic fines', 'Штрафы за нарушение правил движения', 'Жол эрежесин бузгандык үчүн айыптар'],
      ['residence', 'Residence registration', 'Регистрация по месту жительства', 'Жашаган жери боюнча каттоо'],
      ['crime-reports', 'Crime reports', 'Заявления о преступлениях', 'Кылмыш жөнүндө арыздар'],
      ['no-record', 'Certificates of no criminal record', 'Справки об отсутствии судимости', 'Соттуулугу жоктугу тууралуу маалымкаттар'],
    ],
  ],
  [
    'ministry-of-agriculture',
    'Ministry of Agriculture',
    [
      ['livestock', 'Livestock', 'Сельскохозяйственные животные', 'Айыл чарба жаныбарлары'],
      ['pastures', 'Pastures', 'Пастбища', 'Жайыттар'],
      ['veterinary', 'Veterinary certificates', 'Ветеринарные справки', 'Ветеринардык маалымкаттар'],
      ['irrigation', 'Irrigation water', 'Поливная вода', 'Сугат суу'],
      ['seeds', 'Seeds', 'Семена', 'Үрөндөр'],
      ['farm-support', 'Support of farmers', 'Поддержка фермеров', 'Фермерлерди колдоо'],
    ],
  ],
  [
    'ministry-of-economy',
    'Ministry of Economy and Commerce',
    [
      ['licences', 'Licences and permits', 'Лицензии и разрешения', 'Лицензиялар жана уруксаттар'],
      ['exports', 'Export certificates', 'Экспортные сертификаты', 'Экспорттук сертификаттар'],
      ['investors', 'Investors', 'Инвесторы', 'Инвесторлор'],
      ['consumers', 'Consumer complaints', 'Жалобы потребителей', 'Керектөөчүлөрдүн даттануулары'],
      ['standards', 'Technical standards', 'Технические стандарты', 'Техникалык стандарттар'],
      ['state-property', 'State property', 'Государственное имущество', 'Мамлекеттик мүлк'],
    ],
  ],
  [
    'state-tax-service',
    'State Tax Service',
    [
      ['invoices', 'Electronic invoices', 'Электронные счета-фактуры', 'Электрондук эсеп-фактуралар'],
      ['cash-registers', 'Cash registers', 'Контрольно-кассовые машины', 'Контролдук-кассалык машиналар'],
      ['patents', 'Business patents', 'Патенты предпринимателей', 'Ишкерлердин патенттери'],
      ['tax-returns', 'Tax returns', 'Налоговая отчётность', 'Салык отчеттуулугу'],
      ['labelling', 'Labelling of goods', 'Маркировка товаров', 'Товарларды маркалоо'],
      ['waybills', 'Waybills', 'Товарно-транспортные накладные', 'Товардык-транспорттук жүкбаракчалар'],
    ],
  ],
  [
    'cadastre-agency',
    'Land and Cadastre Agency',
    [
      ['land-parcels', 'Land parcels', 'Земельные участки', 'Жер тилкелери'],
      ['addresses', 'Addresses', 'Адреса', 'Даректер'],
      ['property-rights', 'Property rights', 'Права на недвижимость', 'Кыймылсыз мүлккө укуктар'],
      ['valuations', 'Property valuations', 'Оценка недвижимости', 'Кыймылсыз мүлктү баалоо'],
      ['maps', 'State maps', 'Государственные карты', 'Мамлекеттик карталар'],
      ['building-permits', 'Building permits', 'Разрешения на строительство', 'Курулушка уруксаттар'],
    ],
  ],
];

const forms: readonly Subject[] = [
  ['register', 'Electronic register', 'Электронный реестр', 'Электрондук реестр'],
  ['online', 'Online service', 'Онлайн-услуга', 'Онлайн кызмат'],
  ['exchange', 'Data exchange through Tunduk', 'Обмен данными через «Түндүк»', '«Түндүк» аркылуу маалымат алмашуу'],
  ['mobile', 'Mobile application', 'Мобильное приложение', 'Мобилдик тиркеме'],
];

const infrastructure: readonly (readonly [year: number, ...Subject])[] = [
  [2019, 'tunduk-servers', 'Security servers of Tunduk', 'Серверы безопасности «Түндүк»', '«Түндүк» коопсуздук серверлери'],
  [2019, 'identification', 'Unified identification system', 'Единая система идентификации', 'Бирдиктүү идентификация системасы'],
  [2019, 'state-portal', 'State portal of electronic services', 'Портал электронных услуг', 'Электрондук кызматтар порталы'],
  [2020, 'cloud-signature', 'Cloud electronic signature', 'Облачная электронная подпись', 'Булуттагы электрондук кол тамга'],
  [2020, 'state-mail', 'Electronic mail of state bodies', 'Электронная почта госорганов', 'Мамлекеттик органдардын электрондук почтасы'],
  [2021, 'open-data', 'Open data portal', 'Портал открытых данных', 'Ачык маалыматтар порталы'],
  [2021, 'document-flow', 'Electronic document flow', 'Электронный документооборот', 'Электрондук документ жүгүртүү'],
  [2021, 'service-centres', 'Public service centres', 'Центры обслуживания населения', 'Калкты тейлөө борборлору'],
  [2022, 'cyber-incidents', 'Centre for cyber incidents', 'Центр реагирования на киберинциденты', 'Киберинциденттерге чара көрүү борбору'],
  [
    2022,
    'digital-skills',
    'Digital skills of civil servants',
    'Цифровые навыки госслужащих',
    'Мамлекеттик кызматчылардын санарип көндүмдөрү',
  ],
  [2023, 'state-data-centre', 'State data centre', 'Государственный центр обработки данных', 'Мамлекеттик маалымат борбору'],
  [2023, 'government-cloud', 'Government cloud', 'Правительственное облако', 'Өкмөттүк булут'],
  [2023, 'regional-networks', 'Networks of regional offices', 'Сети региональных подразделений', 'Аймактык бөлүмдөрдүн тармактары'],
  [2023, 'data-catalogue', 'Catalogue of state data', 'Каталог государственных данных', 'Мамлекеттик маалыматтар каталогу'],
  [2024, 'backup-data-centre', 'Backup data centre', 'Резервный центр обработки данных', 'Резервдик маалымат борбору'],
  [2024, 'budget-dashboard', 'Dashboard of the digital budget', 'Панель цифрового бюджета', 'Санарип бюджет панели'],
];

/** The 216 services of nine authorities. */
export const services: readonly NamedInitiative[] = forms.flatMap(([form, formEn, formRu, formKy]) =>
  authorities.flatMap(([authority, authorityName, subjects]) =>
    subjects.map(([code, en, ru, ky]) => ({
      code: `${code}-${form}`,
      title: { ky: `${formKy}: ${ky}`, ru: `${formRu}: ${ru}`, en: `${formEn}: ${en}` },
      authority,
      authorityName,
    })),
  ),
);

/** The shared initiatives of the digital ministry, with the year each begins in. */
export const foundations: readonly (NamedInitiative & { year: number })[] = infrastructure.map(([year, code, en, ru, ky]) => ({
  year,
  code,
  title: { ky, ru, en },
  authority: 'ministry-of-digital-development',
  authorityName: 'Ministry of Digital Development',
}));

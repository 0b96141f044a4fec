/** Every fault of a spreadsheet as a sentence for people, with what would be right. */
import { columnWords } from '../../../spreadsheets/headers.js';
import { commandWords } from '../../../spreadsheets/row-commands.js';
import type { SheetFault } from '../../../spreadsheets/fault.js';
import type { Language } from '../../speech.js';

type Sentences = { readonly [L in Language]: string };
/** What is wrong; and the cure, if it is not just the value that would be right. `{right}` stands for that value. */
type Sentence = { readonly wrong: Sentences; readonly cure?: Sentences };

const inParts: Sentences = { en: 'Send it in parts.', ru: 'Отправьте файл по частям.', ky: 'Файлды бөлүп жөнөтүңүз.' };
const saveAgain: Sentences = {
  en: 'Save it again as CSV or XLSX, without a password.',
  ru: 'Сохраните его заново как CSV или XLSX, без пароля.',
  ky: 'Аны кайра CSV же XLSX кылып, сырсөзсүз сактаңыз.',
};
const leaveEmpty: Sentences = { en: 'Leave the cell empty.', ru: 'Оставьте ячейку пустой.', ky: 'Уячаны бош калтырыңыз.' };

const sentences: { readonly [C in SheetFault['code']]: Sentence } = {
  'file-too-large': { wrong: { en: 'The file is too large.', ru: 'Файл слишком велик.', ky: 'Файл өтө чоң.' }, cure: inParts },
  'file-empty': {
    wrong: { en: 'The file has no rows.', ru: 'В файле нет строк.', ky: 'Файлда саптар жок.' },
    cure: { en: 'Begin with the template.', ru: 'Начните с шаблона.', ky: 'Үлгүдөн баштаңыз.' },
  },
  'not-text': {
    wrong: { en: 'This is neither CSV nor a workbook.', ru: 'Это не CSV и не книга Excel.', ky: 'Бул CSV да, Excel китеби да эмес.' },
    cure: saveAgain,
  },
  'not-in-encoding': {
    wrong: { en: 'The file is not in this encoding.', ru: 'Файл не в этой кодировке.', ky: 'Файл бул коддоодо эмес.' },
    cure: { en: 'Choose another one: {right}.', ru: 'Выберите другую: {right}.', ky: 'Башкасын тандаңыз: {right}.' },
  },
  'not-csv': {
    wrong: { en: 'The file can’t be read as CSV.', ru: 'Файл не читается как CSV.', ky: 'Файл CSV катары окулбайт.' },
    cure: {
      en: 'Put quotes around every cell that has a quote, and double the quotes inside it.',
      ru: 'Заключите каждую ячейку с кавычкой в кавычки, а кавычки внутри удвойте.',
      ky: 'Тырмакчасы бар ар бир уячаны тырмакчага алып, ичиндеги тырмакчаларды эки жолудан жазыңыз.',
    },
  },
  'not-a-workbook': {
    wrong: { en: 'The workbook can’t be read.', ru: 'Книга Excel не читается.', ky: 'Excel китеби окулбайт.' },
    cure: saveAgain,
  },
  'too-large-inside': {
    wrong: {
      en: 'The workbook is too large when unpacked.',
      ru: 'В распакованном виде книга слишком велика.',
      ky: 'Китеп кысуудан чыгарылганда өтө чоң.',
    },
    cure: inParts,
  },
  'unknown-sheet': { wrong: { en: 'There is no such sheet.', ru: 'Такого листа нет.', ky: 'Мындай барак жок.' } },
  'too-many-rows': {
    wrong: { en: 'The sheet has too many rows.', ru: 'На листе слишком много строк.', ky: 'Баракта саптар өтө көп.' },
    cure: inParts,
  },
  'too-long-cell': {
    wrong: { en: 'A cell is too long.', ru: 'В одной из ячеек слишком длинный текст.', ky: 'Бир уячадагы текст өтө узун.' },
    cure: { en: 'Shorten it.', ru: 'Сократите его.', ky: 'Аны кыскартыңыз.' },
  },
  'too-many-columns': {
    wrong: { en: 'The sheet has too many columns.', ru: 'На листе слишком много столбцов.', ky: 'Баракта тилкелер өтө көп.' },
    cure: {
      en: 'Remove those that the template does not have.',
      ru: 'Удалите те, которых нет в шаблоне.',
      ky: 'Үлгүдө жокторун өчүрүңүз.',
    },
  },
  'unknown-header': { wrong: { en: 'There is no such column.', ru: 'Такого столбца нет.', ky: 'Мындай тилке жок.' } },
  'repeated-header': {
    wrong: { en: 'The column is there twice.', ru: 'Столбец повторяется.', ky: 'Тилке кайталанат.' },
    cure: { en: 'Keep one.', ru: 'Оставьте один.', ky: 'Бирин калтырыңыз.' },
  },
  'missing-header': {
    wrong: { en: 'The column is missing.', ru: 'Столбца нет.', ky: 'Тилке жетишпейт.' },
    cure: { en: 'Add the column {right}.', ru: 'Добавьте столбец «{right}».', ky: '«{right}» тилкесин кошуңуз.' },
  },
  'no-header': {
    wrong: { en: 'The column has no header.', ru: 'У столбца нет заголовка.', ky: 'Тилкенин аталышы жок.' },
    cure: {
      en: 'Name the column, or remove the value.',
      ru: 'Назовите столбец или удалите значение.',
      ky: 'Тилкеге ат коюңуз же маанини өчүрүңүз.',
    },
  },
  empty: { wrong: { en: 'The cell is empty.', ru: 'Ячейка пуста.', ky: 'Уяча бош.' } },
  'no-place': {
    wrong: {
      en: 'The command {right} does not take this.',
      ru: 'Команде «{right}» это не нужно.',
      ky: '«{right}» буйругуна мунун кереги жок.',
    },
    cure: leaveEmpty,
  },
  'formula-error': {
    wrong: { en: 'The formula gives an error.', ru: 'Формула даёт ошибку.', ky: 'Формула ката берет.' },
    cure: {
      en: 'Correct the formula, or write the value.',
      ru: 'Исправьте формулу или введите значение.',
      ky: 'Формуланы оңдоңуз же маанини жазыңыз.',
    },
  },
  'no-command': { wrong: { en: 'This is no command.', ru: 'Такой команды нет.', ky: 'Мындай буйрук жок.' } },
  'no-amount': { wrong: { en: 'This is no amount.', ru: 'Это не сумма.', ky: 'Бул сумма эмес.' } },
  'ambiguous-amount': {
    wrong: {
      en: 'The amount can be read in two ways.',
      ru: 'Сумму можно прочесть двояко.',
      ky: 'Сумманы эки түрдүү окуса болот.',
    },
  },
  'too-many-decimals': {
    wrong: {
      en: 'The amount has more decimals than the currency.',
      ru: 'У суммы больше знаков после запятой, чем у валюты.',
      ky: 'Суммада үтүрдөн кийинки орундар валютадагыдан көп.',
    },
  },
  'signed-amount': {
    wrong: {
      en: 'The amount has a sign; the command says which way the money goes.',
      ru: 'У суммы есть знак; направление денег задаёт команда.',
      ky: 'Сумманын белгиси бар; каражаттын багытын буйрук көрсөтөт.',
    },
  },
  'zero-amount': {
    wrong: { en: 'Zero moves nothing.', ru: 'Ноль ничего не меняет.', ky: 'Нөл эч нерсени өзгөртпөйт.' },
    cure: { en: 'Write an amount above zero.', ru: 'Напишите сумму больше нуля.', ky: 'Нөлдөн чоң сумма жазыңыз.' },
  },
  'amount-too-large': {
    wrong: { en: 'The amount is too large.', ru: 'Сумма слишком велика.', ky: 'Сумма өтө чоң.' },
    cure: { en: 'An amount has at most 18 digits.', ru: 'В сумме не более 18 цифр.', ky: 'Суммада эң көбү 18 цифра болот.' },
  },
  'imprecise-number': {
    wrong: {
      en: 'A number cell keeps 15 digits only; format the cell as text.',
      ru: 'Числовая ячейка хранит только 15 цифр; задайте ей текстовый формат.',
      ky: 'Сан форматындагы уяча 15 гана цифраны сактайт; уячага текст форматын коюңуз.',
    },
  },
  'no-date': { wrong: { en: 'This is no date.', ru: 'Это не дата.', ky: 'Бул күн эмес.' } },
  'ambiguous-date': {
    wrong: { en: 'The date can be read in two ways.', ru: 'Дату можно прочесть двояко.', ky: 'Күндү эки түрдүү окуса болот.' },
  },
  'no-such-day': { wrong: { en: 'There is no such day.', ru: 'Такого дня нет.', ky: 'Мындай күн жок.' } },
  'no-year': { wrong: { en: 'This is no fiscal year.', ru: 'Это не финансовый год.', ky: 'Бул каржы жылы эмес.' } },
  'no-code': {
    wrong: {
      en: 'A code has small Latin letters, digits and hyphens.',
      ru: 'Код состоит из строчных латинских букв, цифр и дефисов.',
      ky: 'Код кичине латын тамгаларынан, цифралардан жана дефистерден турат.',
    },
  },
  'no-id': {
    wrong: {
      en: 'A number has Latin letters, digits, dots, underscores and hyphens.',
      ru: 'Номер состоит из латинских букв, цифр, точек, подчёркиваний и дефисов.',
      ky: 'Номер латын тамгаларынан, цифралардан, чекиттерден, астынкы сызыктардан жана дефистерден турат.',
    },
  },
  'other-authority': {
    wrong: {
      en: 'This is another authority than yours.',
      ru: 'Это не ваш орган.',
      ky: 'Бул сиздин органыңыз эмес.',
    },
  },
  malformed: { wrong: { en: 'The ledger can’t take this.', ru: 'Реестр не может это принять.', ky: 'Реестр муну кабыл ала албайт.' } },
};

/** Codes whose right values are names of columns or commands, or lists of them. */
const named: ReadonlySet<SheetFault['code']> = new Set(['unknown-header', 'missing-header', 'no-command']);
const words: ReadonlyMap<string, { readonly [L in Language]: readonly string[] }> = new Map(
  Object.entries<{ readonly [L in Language]: readonly string[] }>({ ...columnWords, ...commandWords }),
);

/** The name of a column or a command in a language, as the template may have it. */
export function sheetWord(word: string, language: Language): string {
  return words.get(word)?.[language][0] ?? word;
}

/** A fault in a language: what is wrong, and what would be right; `isEnglish` if the right value is a sentence that exists in English only. */
export function sheetFaultText({ code, right }: SheetFault, language: Language): { wrong: string; right: string; isEnglish: boolean } {
  const value = named.has(code)
    ? right
        .split(', ')
        .map((word) => sheetWord(word, language))
        .join(', ')
    : right;
  const { wrong, cure } = sentences[code];
  const filled = (texts: Sentences) => texts[language].replace('{right}', () => value);
  return { wrong: filled(wrong), right: cure ? filled(cure) : value, isEnglish: !cure && code === 'malformed' };
}

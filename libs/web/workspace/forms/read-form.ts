/** From a sent form to a command: amounts become minor units, empty fields are left out, and the rest is judged as a program's command is. */
import { minorUnitsIn, type AmountFault } from '../../../currencies/typed-amount.js';
import type { Command } from '../../../domain/commands.js';
import type { Actor } from '../../../domain/vocabulary.js';
import { MalformedCommand } from '../../../http/malformed-command.js';
import { parseCommand } from '../../../http/parse-command.js';
import type { TextKey } from '../../speech.js';
import type { FormFields } from '../form-fields.js';
import type { CommandLine } from '../sending/command-sender.js';
import { papersIn, sourceIn } from './read-composites.js';
import { titleLanguages, titlePart, type CommandForm, type FieldKind, type FormField } from './command-forms.js';

/** What is wrong with a field, and what would be right, in words of the pages. */
export type FieldFault = { readonly field: string; readonly says: TextKey; readonly values?: Readonly<Record<string, string | number>> };

export type FormTarget = {
  readonly programme: string;
  /** Absent in forms of the programme; a proposal names its own. */
  readonly initiative?: string;
  readonly actor: Actor;
  /** Decimal digits of the programme's currency. */
  readonly minorUnits: number;
  readonly commandId: string;
  /** What the address of the form says of the command’s data. */
  readonly data?: Readonly<Record<string, unknown>>;
};

export type FormRead =
  | {
      readonly line: CommandLine;
      readonly command: Command;
      /** What was typed, with the ids that were made. */ readonly fields: FormFields;
    }
  | { readonly faults: readonly FieldFault[] };

/** Reads a command from a form, or every fault of its fields. */
export function readForm(form: CommandForm, sent: FormFields, target: FormTarget): FormRead {
  const faults: FieldFault[] = [];
  const fields = withMadeIds(form, sent, target.commandId);
  const data: Record<string, unknown> = form.type === 'ProposeInitiative' ? { authority: target.actor.organisation } : { ...target.data };
  for (const field of form.fields) {
    const value = valueOf(field, fields, target.minorUnits, faults);
    if (value !== undefined && !beside.has(field.name)) data[field.name] = value;
  }
  const papers = form.fields.flatMap((field) =>
    field.kind === 'papers' ? papersIn(field, fields, (part) => faults.push({ field: part, says: 'faultMissing' })) : [],
  );
  const initiative = form.type === 'ProposeInitiative' ? fields.text('initiative') : target.initiative;
  const occurredOn = fields.text('occurredOn');
  const line: CommandLine = {
    commandId: target.commandId,
    type: form.type,
    ...(initiative !== undefined && { initiative }),
    ...(occurredOn !== '' && { occurredOn }),
    data,
    ...(papers.length > 0 && { references: papers.map(({ paper }) => paper) }),
  };
  const places = papers.map(({ place }) => place);
  const command = parsed(line, target, form, { faults, places });
  return command ? { line, command, fields } : { faults: firstOfEach(form, faults) };
}

/** Fields of a form that are no part of the command's data. */
const beside: ReadonlySet<string> = new Set(['occurredOn', 'initiative']);

/** A number that the sender left empty is made from the command's id, so that sending the same form twice makes the same number. */
function withMadeIds(form: CommandForm, sent: FormFields, commandId: string): FormFields {
  const made = form.fields.filter(({ name, kind }) => kind === 'id' && sent.text(name) === '');
  return made.length === 0 ? sent : sent.with(Object.fromEntries(made.map(({ name }) => [name, `n-${commandId.slice(0, 13)}`])));
}

function valueOf(field: FormField, fields: FormFields, minorUnits: number, faults: FieldFault[]): unknown {
  if (field.kind === 'title') return titleIn(field, fields, faults);
  if (field.kind === 'source') return sourceIn(field, fields, (part) => faults.push({ field: part, says: 'faultMissing' }));
  if (field.kind === 'papers') return undefined;
  const text = fields.text(field.name);
  if (text === '') {
    if (!field.optional) faults.push({ field: field.name, says: 'faultMissing' });
    return undefined;
  }
  switch (field.kind) {
    case 'amount':
    case 'change': {
      const amount = minorUnitsIn(text, minorUnits);
      if ('minor' in amount) return amount.minor;
      faults.push({ field: field.name, says: saysOf[amount.fault], values: { digits: minorUnits } });
      return undefined;
    }
    case 'year':
      return /^\d{4}$/.test(text) ? Number(text) : text;
    case 'percent':
      return /^\d{1,3}$/.test(text) ? Number(text) : text;
    case 'decimal':
    case 'targets': {
      const texts = field.kind === 'decimal' ? [text] : linesOf(text).map((line) => partsOfTarget(line).value);
      if (texts.some(isAmbiguous)) faults.push({ field: field.name, says: 'faultAmbiguousDecimal' });
      return field.kind === 'decimal' ? decimalIn(text) : targetsIn(text);
    }
    case 'text':
    case 'lines':
    case 'day':
    case 'id':
    case 'code':
    case 'choice':
    case 'url':
    case 'digest':
      return text;
  }
}

const spaces = /[\s\u00a0\u202f]/g;
/** A decimal number as people type it: with a comma or a point, a typographic minus, and spaces between thousands. */
function decimalIn(text: string): string {
  return text.replaceAll(spaces, '').replace(',', '.').replace('−', '-');
}
/** Whether the only separator of a number may part thousands as well as decimals: it comes before exactly three digits. */
function isAmbiguous(text: string): boolean {
  return /^[-−+]?[1-9]\d{0,2}[.,]\d{3}$/.test(text.replaceAll(spaces, ''));
}
/** Targets, one a line: a period, then a colon or a space, then a number. */
function targetsIn(text: string): { period: string; value: string }[] {
  return linesOf(text).map((line) => {
    const { period, value } = partsOfTarget(line);
    return { period: period.toUpperCase(), value: decimalIn(value) };
  });
}
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
function partsOfTarget(line: string): { period: string; value: string } {
  const [, period = '', value = ''] = /^\s*([\dQq-]+)\s*[:=\s]\s*(.+)$/.exec(line) ?? [];
  return { period, value };
}

function titleIn({ name, optional }: FormField, fields: FormFields, faults: FieldFault[]): Record<string, string> | undefined {
  const texts = titleLanguages.flatMap((language) => {
    const text = fields.text(titlePart(name, language));
    return text === '' ? [] : [[language, text] as const];
  });
  if (texts.length > 0) return Object.fromEntries(texts);
  if (!optional) faults.push({ field: name, says: 'faultMissingTitle' });
  return undefined;
}

const saysOf: { readonly [F in AmountFault]: TextKey } = {
  'not-a-number': 'faultAmount',
  'too-precise': 'faultPrecise',
  ambiguous: 'faultAmbiguous',
  'too-large': 'faultLarge',
  zero: 'faultZero',
};
const saysOfKind: { readonly [K in FieldKind]: TextKey } = {
  text: 'faultText',
  lines: 'faultText',
  title: 'faultText',
  amount: 'faultNegative',
  change: 'faultAmount',
  day: 'faultDay',
  year: 'faultYear',
  id: 'faultId',
  code: 'faultCode',
  choice: 'faultMissing',
  percent: 'faultPercent',
  decimal: 'faultDecimal',
  targets: 'faultTargets',
  url: 'faultUrl',
  digest: 'faultDigest',
  source: 'faultText',
  papers: 'faultText',
};

/** The command of a line; `undefined` if something is wrong with it, which is then among the faults. `places` are those of its papers in the form. */
function parsed(
  line: CommandLine,
  { programme, actor }: FormTarget,
  form: CommandForm,
  { faults, places }: { faults: FieldFault[]; places: readonly number[] },
): Command | undefined {
  try {
    const command = parseCommand({ ...line, programme }, actor);
    return faults.length === 0 ? command : undefined;
  } catch (error) {
    if (!(error instanceof MalformedCommand)) throw error;
    for (const fault of error.faults) {
      const field = form.fields.find(({ name }) => name === fault.field) ?? partOfPaper(fault.field, places);
      // A person can't correct a field that the form does not have.
      if (!field) throw error;
      faults.push({ field: field.name, says: saysOfKind[field.kind] });
    }
    return undefined;
  }
}

/** The part of the form that an address in a command's papers leads to, such as `references[0].url`. */
function partOfPaper(address: string, places: readonly number[]): Pick<FormField, 'name' | 'kind'> | undefined {
  const [, index = '', part = ''] = /^references\[(\d+)\]\.(\w+)$/.exec(address) ?? [];
  const place = places[Number(index)];
  if (part === '' || place === undefined) return undefined;
  return { name: `references.${place}.${part}`, kind: part === 'url' ? 'url' : part === 'sha256' ? 'digest' : 'text' };
}

/** The first fault of each field, and of each part of a paper, in the order of the form; a fault found when reading the field itself comes first. */
function firstOfEach(form: CommandForm, faults: readonly FieldFault[]): FieldFault[] {
  const first = faults.filter(({ field }, index) => faults.findIndex((one) => one.field === field) === index);
  return form.fields.flatMap(({ name, kind }) => {
    const own = first.filter(({ field }) => field === name || field.startsWith(`${name}.`));
    return kind === 'papers' ? own : own.slice(0, 1);
  });
}

/** Several fundings from one form: the chosen initiatives, with an amount each. */
import type { Command } from '../../domain/commands.js';
import type { FormField } from './forms/command-forms.js';
import { initiativeForms } from './forms/command-forms.js';
import { readForm, type FieldFault, type FormTarget } from './forms/read-form.js';
import { FormFields } from './form-fields.js';
import type { CommandLine } from './sending/command-sender.js';

/** The check boxes' field, whose values are the codes of initiatives. */
export const chosenField = 'initiative';
export const amountField = (initiative: string) => `amount.${initiative}`;
/** The most initiatives that one form funds: all are recorded in one append. */
const most = 200;

/** The fields that are the same for all fundings of the form. */
export const commonFields: readonly FormField[] = initiativeForms.funding.fields.filter(
  ({ name }) => name !== 'amount' && name !== 'fundingId',
);

export type Fundings = { readonly lines: readonly [CommandLine, ...CommandLine[]]; readonly commands: readonly Command[] };

/** The fundings that a form asks for, or all its faults. `commandIds` makes the given number of command ids. */
export function fundingsOf(
  typed: FormFields,
  target: Omit<FormTarget, 'commandId' | 'initiative'>,
  commandIds: (count: number) => readonly string[],
): Fundings | { readonly faults: readonly FieldFault[] } {
  const chosen = [...new Set(typed.all(chosenField))].slice(0, most);
  const ids = commandIds(chosen.length);
  const common = typed.entries().filter(([name]) => commonFields.some((field) => name === field.name || name.startsWith(`${field.name}.`)));
  const faults: FieldFault[] = [];
  const lines: CommandLine[] = [];
  const commands: Command[] = [];
  for (const [index, initiative] of chosen.entries()) {
    const fields = new FormFields([...common, ['amount', typed.text(amountField(initiative))]]);
    const read = readForm(initiativeForms.funding, fields, { ...target, initiative, commandId: ids[index] ?? '' });
    if ('faults' in read)
      faults.push(...read.faults.map((fault) => (fault.field === 'amount' ? { ...fault, field: amountField(initiative) } : fault)));
    else {
      lines.push(read.line);
      commands.push(read.command);
    }
  }
  const [first, ...others] = lines;
  if (faults.length > 0) return { faults: faults.filter(({ field }, index) => faults.findIndex((one) => one.field === field) === index) };
  return first ? { lines: [first, ...others], commands } : { faults: [{ field: chosenField, says: 'faultNoneChosen' }] };
}

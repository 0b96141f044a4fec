/** Correcting a payment: what is left of it is reversed, and the right payment recorded on the same day, so that neither stands alone at any time. */
import type { IsoDate, Money } from '../../domain/vocabulary.js';
import { initiativeForms, type CommandForm, type FormField } from './forms/command-forms.js';
import { readForm, type FieldFault, type FormRead, type FormTarget } from './forms/read-form.js';
import { FormFields } from './form-fields.js';

/** A payment, and its amount less its reversals, in minor units. */
export type Correctable = {
  readonly transactionId: string;
  readonly amount: Money;
  readonly left: Money;
  readonly payee?: string;
  readonly description?: string;
  /** The commitment that it was drawn from. */
  readonly commitmentId?: string;
  readonly occurredOn: IsoDate;
};

const asked = (fields: readonly FormField[], ...names: readonly string[]) => fields.filter(({ name }) => names.includes(name));

/** The form of a correction: the right payment, and why the other was wrong. Day and number follow from the payment that it corrects. */
export const correctionForm: CommandForm = {
  ...initiativeForms.spending,
  title: 'correctPayment',
  fields: [
    ...asked(initiativeForms.spending.fields, 'amount', 'payee', 'description').map((field): FormField =>
      field.name === 'amount' ? { ...field, label: 'rightAmount' } : field,
    ),
    ...asked(initiativeForms.reversal.fields, 'reason', 'references'),
  ],
};

/** The hidden field with the amount that the check page reversed, in minor units: sent again, the form must be the same when the payment is reversed already. */
const reversedField = 'reversed';

/** The form with the amount that it reverses: the one that its check page found, else what is left now. */
export function withReversedAmount(typed: FormFields, { left }: Correctable): FormFields {
  return /^[1-9]\d{0,17}$/.test(typed.text(reversedField)) ? typed : typed.with({ [reversedField]: left.toString() });
}

type Read = Extract<FormRead, { line: unknown }>;

/** The two commands of a correction {@link withReversedAmount with its amount}, or the faults of its form. `link` names the payment in the reason and the description, for readers of the records. The right payment is drawn from the same commitment, and both entries stand on the papers of the form. */
export function correctionOf(
  payment: Correctable,
  typed: FormFields,
  { commandIds, link, ...target }: Omit<FormTarget, 'commandId'> & { commandIds: { reversal: string; spending: string }; link: string },
): { reversal: Read; spending: Read } | { faults: readonly FieldFault[] } {
  if (typed.text(reversedField) === '0') return { faults: [{ field: 'amount', says: 'alreadyReversed' }] };
  const { transactionId, occurredOn, commitmentId = '' } = payment;
  const reason = typed.text('reason');
  const description = typed.text('description');
  const reversal = readForm(
    initiativeForms.reversal,
    new FormFields([
      ...Object.entries({ transactionId, occurredOn, amount: typed.text(reversedField), reason: reason && `${link}: ${reason}` }),
      ...typed.entries().filter(([name]) => name.startsWith('references.')),
    ]),
    { ...target, minorUnits: 0, commandId: commandIds.reversal },
  );
  const spending = readForm(
    initiativeForms.spending,
    typed.with({ occurredOn, transactionId: '', commitmentId, description: description === '' ? link : `${description} (${link})` }),
    { ...target, commandId: commandIds.spending },
  );
  if ('faults' in reversal || 'faults' in spending)
    return { faults: [reversal, spending].flatMap((read) => ('faults' in read ? read.faults : [])) };
  return { reversal, spending };
}

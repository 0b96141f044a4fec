import type { InitiativeView } from '../../../projections/initiatives/initiative-view.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Hidden, MoneyCell, Title } from '../../parts/texts.js';
import type { FormField } from '../forms/command-forms.js';
import type { FieldFault } from '../forms/read-form.js';
import type { FormFields } from '../form-fields.js';
import { amountField, chosenField, commonFields } from '../funding-several.js';
import { FaultSummary, Field } from '../parts/fields.js';
import { NextPage } from '../parts/initiative-table.js';
import { FormToken } from '../parts/signed-in.js';
import type { Listing } from '../reads.js';
import type { Session } from '../session.js';
import { FormButtons, formId, keptIn } from './command-form.js';

/** A check box and an amount for every initiative that waits. */
export function FundSeveral({
  action,
  waiting,
  asked,
  typed,
  faults,
  canSend,
  session,
}: {
  action: string;
  waiting: Listing<InitiativeView>;
  asked: readonly FormField[];
  typed: FormFields;
  faults: readonly FieldFault[];
  canSend: boolean;
  session: Session;
}) {
  const { speech, path, query } = usePage();
  const href = useHref();
  const chosen = typed.all(chosenField);
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('fundSeveral')}
      </h1>
      <FaultSummary asked={asked} faults={faults} typed={typed} />
      {!canSend && (
        <p class="ds-alert" data-color="warning">
          {speech.say('readOnly')}
        </p>
      )}
      {waiting.items.length === 0 && <p role="status">{speech.say('nothingWaits')}</p>}
      {canSend && waiting.items.length > 0 && (
        <form method="post" action={href(action, keptIn(query))} id={formId} class="form" novalidate>
          <FormToken session={session} />
          <p>{speech.say('fundSeveralText')}</p>
          {commonFields.map((field) => (
            <Field key={field.name} field={field} typed={typed} faults={faults} />
          ))}
          <Table caption={speech.say('waiting')} stacks>
            <thead>
              <tr>
                <th scope="col">{speech.say('fundInitiative')}</th>
                <th scope="col">{speech.say('initiative')}</th>
                <th scope="col" class="number">
                  {speech.say('requested')}
                </th>
                <th scope="col">{speech.say('amount')}</th>
              </tr>
            </thead>
            <tbody>
              {waiting.items.map((one, index) => (
                <Row
                  key={one.initiative}
                  initiative={one}
                  typed={typed.text(amountField(one.initiative))}
                  isChosen={chosen.includes(one.initiative)}
                  fault={faults.find(({ field }) => field === amountField(one.initiative))}
                  id={index === 0 ? chosenField : undefined}
                />
              ))}
            </tbody>
          </Table>
          <FormButtons asked={asked} typed={typed} action={href(action, keptIn(query))} />
        </form>
      )}
      <NextPage href={waiting.cursor === undefined ? undefined : href(path, { cursor: waiting.cursor })} />
    </>
  );
}

function Row({
  initiative: { initiative, title, authority, authorityName, requestedAmount },
  typed,
  isChosen,
  fault,
  id,
}: {
  initiative: InitiativeView;
  typed: string;
  isChosen: boolean;
  fault: FieldFault | undefined;
  /** The id of the first check box, which the summary of faults leads to. */
  id: string | undefined;
}) {
  const { speech } = usePage();
  const field = amountField(initiative);
  const named = { initiative: speech.title(title).text };
  return (
    <tr>
      <td data-label={speech.say('fundInitiative')}>
        <input
          class="ds-input"
          type="checkbox"
          name={chosenField}
          value={initiative}
          checked={isChosen}
          id={id}
          aria-label={speech.say('chooseOne', named)}
        />
      </td>
      <th scope="row">
        <Title of={title} />
        <br />
        <small>
          {initiative} · <bdi>{authorityName ?? authority}</bdi>
        </small>
      </th>
      <MoneyCell amount={requestedAmount} label={speech.say('requested')} />
      <td data-label={speech.say('amount')}>
        <label for={field}>
          <Hidden>{speech.say('amountOf', named)}</Hidden>
        </label>
        <input
          class="ds-input"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          id={field}
          name={field}
          value={typed}
          {...(fault && { 'aria-invalid': 'true' as const, 'aria-describedby': `${field}-fault` })}
        />
        {fault && (
          <p class="ds-validation-message" id={`${field}-fault`}>
            {speech.say(fault.says, fault.values)}
          </p>
        )}
      </td>
    </tr>
  );
}

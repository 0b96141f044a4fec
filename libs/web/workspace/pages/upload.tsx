import { encodings } from '../../../spreadsheets/table.js';
import { useHref, usePage } from '../../page.js';
import { FormToken } from '../parts/signed-in.js';
import type { Session } from '../session.js';
import { fileField } from '../uploads/read-upload.js';

/** The name of the field with the encoding of a CSV file. */
export const encodingField = 'encoding';

/** The form that takes a spreadsheet, and its templates. Nothing is recorded from here. */
export function UploadForm({
  action,
  session,
  canSend,
  fault,
}: {
  action: string;
  session: Session;
  canSend: boolean;
  /** Why the file that was sent can't be taken. */
  fault?: 'uploadTooLarge' | 'uploadMissing' | undefined;
}) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('upload')}
      </h1>
      {fault && (
        <p class="ds-alert" data-color="danger" role="alert" id="file-fault">
          {speech.say(fault)}
        </p>
      )}
      <p>{speech.say('uploadText')}</p>
      <ul class="counts">
        <li>
          <a class="ds-link" href={`${action}/template.csv`} download>
            {speech.say('templateCsv')}
          </a>
        </li>
        <li>
          <a class="ds-link" href={`${action}/template.xlsx`} download>
            {speech.say('templateXlsx')}
          </a>
        </li>
      </ul>
      {canSend ? (
        <form method="post" action={href(action)} enctype="multipart/form-data" class="form" novalidate>
          <FormToken session={session} />
          <div class="ds-field">
            <label class="ds-label" for={fileField}>
              {speech.say('uploadFile')}
            </label>
            <div class="hint" id="file-hint">
              {speech.say('uploadFileHint')}
            </div>
            <input
              class="ds-input"
              type="file"
              id={fileField}
              name={fileField}
              accept=".csv,.xlsx"
              required
              aria-describedby={fault ? 'file-hint file-fault' : 'file-hint'}
              {...(fault && { 'aria-invalid': 'true' as const })}
            />
          </div>
          <div class="ds-field">
            <label class="ds-label" for={encodingField}>
              {speech.say('uploadEncoding')}
            </label>
            <select class="ds-input" id={encodingField} name={encodingField}>
              <option value="">{speech.say('uploadEncodingFound')}</option>
              {encodings.map((one) => (
                <option key={one} value={one}>
                  {one.toUpperCase()}
                </option>
              ))}
            </select>
          </div>
          <p class="hint">{speech.say('checkHint')}</p>
          <button class="ds-button" type="submit">
            {speech.say('check')}
          </button>
        </form>
      ) : (
        <p class="ds-alert" data-color="warning">
          {speech.say('readOnly')}
        </p>
      )}
    </>
  );
}

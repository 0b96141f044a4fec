import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { FormToken } from '../parts/signed-in.js';
import { FaultTable, RefusedTable, RowTable, SumTable } from '../parts/sheet-tables.js';
import type { Session } from '../session.js';
import type { SheetFound, SheetSent } from '../uploads/sheet-uploads.js';

type Uploaded = {
  /** The programme's page in the workspace. */
  here: string;
  /** The path of this upload, which also records it. */
  action: string;
  session: Session;
};

/** What a spreadsheet would do: its faults, or the rows that would be refused, or a summary with the button that records it. */
export function UploadCheck({ here, action, session, found, unknown }: Uploaded & { found: SheetFound; unknown: boolean }) {
  const { speech } = usePage();
  const href = useHref();
  const { sheet, refused, fresh, recordedBefore } = found;
  const isSound = sheet.faults.length === 0 && refused.length === 0;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('checkTitle', { what: speech.say('upload') })}
      </h1>
      {unknown && (
        <p class="ds-alert" data-color="danger" role="alert">
          {speech.say('outcomeUnknown')}
        </p>
      )}
      {sheet.faults.length > 0 && (
        <>
          <Alert>{speech.say('uploadFaults', { count: sheet.faults.length })}</Alert>
          <FaultTable faults={sheet.faults} />
        </>
      )}
      {refused.length > 0 && (
        <>
          <Alert>{speech.say('uploadRefused', { count: refused.length })}</Alert>
          <RefusedTable refused={refused} />
        </>
      )}
      {isSound && (
        <>
          <p role="status">{speech.say('uploadRows', { count: fresh.length })}</p>
          {recordedBefore > 0 && <p>{speech.say('uploadBefore', { count: recordedBefore })}</p>}
          {fresh.length > 0 && (
            <>
              <SumTable planned={fresh} />
              <RowTable planned={fresh} />
              <form method="post" action={href(action)} class="form">
                <FormToken session={session} />
                <button class="ds-button" type="submit">
                  {speech.say('record')}
                </button>
              </form>
            </>
          )}
        </>
      )}
      <p>
        <a class="ds-link" href={href(`${here}/upload`)}>
          {speech.say('uploadAnother')}
        </a>
      </p>
    </>
  );
}

/** The outcome of a recorded spreadsheet. */
export function UploadReceipt({ here, sent: { recorded, waiting, recordedBefore, refused } }: { here: string; sent: SheetSent }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(recorded + waiting > 0 ? 'receipt' : 'nothingNew')}
      </h1>
      <Table caption={speech.say('upload')} hidden>
        <tbody>
          {[
            ['uploadRecorded', recorded] as const,
            ...(waiting > 0 ? [['requestWaits', waiting] as const] : []),
            ['uploadThere', recordedBefore] as const,
            ...(refused.length > 0 ? [['refused', refused.length] as const] : []),
          ].map(([name, count]) => (
            <tr key={name}>
              <th scope="row">{speech.say(name)}</th>
              <td class="number">{speech.count(count)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {refused.length > 0 && <RefusedTable refused={refused} />}
      <ul class="counts">
        {[
          [`${here}/today`, 'sentToday'] as const,
          [`${here}/entries`, 'entriesOf'] as const,
          [`${here}/upload`, 'uploadAnother'] as const,
          [here, 'backToWork'] as const,
        ].map(([path, name]) => (
          <li key={path}>
            <a class="ds-link" href={href(path)}>
              {speech.say(name)}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Alert({ children }: { children: string }) {
  return (
    <p class="ds-alert" data-color="danger" role="alert">
      {children}
    </p>
  );
}

import { useHref, usePage } from '../../page.js';
import { DoLink } from '../parts/initiative-table.js';
import type { Checked } from '../verification.js';

/** What a part of a check found, and the way to the next part. */
export function VerificationPage({ programme, from, checked }: { programme: string; from: number; checked: Checked }) {
  const { speech } = usePage();
  const href = useHref();
  const figures = { from: speech.count(from + 1), to: speech.count(checked.last), end: speech.count(checked.end) };
  const isDone = checked.last >= checked.end;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('verification')}
      </h1>
      {checked.fault === undefined ? (
        <p class="ds-alert" data-color="success" role="status">
          {speech.say(isDone ? 'verifiedToEnd' : 'verifiedPart', figures)}
        </p>
      ) : (
        <p class="ds-alert" data-color="danger" role="alert">
          {speech.say('verifiedNot')} <span lang="en">{checked.fault}</span>
        </p>
      )}
      {checked.head !== undefined && (
        <p>
          {speech.say('headIs', { position: speech.count(checked.last) })} <code class="hash">{checked.head}</code>
        </p>
      )}
      {!isDone && checked.fault === undefined && (
        <div class="buttons">
          <DoLink href={href(`/workspace/p/${programme}/verification`, { after: String(checked.last) })}>{speech.say('verifyOn')}</DoLink>
        </div>
      )}
      <p>{speech.say('verificationLimits')}</p>
      <pre>
        <code>ledger verify</code>
      </pre>
    </>
  );
}

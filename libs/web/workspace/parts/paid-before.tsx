import { useHref, usePage } from '../../page.js';
import type { EarlierPayment } from '../earlier-payments.js';
import { suspiciousDays } from '../earlier-payments.js';

/** Warns that a payment may have been recorded before. */
export function PaidBefore({ programme, payments }: { programme: string; payments: readonly EarlierPayment[] }) {
  const { speech } = usePage();
  const href = useHref();
  if (payments.length === 0) return null;
  return (
    <div class="ds-alert" data-color="warning" role="alert">
      <p>{speech.say('paidBefore', { days: suspiciousDays })}</p>
      <ul>
        {payments.map(({ initiative, transactionId, occurredOn, version }) => (
          <li key={`${initiative} ${transactionId}`}>
            <a class="ds-link" href={href(`/workspace/p/${programme}/i/${initiative}`, { from: String(version) })}>
              {transactionId}
            </a>
            {`, ${initiative}, `}
            <time dateTime={occurredOn}>{speech.day(occurredOn)}</time>
          </li>
        ))}
      </ul>
    </div>
  );
}

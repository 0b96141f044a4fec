/**
 * The one script of the pages. It follows the programme that a page shows, and takes the page's content and foot anew when something is recorded. Pages are
 * complete without it. Its address changes with its content, so caches may keep it for ever.
 */
import { createHash } from 'node:crypto';

/** Milliseconds between two refreshes of a page, however much is recorded. */
const refreshEvery = 5_000;

export const liveScript = `
const shown = document.querySelector('[data-follow]');
if (shown) {
  const main = document.querySelector('main');
  let refreshed = Date.now();
  let timer;
  let position;
  const changes = new EventSource('/programmes/' + shown.dataset.follow + '/changes?after=' + shown.dataset.position);
  changes.addEventListener('record', ({ lastEventId }) => {
    position = lastEventId;
    timer ??= setTimeout(refresh, Math.max(0, refreshed + ${refreshEvery} - Date.now()));
  });
  async function refresh() {
    timer = undefined;
    refreshed = Date.now();
    // A reader who is filling in a form keeps it; the next record refreshes the page.
    if (document.activeElement?.closest('main form')) return;
    const answer = await fetch(location.href, { headers: { accept: 'text/html', 'ledger-position': position } }).catch(() => undefined);
    if (!answer?.ok) return;
    const newer = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = newer.querySelector('main');
    if (!next) return;
    const open = [...main.querySelectorAll('details')].map((details) => details.open);
    next.querySelectorAll('details').forEach((details, index) => { details.open = open[index] ?? details.open; });
    main.replaceChildren(...next.childNodes);
    document.querySelector('footer').replaceChildren(...newer.querySelector('footer').childNodes);
  }
}
`;
export const liveScriptName = `live-${createHash('sha256').update(liveScript).digest('hex').slice(0, 16)}.js`;

/** Styles beyond the design system: layout, figures, charts, the timeline, print. Fonts come from the reader's system. */
export const ownStyles = `
:root { --ledger-spent: #0f4c81; --ledger-open: #6ea8d8; --ledger-free: #d9d2c5; --ledger-returned: #b5651d; }
@media (prefers-color-scheme: dark) {
  :root { --ledger-spent: #8cc4f5; --ledger-open: #3f7fb5; --ledger-free: #5b564c; --ledger-returned: #e39a55; }
}
html { font-family: system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif; }
body { margin: 0; background: var(--ds-color-neutral-background-default); color: var(--ds-color-neutral-text-default);
  font-size: 1.0625rem; line-height: 1.5; overflow-wrap: break-word; }
.page { max-width: 78rem; margin-inline: auto; padding-inline: 1rem; }
main { padding-block: 1rem 3rem; }
main:focus { outline: none; }
h1, h2 { text-wrap: balance; overflow-wrap: anywhere; }
h1.ds-heading[data-size=lg] { font-size: clamp(1.5rem, 1.1rem + 2.2vw, 2.5rem); }
section { margin-block-start: 2.5rem; }
.title, bdi { overflow-wrap: anywhere; }
.lead { font-size: 1.25rem; max-width: 40rem; }
.top { border-block-end: 4px solid var(--ledger-spent); background: var(--ds-color-neutral-surface-default); }
.top .page { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: baseline; padding-block: .75rem; }
.top .name { margin-inline-end: auto; font-weight: 700; font-size: 1.25rem; color: inherit; text-decoration: none; }
.top .name:hover { text-decoration: underline; }
.languages { display: flex; gap: 1rem; margin: 0; padding: 0; list-style: none; }
.languages [aria-current] { font-weight: 700; }
.languages button { padding: 0; border: 0; background: none; font: inherit; cursor: pointer; }
.ds-breadcrumbs { padding-block-start: 1rem; }
.ds-breadcrumbs :is(li, a, span) { min-width: 0; overflow-wrap: anywhere; }
.bottom { border-block-start: 1px solid var(--ds-color-neutral-border-subtle); padding-block: 1.5rem; color: var(--ds-color-neutral-text-subtle); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); padding: 0; list-style: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: .75rem; margin: 1rem 0 0; }
.facts dt { color: var(--ds-color-neutral-text-subtle); }
.facts dd { margin: 0; font-weight: 600; }
.figures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); margin: 1.5rem 0 0; }
.figure { border-inline-start: 4px solid var(--ledger-open); padding-inline-start: .75rem; }
.figure dt { font-weight: 600; }
.figure dd { margin: 0; }
.figure .value { font-size: clamp(1.0625rem, 5vw, 1.25rem); font-weight: 700; }
.figure .money { white-space: normal; overflow-wrap: anywhere; }
.figure .value a { color: inherit; display: inline-block; padding-block: .125rem; }
.words { grid-template-columns: repeat(auto-fill, minmax(min(28rem, 100%), 1fr)); }
.words dd { margin-block-start: .375rem; }
.figure .means { color: var(--ds-color-neutral-text-subtle); font-size: .9375rem; }
.why { color: inherit; text-decoration: underline dotted 1px; text-underline-offset: .25em; }
.why:hover { text-decoration-style: solid; }
.number .why { display: inline-block; padding-block: .125rem; margin-block: -.125rem; }
.explained { font-size: clamp(1.5rem, 6vw, 2rem); font-weight: 700; margin-block: 1rem; }
.money { white-space: nowrap; font-variant-numeric: tabular-nums; }
.none { color: var(--ds-color-neutral-text-subtle); }
.ds-table .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.ds-table :is(th, td) { vertical-align: top; }
.ds-table thead th { vertical-align: bottom; }
.ds-table thead th.number { white-space: normal; }
.ds-table tbody th:has(bdi) { min-width: 10rem; }
.ds-table td:has(> bdi) { min-width: 9rem; }
.ds-table th small { display: block; }
.ds-table small { font-weight: 400; color: var(--ds-color-neutral-text-subtle); }
.scroll { overflow-x: auto; margin-block: 1rem; position: relative; }
.scroll tbody th[scope=row] { position: sticky; inset-inline-start: 0; background: var(--ds-color-neutral-background-default); }
.scroll tbody th:has(> a > .title) { min-width: 14rem; }
.ds-table { width: 100%; }
.ds-table caption { text-align: start; }
.ds-table tbody th { font-weight: 600; text-align: start; }
.chart { margin: 1rem 0; }
.chart svg { width: 100%; max-width: 60rem; height: auto; }
.chart svg.narrow { display: none; }
@media (max-width: 40rem) {
  .chart svg.wide { display: none; }
  .chart svg.narrow { display: block; }
  .scroll:not(.stacks) tbody th { min-width: 6.5rem; max-width: 9rem; }
  .stacks thead { position: absolute; clip-path: inset(50%); }
  .stacks :is(table, caption, tbody, tr, th, td) { display: block; }
  .stacks.scroll tbody th { position: static; min-width: 0; }
  .stacks tr { border-block-end: 2px solid var(--ds-color-neutral-border-subtle); padding-block: .75rem; }
  .stacks .ds-table :is(tbody th, td) { border: 0; padding: .125rem 0; }
  .stacks .ds-table .group th[scope=rowgroup] { font-size: 1.125rem; }
  .stacks .ds-table .group th[scope=row] { font-weight: 600; padding-inline-start: 0; }
  .stacks .ds-table td { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; text-align: end; min-width: 0; }
  .stacks td::before { content: attr(data-label); color: var(--ds-color-neutral-text-subtle); }
}
.chart .tick { font-size: 13px; fill: currentColor; }
.chart .grid { stroke: var(--ds-color-neutral-border-subtle); }
.part-0 { fill: var(--ledger-spent); }
.part-1 { fill: var(--ledger-open); }
.part-2 { fill: var(--ledger-free); }
.part-3 { fill: var(--ledger-returned); }
.line { fill: none; stroke-width: 2; }
.line-reached { stroke: var(--ledger-spent); }
.line-meant { stroke: var(--ledger-returned); stroke-dasharray: 5 4; }
.charted { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 2rem; align-items: start; }
.charted > * { min-width: 0; }
.part { stroke: var(--ds-color-neutral-background-default); stroke-width: 1; }
.legend, .counts, .details { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; padding: 0; list-style: none; }
.legend svg.swatch { width: .875rem; height: .875rem; margin-inline-end: .375rem; vertical-align: -.0625rem; }
.counts .count { font-weight: 700; font-size: 1.25rem; }
.counts a { text-decoration: none; display: inline-flex; gap: .5rem; align-items: center; }
.counts a[aria-current] { font-weight: 700; color: inherit; text-decoration: underline; }
.details { color: var(--ds-color-neutral-text-subtle); margin: .25rem 0; }
.details li { max-width: 60rem; }
.digest { overflow-wrap: anywhere; font-size: .8em; }
.filters { margin-block: 1rem; display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end; }
.filters .ds-field { flex: 1 1 14rem; max-width: 24rem; }
.hint { color: var(--ds-color-neutral-text-subtle); font-size: .9375rem; }
.under-title { margin-block: .5rem 1rem; }
.paging { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-block: 1.5rem; }
.timeline { list-style: none; padding: 0; margin: 1rem 0; border-inline-start: 3px solid var(--ds-color-neutral-border-subtle); }
.timeline > li { padding: .25rem 0 1rem 1rem; position: relative; }
.timeline > li::before { content: ''; position: absolute; inset-inline-start: -.5rem; top: .75rem; width: .8125rem; height: .8125rem;
  border-radius: 50%; background: var(--ledger-spent); }
.timeline > li:target { background: var(--ds-color-neutral-surface-tinted); }
.timeline p { margin: 0; }
.timeline .recorded { color: var(--ds-color-neutral-text-subtle); font-size: .9375rem; }
.timeline .late { color: var(--ds-color-danger-text-subtle); }
.past { margin-block-start: 1rem; }
.beside-past { margin-block: .75rem; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; }
.beside-past a, .embedding p a { display: inline-block; padding-block: .25rem; }
.late { color: var(--ds-color-danger-text-subtle); white-space: nowrap; }
.late::before { content: '· '; }
.timeline .late::before { content: none; }
.notices { padding-inline-start: 1.25rem; }
.notices li { margin-block: .5rem; }
.freshness { margin-block-start: 2.5rem; color: var(--ds-color-neutral-text-subtle); }
.share-bar { margin: .75rem 0 0; }
.share-bar > svg { display: block; width: 100%; height: .875rem; }
.share-bar .track { fill: var(--ds-color-neutral-surface-tinted); }
.share-bar .legend { flex-direction: column; gap: .125rem; margin: .5rem 0 0; }
.framed { background: transparent; font-size: 1rem; }
.framed main { margin: 0; padding: 1rem; }
.framed .hint { margin: .75rem 0 0; }
.embedding { margin-block-start: 2.5rem; }
.embedding textarea { width: 100%; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .875rem; }
@media (min-width: 40rem) {
  .compared .ds-table { table-layout: fixed; }
  .compared thead th:first-child { width: 31%; }
}
.share-bar small { white-space: nowrap; }
.whole-years { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.ds-table .group th[scope=rowgroup] { padding-block-start: 1rem; }
.ds-table .group th[scope=row] { font-weight: 400; padding-inline-start: 1.5rem; }
.signed-in { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; margin-block-end: 1rem; }
.signed-in p { margin: 0; }
.form { display: grid; gap: 1.25rem; max-width: 48rem; margin-block: 1.5rem; justify-items: start; }
.form > :is(.ds-field, .ds-fieldset, .scroll) { width: 100%; }
.optional { font-weight: 400; color: var(--ds-color-neutral-text-subtle); }
.buttons { display: flex; flex-wrap: wrap; gap: 1rem; margin-block: 1rem; }
.facts.wide { grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); margin-block: 1rem; }
.plain { padding: 0; list-style: none; }
td > .plain { margin: 0; }
.ds-table thead .number { white-space: normal; }
.ds-alert :is(.hint, dt) { color: inherit; }
main > :is(.ds-alert, .ds-error-summary) { margin-block: 1rem; }
.ds-alert > :is(h2, p, ul):first-child { margin-block-start: 0; }
.ds-alert > :is(dl, p, ul):last-child { margin-block-end: 0; }
.form:has(> .scroll) { max-width: none; }
.form:has(> .scroll) > :is(.ds-field, .ds-fieldset) { max-width: 48rem; }
.parts { box-sizing: border-box; border-inline-start: 4px solid var(--ds-color-neutral-border-subtle); padding-inline-start: 1rem; }
.ds-table input[type=text] { min-width: 9rem; }
.ds-table td:has(> time) { min-width: 8rem; }
.facts > :has(> dd > .hash) { grid-column: 1 / -1; }
.lines { white-space: pre-line; }
.hash { overflow-wrap: anywhere; }
tr.drawings > td { padding-block-start: 0; }
tr:has(+ .drawings) > * { border-block-end: 0; }
@media print {
  @page { size: landscape; margin: 1cm; }
  nav, form, .ds-details, .drawings, .paging, .ds-skip-link, .beside-past { display: none !important; }
  body { font-size: 11pt; }
  .page { max-width: none; padding-inline: 0; }
  .scroll { overflow: visible; }
  .ds-table { font-size: 11pt; }
  .ds-table :is(tbody, thead) :is(th, td) { padding: .125rem .15rem; min-width: 0 !important; max-width: none; }
  .ds-table tbody :is(th, td):has(bdi) { min-width: 5.5rem !important; }
  .ds-table thead th { font-size: 10pt; }
  .ds-tag { font-size: inherit; padding-inline: .25rem; }
  tr, li, figure { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;

/** What the colours of a chart mean, in the order of its parts. */
export function Legend({ kinds }: { kinds: readonly string[] }) {
  return (
    <figcaption>
      <ul class="legend">
        {kinds.map((kind, index) => (
          <li key={kind}>
            <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`part part-${index}`} width="10" height="10" />
            </svg>
            {kind}
          </li>
        ))}
      </ul>
    </figcaption>
  );
}

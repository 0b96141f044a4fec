/** An option of a choice. */
export type Option = readonly [value: string, text: string];

/** A labelled choice of one option. */
export function Choice({ name, label, chosen, options }: { name: string; label: string; chosen: string; options: readonly Option[] }) {
  return (
    <div class="ds-field">
      <label class="ds-label" for={name}>
        {label}
      </label>
      <select class="ds-input" id={name} name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

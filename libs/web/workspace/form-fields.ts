/** The most fields of one form. */
const mostFields = 1_000;

/** The fields of a sent form (application/x-www-form-urlencoded): texts without spaces at their ends. Line breaks are `\n`, as everywhere else. */
export class FormFields {
  private readonly fields: ReadonlyMap<string, readonly string[]>;

  constructor(sent: Iterable<readonly [name: string, value: string]> = []) {
    const fields = new Map<string, string[]>();
    let count = 0;
    for (const [name, value] of sent) {
      if (++count > mostFields) break;
      fields.set(name, [...(fields.get(name) ?? []), value.replaceAll('\r\n', '\n').trim()]);
    }
    this.fields = fields;
  }

  /** The fields in a body; none if there is no body. */
  static in(body: unknown): FormFields {
    return new FormFields(new URLSearchParams(typeof body === 'string' ? body : ''));
  }

  /** A field's text; empty if it is absent. */
  text(name: string): string {
    return this.fields.get(name)?.[0] ?? '';
  }
  /** All values of a field, such as of check boxes. */
  all(name: string): readonly string[] {
    return this.fields.get(name) ?? [];
  }
  /** Every field with each of its values. */
  entries(): (readonly [name: string, value: string])[] {
    return [...this.fields].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  }
  /** The same fields with some others. */
  with(more: Readonly<Record<string, string>>): FormFields {
    return new FormFields([...this.entries().filter(([name]) => !Object.hasOwn(more, name)), ...Object.entries(more)]);
  }
}

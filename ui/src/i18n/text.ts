// One text of a catalogue, filled in.

/** A text, or one for each plural form that the language has. `{name}` is filled in; `{n}` decides on the form. */
export type Text = string | { one: string; other: string };
export type Values = Record<string, string | number>;

export function fill(text: Text, values: Values, locale: string): string {
  const form = typeof text === 'string' ? text : text[plural(locale, Number(values['n'] ?? 0))];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers(locale).format(value) : value;
  });
}

const rules = new Map<string, Intl.PluralRules>();
const formats = new Map<string, Intl.NumberFormat>();

function plural(locale: string, n: number): 'one' | 'other' {
  let rule = rules.get(locale);
  if (!rule) rules.set(locale, (rule = new Intl.PluralRules(locale)));
  // English and Greek know two forms; every other name would be a mistake of the catalogue.
  return rule.select(n) === 'one' ? 'one' : 'other';
}

export function numbers(locale: string): Intl.NumberFormat {
  let format = formats.get(locale);
  if (!format) formats.set(locale, (format = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 })));
  return format;
}

// Selectors of Calico as far as this program writes them: `has(x)`, `x == 'y'`, and both joined by `&&`
// (projectcalico/libcalico-go lib/selector).

/** Throws for a selector of another form. */
export function matches(selector: string, labels: Readonly<Record<string, string>>): boolean {
  if (selector.trim() === '' || selector.trim() === 'all()') return true;
  return selector.split('&&').every((part) => {
    const has = /^\s*has\(([\w./-]+)\)\s*$/.exec(part);
    if (has) return Object.hasOwn(labels, has[1]!);
    const is = /^\s*([\w./-]+)\s*==\s*(?:'([^']*)'|"([^"]*)")\s*$/.exec(part);
    if (!is) throw new Error(`the lab does not know this selector: ${selector}`);
    return labels[is[1]!] === (is[2] ?? is[3]);
  });
}

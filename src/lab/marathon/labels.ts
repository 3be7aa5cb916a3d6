// Label selectors of `/v2/apps?label=`: `a, b==1, c!=2, d in (3,4), e notin (5), !f` (mesosphere/marathon: api/v2/LabelSelector.scala).

function matchesOne(labels: Record<string, string>, term: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key, operator, list] = set;
    const values = list!.split(',').map((value) => value.trim());
    const value = labels[key!];
    return operator === 'in'
      ? value !== undefined && values.includes(value)
      : value !== undefined && !values.includes(value);
  }
  const equal = /^([^!=\s]+)\s*(==|!=)\s*(.*)$/.exec(term);
  if (equal) {
    const [, key, operator, wanted] = equal;
    const value = labels[key!];
    return value !== undefined && (operator === '==') === (value === wanted);
  }
  return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
}

export function matchesLabels(labels: Record<string, string>, selector: string): boolean {
  const terms = selector.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  return terms.map((term) => term.trim()).every((term) => term === '' || matchesOne(labels, term));
}

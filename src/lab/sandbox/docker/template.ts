// Go's text/template, as far as `docker … --format` is used with it: fields, json, range, if, index, len, printf-less.

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; expression: string }
  | { kind: 'if'; expression: string; yes: Node[]; no: Node[] }
  | { kind: 'range'; expression: string; key?: string; value?: string; body: Node[] };

class TemplateError extends Error {}

function parse(template: string): Node[] {
  const parts = template.split(/(\{\{-?[\s\S]*?-?\}\})/);
  let position = 0;
  const block = (ends: string[]): { nodes: Node[]; end: string } => {
    const nodes: Node[] = [];
    while (position < parts.length) {
      const part = parts[position++]!;
      if (!part.startsWith('{{')) {
        if (part.includes('{{')) throw new TemplateError('unclosed action');
        if (part) nodes.push({ kind: 'text', text: part });
        continue;
      }
      const action = part.replace(/^\{\{-?\s*|\s*-?\}\}$/g, '');
      const [word] = action.split(/\s+/);
      if (word === 'end' || word === 'else') {
        if (!ends.includes(word)) throw new TemplateError(`unexpected {{${word}}}`);
        return { nodes, end: word };
      }
      if (word === 'if') {
        const yes = block(['else', 'end']);
        const no = yes.end === 'else' ? block(['end']).nodes : [];
        nodes.push({ kind: 'if', expression: action.slice(2).trim(), yes: yes.nodes, no });
      } else if (word === 'range') {
        const match = /^range\s+(?:\$(\w+)\s*(?:,\s*\$(\w+)\s*)?:=\s*)?([\s\S]+)$/.exec(action)!;
        const [, first, second, expression] = match;
        const body = block(['end']).nodes;
        nodes.push({
          kind: 'range',
          expression: expression!,
          key: second ? first : undefined,
          value: second ?? first,
          body,
        });
      } else nodes.push({ kind: 'value', expression: action });
    }
    if (ends.length) throw new TemplateError('unexpected EOF');
    return { nodes, end: '' };
  };
  return block([]).nodes;
}

function tokens(expression: string): string[] {
  return expression.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\(|\)|\||[^\s()|]+/g) ?? [];
}

function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value && typeof value === 'object') return Object.keys(value).length > 0;
  return Boolean(value);
}

/** As Go prints a value with %v. */
export function goText(value: unknown): string {
  if (value === undefined) return '<no value>';
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object') {
    return `map[${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${key}:${goText(entry)}`)
      .join(' ')}]`;
  }
  return String(value);
}

class Evaluator {
  readonly #root: unknown;
  /** docker's structs refuse a field they do not have; maps give nothing. */
  readonly #strict: boolean;

  constructor(root: unknown, strict: boolean) {
    this.#root = root;
    this.#strict = strict;
  }

  #field(value: unknown, path: string, top: boolean): unknown {
    let current = value;
    for (const name of path.split('.').filter(Boolean)) {
      if (current && typeof current === 'object' && name in current) {
        current = (current as Record<string, unknown>)[name];
      } else if (top && this.#strict) {
        throw new TemplateError(`template: :1:2: executing "" at <${path}>: can't evaluate field ${name}`);
      } else return undefined;
    }
    return current;
  }

  evaluate(expression: string, dot: unknown, names: Map<string, unknown>): unknown {
    const queue = tokens(expression);
    const operand = (): unknown => {
      const token = queue.shift()!;
      if (token === '(') {
        const value = pipeline();
        queue.shift();
        return value;
      }
      if (token.startsWith('"')) return JSON.parse(token);
      if (token.startsWith('`')) return token.slice(1, -1);
      if (/^-?\d+$/.test(token)) return Number(token);
      if (token === 'true' || token === 'false') return token === 'true';
      if (token === '.') return dot;
      if (token === '$') return this.#root;
      if (token.startsWith('$')) {
        const [name, ...rest] = token.slice(1).split('.');
        const base = name ? names.get(name) : this.#root;
        return rest.length ? this.#field(base, rest.join('.'), false) : base;
      }
      if (token.startsWith('.')) return this.#field(dot, token, dot === this.#root);
      throw new TemplateError(`template parsing error: template: :1: function "${token}" not defined`);
    };
    const call = (name: string, args: unknown[]): unknown => {
      const [first] = args;
      switch (name) {
        case 'json':
          return JSON.stringify(first ?? null);
        case 'len':
          return Array.isArray(first)
            ? first.length
            : typeof first === 'string'
              ? first.length
              : Object.keys(first ?? {}).length;
        case 'index':
          return args.slice(1).reduce((value: unknown, key) => {
            const found = (value as Record<string, unknown> | undefined)?.[String(key)];
            return found ?? '';
          }, first);
        case 'eq':
          return args.slice(1).some((other) => other === first);
        case 'ne':
          return first !== args[1];
        case 'and':
          return args.find((value) => !truth(value)) ?? args.at(-1);
        case 'or':
          return args.find(truth) ?? args.at(-1);
        case 'not':
          return !truth(first);
        case 'println':
          return `${args.map(goText).join(' ')}\n`;
        case 'print':
          return args.map(goText).join('');
        case 'printf':
          return String(first).replace(
            /%[vsdq]/g,
            (() => {
              let i = 1;
              return (verb: string) => (verb === '%q' ? JSON.stringify(args[i++]) : goText(args[i++]));
            })(),
          );
        case 'join':
          return (first as string[]).join(String(args[1]));
        case 'upper':
          return String(first).toUpperCase();
        case 'lower':
          return String(first).toLowerCase();
        default:
          throw new TemplateError(`template parsing error: template: :1: function "${name}" not defined`);
      }
    };
    const command = (piped: unknown[]): unknown => {
      const [token] = queue;
      if (token && /^[a-z]\w*$/.test(token) && token !== 'true' && token !== 'false') {
        queue.shift();
        const args: unknown[] = [];
        while (queue.length && queue[0] !== '|' && queue[0] !== ')') args.push(operand());
        return call(token, [...args, ...piped]);
      }
      return operand();
    };
    const pipeline = (): unknown => {
      let value = command([]);
      while (queue[0] === '|') {
        queue.shift();
        value = command([value]);
      }
      return value;
    };
    return pipeline();
  }

  run(nodes: Node[], dot: unknown, names: Map<string, unknown>): string {
    let text = '';
    for (const node of nodes) {
      if (node.kind === 'text') text += node.text;
      else if (node.kind === 'value') {
        if (!node.expression.startsWith('/*')) text += goText(this.evaluate(node.expression, dot, names));
      } else if (node.kind === 'if') {
        text += this.run(truth(this.evaluate(node.expression, dot, names)) ? node.yes : node.no, dot, names);
      } else {
        const value = this.evaluate(node.expression, dot, names);
        const entries: [unknown, unknown][] = Array.isArray(value)
          ? value.map((entry, i) => [i, entry])
          : Object.entries((value as Record<string, unknown>) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
        for (const [key, entry] of entries) {
          const inner = new Map(names);
          if (node.key) inner.set(node.key, key);
          if (node.value) inner.set(node.value, entry);
          text += this.run(node.body, entry, inner);
        }
      }
    }
    return text;
  }
}

/** Applies a template. Throws with Go's message where it does not parse or names a field that is not there. */
export function format(template: string, data: unknown, strict = true): string {
  const unescaped = template.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  return new Evaluator(data, strict).run(parse(unescaped), data, new Map());
}

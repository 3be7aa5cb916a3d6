// Holds a document against the schema: every violation at once, each named by its option, with what is allowed.
import type { ErrorObject, ValidateFunction } from 'ajv';
import { hostileTexts } from './hostile.ts';
import { completed, nearest } from './names.ts';
import { ALL_OPTIONS, type SchemaNode, schemaOf, valueAt } from './paths.ts';
import { type OptionProblem, shown, valueInWords } from './problems.ts';
import { optionsSchema } from './schema.ts';

let compiled: ValidateFunction | undefined;

// Loaded when it is first needed: most commands never validate anything.
async function validator(): Promise<ValidateFunction> {
  if (!compiled) {
    const { Ajv } = await import('ajv');
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false });
    ajv.addKeyword('x-allowed');
    compiled = ajv.compile(optionsSchema);
  }
  return compiled;
}

/**
 * What is wrong with a document in our own names (for a Universe file: after its conversion). Empty: it is a `PartialOptions`.
 * Contradictions between options are not looked at here.
 */
export async function validateDocument(document: unknown): Promise<OptionProblem[]> {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    return [
      {
        level: 'error',
        code: 'not-an-object',
        path: '',
        what: `The options are ${valueInWords(document)}, not an object`,
        remedy: 'Write them as {"node": {"ipip": "always"}}',
      },
    ];
  }
  const hostile = hostileTexts(document);
  // Neither patterns nor the search for near names are given what has no bounds.
  if (hostile.some(({ code }) => code === 'too-large' || code === 'too-long')) return hostile;
  const validate = await validator();
  if (validate(document)) return hostile;
  const named = new Set(hostile.map((problem) => problem.path));
  const found = problemsOf(validate.errors ?? [], document).filter((problem) => !named.has(problem.path));
  return [...hostile, ...found];
}

function problemsOf(errors: ErrorObject[], document: object): OptionProblem[] {
  const byPlace = new Map<string, ErrorObject[]>();
  const problems: OptionProblem[] = [];
  for (const error of errors) {
    if (error.keyword === 'additionalProperties') {
      problems.push(unknownName(error.instancePath, error.params.additionalProperty as string));
    } else if (error.keyword === 'required') {
      problems.push({
        level: 'error',
        code: 'missing',
        path: dotted(error.instancePath),
        what: `"${error.params.missingProperty}" is missing`,
        allowed: allowedAt(error.instancePath),
      });
    } else byPlace.set(error.instancePath, [...(byPlace.get(error.instancePath) ?? []), error]);
  }
  for (const place of byPlace.keys()) {
    // A list that may also be a number: what is wrong inside it says more than that it is not a number.
    const insideSaysMore =
      schemaOf(place).node?.anyOf !== undefined &&
      [...byPlace.keys()].some((other) => other.startsWith(`${place}/`));
    const errorsHere = byPlace
      .get(place)!
      .filter((error) => !insideSaysMore || error.keyword === 'uniqueItems');
    if (errorsHere.length > 0) problems.push(notAllowed(place, errorsHere, document));
  }
  return problems;
}

function notAllowed(place: string, errors: ErrorObject[], document: object): OptionProblem {
  const path = dotted(place);
  const value = valueAt(document, path);
  const { node } = schemaOf(place);
  const candidates = (node?.enum ?? []).map(String);
  const near = typeof value === 'string' ? nearest(value, candidates) : undefined;
  return {
    level: 'error',
    code: errors.some((error) => error.keyword === 'type') && !node?.anyOf ? 'wrong-type' : 'not-allowed',
    path,
    what: whatIsWrong(value, errors),
    allowed: allowedAt(place),
    ...(near !== undefined && { nearest: near }),
    ...wayOut(value, node),
  };
}

function whatIsWrong(value: unknown, errors: ErrorObject[]): string {
  const has = (keyword: string): ErrorObject | undefined => errors.find((error) => error.keyword === keyword);
  const twice = has('uniqueItems')?.params;
  if (twice) {
    const [first, second] = [twice.i, twice.j].sort((a, b) => a - b);
    return `Entries ${first + 1} and ${second + 1} of the list are the same`;
  }
  if (has('maxItems') && Array.isArray(value))
    return `The list has ${value.length} entries, which is too many`;
  if (has('maxLength') && typeof value === 'string')
    return `The text has ${value.length} characters, which is too many`;
  return `${capital(valueInWords(value))} is not allowed`;
}

/** The mistakes that are made most: quotes around what is no text, and a list written as one text. */
function wayOut(value: unknown, node: SchemaNode | undefined): { remedy?: string } {
  if (typeof value !== 'string' || node?.anyOf) return {};
  if (node?.type === 'boolean' && /^(true|false)$/i.test(value)) {
    return { remedy: `Write ${value.toLowerCase()} without quotes` };
  }
  if ((node?.type === 'number' || node?.type === 'integer') && /^-?\d+(\.\d+)?$/.test(value)) {
    return { remedy: `Write ${value} without quotes` };
  }
  if (node?.type === 'array') return { remedy: 'Write it in square brackets, ["…", "…"]' };
  if (/,\s/.test(value) && /^[a-z]+:\/\//.test(value)) return { remedy: 'Take the spaces out' };
  return {};
}

function unknownName(place: string, name: string): OptionProblem {
  const parent = dotted(place);
  const siblings = Object.keys(schemaOf(place).node?.properties ?? {});
  const path = parent ? `${parent}.${name}` : name;
  const near = nearestOption(parent, name, siblings);
  return {
    level: 'error',
    code: 'unknown-option',
    path: shown(path, 120),
    what: 'There is no option of this name',
    ...(near !== undefined && { nearest: near }),
  };
}

/** Looked for beside the wrong name first, then in the other sections: `pool-cidr` may stand in `cni`, or outside any. */
export function nearestOption(parent: string, name: string, siblings: string[]): string | undefined {
  const beside = nearest(name, siblings) ?? completed(name, siblings);
  if (beside) return parent ? `${parent}.${beside}` : beside;
  const paths = ALL_OPTIONS.map((option) => option.path);
  if (name.includes('.')) return nearest(name, paths);
  const key = nearest(name, [...new Set(paths.map((path) => path.split('.').at(-1)!))]);
  const elsewhere = paths.filter((path) => path.endsWith(`.${key}`));
  return elsewhere.length === 1 ? elsewhere[0] : undefined;
}

const allowedAt = (place: string): string | undefined => allowedInWords(schemaOf(place).node);

/** What the schema allows, in words: `"off", "always" or "cross-subnet"`. */
export function allowedInWords(node: SchemaNode | undefined): string | undefined {
  if (!node) return undefined;
  if (node['x-allowed']) return node['x-allowed'];
  if (node.enum) {
    const values = node.enum.map((value) => JSON.stringify(value));
    return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  }
  if (node.type === 'boolean') return 'true or false';
  if (node.properties) {
    const keys = Object.keys(node.properties).map((key) => `"${key}"`);
    return `an object with ${keys.length > 6 ? `${keys.slice(0, 6).join(', ')}, …` : keys.join(', ')}`;
  }
  return undefined;
}

export const dotted = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'))
    .join('.');

const capital = (words: string): string => words.replace(/^an? /, (article) => `A${article.slice(1)}`);

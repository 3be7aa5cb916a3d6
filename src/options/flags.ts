// `--set node.ipip=always`

import { ALL_OPTIONS, type OptionAt, optionAt, type PartialOptions, setAt } from './paths.ts';
import { type OptionProblem, shown } from './problems.ts';
import { optionsSchema } from './schema.ts';
import { nearestOption } from './validate.ts';

/**
 * Reads `SECTION.KEY=VALUE` texts. A value of an option that takes text is taken as it is, any other as JSON; a list may also be
 * written `a,b`. What the value may be is not looked at here. A later one wins over an earlier one of the same name.
 */
export function parseSettings(settings: readonly string[]): {
  options: PartialOptions;
  problems: OptionProblem[];
} {
  const options: PartialOptions = {};
  const problems: OptionProblem[] = [];
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const path = equals < 0 ? setting : setting.slice(0, equals);
    const option = optionAt(path);
    if (!option) problems.push(unknown(path));
    else if (equals < 0) {
      problems.push({
        level: 'error',
        code: 'no-value',
        path,
        what: `--set ${path} has no value`,
        remedy: `Write --set ${path}=VALUE`,
      });
    } else setAt(options, path, settingValue(option, setting.slice(equals + 1)));
  }
  return { options, problems };
}

function unknown(path: string): OptionProblem {
  const inside = path === '' ? undefined : ALL_OPTIONS.find((option) => option.path.startsWith(`${path}.`));
  if (inside) {
    return {
      level: 'error',
      code: 'unknown-option',
      path,
      what: `${path} is a group of options, not one`,
      remedy: `Write --set ${inside.path}=VALUE`,
    };
  }
  const section = path.split('.')[0] ?? '';
  const sections: Record<string, { properties: object }> = optionsSchema.properties;
  const known = Object.hasOwn(sections, section) && path.includes('.');
  const near = known
    ? nearestOption(section, path.slice(section.length + 1), Object.keys(sections[section]!.properties))
    : nearestOption('', path, []);
  return {
    level: 'error',
    code: 'unknown-option',
    path: shown(path, 120),
    what: 'There is no option of this name',
    ...(near && { nearest: near }),
  };
}

function settingValue({ schema }: OptionAt, text: string): unknown {
  if (schema.type === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: a list as one writes it in a shell, or a text, which validation judges.
  }
  const takesList = schema.type === 'array' || (schema.type?.includes('array') ?? false);
  const takesText = Array.isArray(schema.type) && schema.type.includes('string');
  if (takesList && !(takesText && /^\d+%$/.test(text)) && text !== '' && !/^[[{]/.test(text))
    return text.split(',');
  return text;
}

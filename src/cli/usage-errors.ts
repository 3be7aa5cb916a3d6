// oclif's own errors about a command line, in the words of this program. Its classes are told apart by their names.
import { EXIT, type ExitCode, type Problem } from '../errors.ts';
import { nearest } from '../options/names.ts';

interface OclifError extends Error {
  oclif?: { exit?: number };
  parse?: { input?: { flags?: Record<string, unknown>; args?: Record<string, { name: string }> } };
  flags?: string[];
  args?: unknown[];
}

/** The problem of an error that oclif's parser threw; undefined for any other. `command`: `calico status`. */
export function usageProblem(error: unknown, command = 'calico'): (Problem & { exit: ExitCode }) | undefined {
  const oclif = error as OclifError;
  const kind = oclif?.constructor?.name;
  const message = (oclif?.message ?? '').replace(/\s*See more help with --help\s*$/, '');
  const words = WORDINGS[kind ?? '']?.(oclif, command) ?? wordingOf(message, oclif);
  if (!words) return undefined;
  const help = `dcos ${command} --help`;
  return { code: 'usage', ...words, remedy: [...(words.remedy ?? []), help], exit: EXIT.usage };
}

type Words = Pick<Problem, 'what' | 'why' | 'remedy'> & { code?: string };

const WORDINGS: Record<string, (error: OclifError, command: string) => Words> = {
  NonExistentFlagsError: ({ flags = [], parse }, command) => {
    const names = Object.keys(parse?.input?.flags ?? {});
    const meant = flags
      .map((flag) => nearest(flag.replace(/^-+/, ''), names))
      .filter((name) => name !== undefined);
    return {
      code: 'unknown-flag',
      what: `dcos ${command} has no flag ${flags.map((flag) => flag.replace(/=.*/, '')).join(', ')}`,
      remedy: meant.length ? [`Did you mean ${meant.map((name) => `--${name}`).join(', ')}?`] : [],
    };
  },
  UnexpectedArgsError: ({ args = [], parse }, command) => ({
    code: 'unexpected-argument',
    what: `dcos ${command} takes no ${
      Object.keys(parse?.input?.args ?? {}).length ? 'further argument' : 'argument'
    }, and got ${args.map((arg) => `"${String(arg)}"`).join(', ')}`,
  }),
  RequiredArgsError: ({ args = [] }, command) => {
    const missing = args as { name: string; options?: string[] }[];
    const can = missing.filter(({ options }) => options?.length);
    return {
      code: 'missing-argument',
      what: `dcos ${command} needs ${missing.map(({ name }) => name.toUpperCase()).join(' and ')}`,
      ...(can.length > 0
        ? {
            why: can
              .map(({ name, options }) => `${name.toUpperCase()} is one of ${options!.join(', ')}`)
              .join('; '),
          }
        : {}),
    };
  },
  FlagInvalidOptionError: ({ message }) => {
    const found = /^Expected (--[^=]+)=([\s\S]*) to be one of: (.*)$/m.exec(message);
    if (!found) return { what: firstLine(message) };
    return {
      code: 'bad-flag-value',
      what: `${found[1]} cannot be "${found[2]}"`,
      why: `it is one of ${found[3]}`,
      remedy: didYouMean(found[2]!, found[3]!),
    };
  },
  ArgInvalidOptionError: ({ message }) => {
    const found = /^Expected ([\s\S]*) to be one of: (.*)$/m.exec(message);
    if (!found) return { what: firstLine(message) };
    return {
      code: 'bad-argument',
      what: `"${found[1]}" is not possible here`,
      why: `it is one of ${found[2]}`,
      remedy: didYouMean(found[1]!, found[2]!),
    };
  },
  FailedFlagValidationError: ({ message }) => ({ code: 'flags', what: reasons(message) }),
  ViolatedFlagConstraintError: ({ message }) => ({ code: 'flags', what: reasons(message) }),
};

/** Errors that have no class of their own. */
function wordingOf(message: string, error: OclifError): Words | undefined {
  const value = /^Flag (--\S+) expects a value$/.exec(message);
  if (value) return { code: 'missing-flag-value', what: `${value[1]} needs a value` };
  const choice = /^Flag (--\S+) expects one of these values: (.*)$/.exec(message);
  if (choice)
    return {
      code: 'missing-flag-value',
      what: `${choice[1]} needs a value`,
      why: `it is one of ${choice[2]}`,
    };
  const twice = /^Flag (--\S+) can only be specified once$/.exec(message);
  if (twice) return { code: 'repeated-flag', what: `${twice[1]} can be given once only` };
  const parsing = /^Parsing (--\S+)\s+([\s\S]*)$/.exec(message);
  if (parsing)
    return { code: 'bad-flag-value', what: `${parsing[1]} cannot be used so`, why: parsingWhy(parsing[2]!) };
  if (error?.oclif?.exit === EXIT.usage) return { what: firstLine(message) };
  return undefined;
}

function parsingWhy(said: string): string {
  const number = /^Expected an integer but received: (.*)$/.exec(said.trim());
  return number ? `"${number[1]}" is not a whole number` : said.trim();
}

function didYouMean(value: string, choices: string): string[] {
  const meant = nearest(value, choices.split(', '));
  return meant ? [`Did you mean ${meant}?`] : [];
}

const firstLine = (message: string): string => message.split('\n')[0]!;

function reasons(message: string): string {
  return message
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/\u001b\[\d+m/g, '').trim())
    .map((line) => line.replace(/^Missing required flag (\S+)$/, '--$1 is required'))
    .map((line) =>
      line.replace(
        /^(--[\w-]+)(?:=.*)? cannot also be provided when using (--\S+)$/,
        '$2 and $1 exclude each other',
      ),
    )
    .map((line) =>
      line.replace(/^All of the following must be provided when using (--[^\s:]+): (.+)$/, '$1 needs $2'),
    )
    .filter((line) => line && !/^See more help/.test(line))
    .join('; ');
}

import { EXIT_MEANINGS } from '../cli/exit-codes.ts';
import { ERROR_SECTIONS } from './errors/catalogue.ts';
import { OPTION_PROBLEMS } from './errors/options.ts';
import type { ErrorEntry } from './errors/types.ts';

const INTRODUCTION = `# Errors and exit codes

<!-- Made from src/reference/errors by scripts/docs.ts. A test fails when it is stale, and when the sources have a code that is not here. -->

An error says what could not be done, why, and what to do, on standard error. With \`--json\` it is one document on standard output:

\`\`\`
{
  "error": {
    "code": "no-cluster",
    "what": "No cluster is attached",
    "why": "…",
    "remedy": ["dcos cluster setup URL  sets a cluster up and attaches it"],
    "exit": 2
  }
}
\`\`\`

Codes and exit codes are permanent: a script may rely on them. Sentences may change. \`-v\` adds the detail of HTTP and system errors.
What preflight finds has codes of its own: [checks.md](checks.md).

## Exit codes

The same as text and with \`--json\`. The DC/OS CLI hands them on.

${exitCodeTable()}
`;

function exitCodeTable(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ['| code | meaning |', '|---|---|', ...rows].join('\n');
}

/** The page `docs/errors.md`. */
export function errorsPage(): string {
  const sections = ERROR_SECTIONS.map(({ title, about, entries }) =>
    [`## ${title}`, about, ...Object.entries(entries).map(([code, entry]) => entryOf(code, entry))]
      .filter(Boolean)
      .join('\n\n'),
  );
  const problems = Object.entries(OPTION_PROBLEMS).map(([code, text]) => `| \`${code}\` | ${text} |`);
  const table = ['| code | |', '|---|---|', ...problems].join('\n');
  return `${INTRODUCTION}\n${sections.join('\n\n')}\n\n## Problems with options\n\nThe \`code\` of each problem in the document of \`dcos calico options validate FILE --json\`.\n\n${table}\n`;
}

function entryOf(code: string, { what, why, todo, exits }: ErrorEntry): string {
  return `### ${code}\n\n${what}.\n\n- Why: ${why}\n- To do: ${todo}\n- Exit code: ${exits.join(' or ')}`;
}

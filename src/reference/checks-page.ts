// The page `docs/checks.md`: what preflight looks at, by the code of each check.
import { CHECKS } from '../checks/run.ts';
import type { Check } from '../checks/types.ts';

const INTRODUCTION = `# Checks of preflight

<!-- Made from src/checks by scripts/docs.ts. A test fails when it is stale. -->

\`dcos calico preflight\` runs all of them, and so does \`dcos calico install\` before it begins. A finding *stops* an install, *warns* of what may bite
later, or *informs*. One that stops can be waived with \`--ignore CODE\`, or in the options (\`rollout.ignore\`), where that could come to any good:
it is told all the same. Codes are permanent.`;

export function checksPage(): string {
  const checks = [...CHECKS].sort((a, b) => (a.code < b.code ? -1 : 1));
  const rows = checks.map(
    ({ code, title, can }) => `| [${code}](#${code.toLowerCase()}) | ${title} | ${can.join(', ')} |`,
  );
  const table = ['| code | about | |', '|---|---|---|', ...rows].join('\n');
  return `${[INTRODUCTION, table, ...checks.map(section)].join('\n\n')}\n`;
}

function section({ code, title, from, means, remedy, can, cannotBeWaived }: Check): string {
  const waived = can.includes('stops')
    ? cannotBeWaived
      ? '; it cannot be waived'
      : '; it can be waived'
    : '';
  return [
    `## ${code}`,
    `**${title}**`,
    [
      `- Found out by: ${from}`,
      `- It means: ${means}`,
      `- To do: ${remedy}`,
      `- It ${can.join(' or ')}${waived}.`,
    ].join('\n'),
  ].join('\n\n');
}

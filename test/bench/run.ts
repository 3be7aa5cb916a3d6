// `npm run bench`: one run that prints every figure, and which goals are met.
import { availableParallelism } from 'node:os';
import { benchInstall, benchPlan } from './install.bench.ts';
import { packed } from './packed.ts';
import { Report } from './report.ts';
import { benchStartup } from './startup.bench.ts';
import { benchStatus } from './status.bench.ts';

const report = new Report((line) => process.stdout.write(`${line}\n`));
report.line(`CPU, medians, on ${availableParallelism()} cores; ratios carry over to other machines\n`);
const program = packed();
try {
  benchPlan(report);
  await benchStartup(report, program);
  await benchStatus(report, program);
  await benchInstall(report);
} finally {
  program.remove();
}
report.goals();

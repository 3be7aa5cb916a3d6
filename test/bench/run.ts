// `npm run bench`: one run that prints every figure.
import { benchInstall } from './install.bench.ts';
import { benchJoin } from './join.bench.ts';
import { benchStartup } from './startup.bench.ts';
import { benchStatus } from './status.bench.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);
await benchStartup(print);
print('');
await benchStatus(print);
await benchJoin(print);
print('');
await benchInstall(print);

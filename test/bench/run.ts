// `npm run bench`: one run that prints every figure.
import { benchInstall } from './install.bench.ts';
import { benchStatus } from './status.bench.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);
await benchStatus(print);
print('');
await benchInstall(print);

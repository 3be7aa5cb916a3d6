// `npm run shellcheck`: every shell text of the repository that is whole. The steps' own parts are checked as Mesos gets them, put
// together, in test/steps/language.test.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { defaultOptions } from '../src/options/defaults.ts';
import { bootScript } from '../src/steps/boot/boot-script.ts';

const BASH = ['completion/bash/calico.sh', '.ci/run'];
/** Parts of a text that is checked whole. */
const PARTS = /^src\/(steps|cli\/completion)\//;

const tracked = execFileSync('git', ['ls-files', '*.sh'], { encoding: 'utf8' }).trim().split('\n');
const texts = [
  ...BASH.map((file) => ({ name: file, shell: 'bash', text: readFileSync(file, 'utf8') })),
  ...tracked
    .filter((file) => !BASH.includes(file) && !PARTS.test(file))
    .map((file) => ({ name: file, shell: 'sh', text: readFileSync(file, 'utf8') })),
  { name: 'the boot script', shell: 'sh', text: bootScript(defaultOptions(), '2026-01-01T00:00:00.000Z') },
];

let wrong = 0;
for (const { name, shell, text } of texts) {
  const found = spawnSync('shellcheck', ['-s', shell, '-'], { input: text, encoding: 'utf8' });
  if (found.error) {
    process.stderr.write('shellcheck is missing: apt-get install shellcheck, or brew install shellcheck\n');
    process.exit(1);
  }
  if (found.status === 0) continue;
  wrong += 1;
  process.stdout.write(`${name}\n${found.stdout}\n`);
}
process.stdout.write(`${texts.length} shell texts, ${wrong} with remarks\n`);
process.exitCode = wrong ? 1 : 0;

// `npm run pictures`: the pictures of README and docs, made anew from a real run on a practice cluster. `-- --check` makes none and
// fails where one of them shows what the program does not print any more. DIST: where the built program is.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Browser, findChromium } from './browser.ts';
import { pageText } from './pictures/page-text.ts';
import { type Played, play } from './pictures/scenes.ts';
import { comparable, comparablePage, difference } from './pictures/stale.ts';
import { terminalSvg, textOfSvg } from './pictures/svg.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'pictures');
const WIDTH = 900;
/** Of the page that a run writes: what happened, what it disturbed, and the state then. */
const SEEN = `(() => {
  const top = document.querySelector('#happened').getBoundingClientRect().top;
  return { y: top, height: document.querySelector('main').getBoundingClientRect().bottom - top };
})()`;
const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

const plain = (line: string) => line.replace(/\u001b\[[\d;]*m/g, '');
const kept = (name: string) => readFileSync(join(folder, name), 'utf8');

function keep(name: string, content: string | Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
  process.stdout.write(`docs/pictures/${name}  ${content.length} bytes\n`);
}

function check({ scenes, report }: Played): void {
  const compared: [name: string, before: string, after: string][] = [
    ...scenes.map(({ name, lines }): [string, string, string] => [
      `${name}.svg`,
      comparable(textOfSvg(kept(`${name}.svg`))),
      comparable(lines.map(plain)),
    ]),
    ['report.html', comparablePage(pageText(kept('report.html'))), comparablePage(pageText(report))],
  ];
  for (const [name, before, after] of compared) {
    const found = difference(before, after);
    if (!found) continue;
    process.stderr.write(`docs/pictures/${name} is not what the program shows:\n${found}\n`);
    process.exitCode = 1;
  }
  process.stdout.write(
    process.exitCode
      ? 'npm run pictures makes them anew\n'
      : `${compared.length} pictures are what the program shows\n`,
  );
}

async function write({ scenes, report }: Played): Promise<void> {
  for (const { name, title, lines } of scenes) keep(`${name}.svg`, terminalSvg(title, lines));
  keep('report.html', report);
  await photograph();
}

async function photograph(): Promise<void> {
  const program = findChromium();
  if (!program) {
    process.stderr.write('docs/pictures/report.png was not made: there is no Chromium on this machine\n');
    process.exitCode = 1;
    return;
  }
  const browser = await Browser.start(program);
  try {
    const tab = await browser.tab(WIDTH, 800);
    await tab.open(pathToFileURL(join(folder, 'report.html')).href);
    keep('report.png', await tab.png(await tab.value(SEEN)));
  } finally {
    await browser.stop();
  }
}

const played = await play(join(process.env.DIST ?? join(root, 'dist'), 'dcos-calico.cjs'));
if (values.check) check(played);
else await write(played);

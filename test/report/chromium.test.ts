// The pages in a real browser: what is seen, what a screen reader hears, what is printed, and that nothing is loaded.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Browser, findChromium, type Tab } from '../../scripts/browser.ts';
import { statusPage } from '../../src/report/status-page.ts';
import { withLab } from '../rollout/on-lab.ts';
import { SIX, statusOf, thousands } from './clusters.ts';
import { reportedInstall, SEVEN } from './on-lab.ts';

const program = findChromium();
const SOURCE = { url: 'https://dcos.example.com', program: '0.1.0' };

if (!program)
  test('Chromium is not on this machine: the pages were not looked at in a browser', (t) => {
    assert.ok(!process.env.REQUIRE_CHROMIUM, 'REQUIRE_CHROMIUM is set, and there is no chromium');
    t.diagnostic('apt-get install chromium');
  });

suite('in Chromium', { skip: program ? false : 'Chromium is not on this machine' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-pages-'));
  const pages: Record<string, string> = {};
  let browser: Browser;

  before(async () => {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, `${name}.html`), text);
      pages[name] = pathToFileURL(join(folder, `${name}.html`)).href;
    };
    write('six', statusPage(statusOf(SIX), SOURCE, 0));
    write('many', statusPage(statusOf(thousands()), SOURCE, 0));
    const hostile = statusOf(SIX);
    for (const row of hostile.agents)
      row.reason = '<img src="http://127.0.0.1:9/x" onerror="document.title=1">';
    write('hostile', statusPage(hostile, SOURCE, 0));
    await withLab(SEVEN, async (lab) => write('run', (await reportedInstall(lab)).pages.at(-1)!));
    browser = await Browser.start(program!);
  });
  after(async () => {
    await browser?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tabs: Tab[] = [];
  const opened = async (page: string, width = 1200, dark = false): Promise<Tab> => {
    const tab = await browser.tab(width, 900, { dark });
    tabs.push(tab);
    await tab.open(pages[page]!);
    return tab;
  };
  afterEach(async () => {
    for (const tab of tabs.splice(0)) await browser.close(tab);
  });

  for (const width of [360, 1200])
    test(`at ${width} pixels nothing stands out beyond the page`, async () => {
      for (const page of ['six', 'many', 'run']) {
        const tab = await opened(page, width);
        assert.ok((await tab.value<number>('document.documentElement.scrollWidth')) <= width, page);
      }
    });

  test('each of five thousand agents has a square that is seen, all of them on one screen', async () => {
    const tab = await opened('many');
    const { count, least, height } = await tab.value<{
      count: number;
      least: number;
      height: number;
    }>(`(() => {
      const all = [...document.querySelectorAll('.cells a')].map((one) => one.getBoundingClientRect());
      const map = document.querySelector('.map').getBoundingClientRect();
      return { count: all.length, least: Math.min(...all.map((one) => one.width * one.height)), height: map.height };
    })()`);
    assert.equal(count, 5000);
    assert.ok(least >= 64, `${least} square pixels`);
    assert.ok(height <= 900, `${height} pixels`);
  });

  test('a square leads to the row of its agent', async () => {
    const tab = await opened('many');
    const square = `document.querySelector('.cells.good a:nth-child(4000)')`;
    const address = await tab.value<string>(`${square}.title`);
    await tab.value(`${square}.click()`);
    assert.equal(await tab.value(`document.querySelector('tr:target th').textContent`), address);
  });

  test('every text has the contrast of WCAG AA, in light and in dark', async () => {
    for (const dark of [false, true])
      for (const page of ['six', 'run']) {
        const tab = await opened(page, 1200, dark);
        assert.deepEqual(await tab.value(LOW_CONTRAST), [], `${page} in ${dark ? 'dark' : 'light'}`);
      }
  });

  test('a screen reader hears headings, the counts of the map and a table with headers, and no square', async () => {
    const tab = await opened('six');
    const { nodes } = (await tab.send('Accessibility.getFullAXTree')) as unknown as { nodes: Node[] };
    const said = nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => `${role?.value} ${name?.value ?? ''}`.trim());
    for (const expected of [
      'heading Calico on https://dcos.example.com',
      'heading All agents',
      'heading failed 1 agent',
      'table Worst first; within a state in the order of the addresses.',
      'columnheader Docker',
      'rowheader 10.0.1.13',
    ])
      assert.ok(said.includes(expected), `${expected}\n${said.join('\n')}`);
    assert.ok(
      !said.some((line) => line.startsWith('link')),
      'five thousand squares would be five thousand links',
    );
    const stops = await tab.value<number>(
      `[...document.querySelectorAll('a,[tabindex]')].filter((one) => one.tabIndex >= 0).length`,
    );
    assert.equal(stops, 1, 'the table alone');
  });

  test('what a cluster says runs nothing and loads nothing', async () => {
    const tab = await opened('hostile');
    assert.deepEqual(tab.requests, [pages.hostile]);
    assert.equal(await tab.value('document.images.length'), 0);
    assert.equal(await tab.value('document.title'), 'Calico on https://dcos.example.com');
  });

  test('on paper the whole table is there, and squares keep their colour', async () => {
    const tab = await opened('run', 360);
    const { data } = await tab.send('Page.printToPDF', {
      printBackground: false,
      paperWidth: 8.27,
      paperHeight: 11.7,
    });
    assert.equal(
      Buffer.from(data as string, 'base64')
        .subarray(0, 5)
        .toString(),
      '%PDF-',
    );
    await tab.send('Emulation.setEmulatedMedia', { media: 'print' });
    assert.equal(await tab.value(`getComputedStyle(document.querySelector('.scroll')).overflowX`), 'visible');
    assert.equal(
      await tab.value(`getComputedStyle(document.querySelector('.cells a')).printColorAdjust`),
      'exact',
    );
  });
});

interface Node {
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
}

/** Texts whose colour and background are closer than 4.5 to 1. */
const LOW_CONTRAST = `(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (text) => {
    const [r, g, b] = rgb(text).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgb(colour)[3] !== 0) return colour;
    }
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    const [a, b] = [light(getComputedStyle(node.parentElement).color), light(ground(node.parentElement))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(node.textContent.trim() + ' ' + ratio.toFixed(2));
  }
  return low;
})()`;

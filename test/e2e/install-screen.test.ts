// An install in a real pseudo-terminal, from the question to the end, with one agent that fails: what is on the screen when it is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PseudoTerminal } from '../../scripts/terminal.ts';
import { startLab } from '../../src/lab/lab.ts';
import { bundle } from '../bundle.ts';
import { assertGolden } from '../golden.ts';

const { path } = bundle();

const FAILS = { steps: { docker: { fail: 'Docker already uses zk://10.0.0.1:2181 as its store' } } };
const AGENTS = ['10.0.1.11', '10.0.1.12', '10.0.1.13', '10.0.1.14', '10.1.2.20'].map((host) => ({
  host,
  public: host === '10.1.2.20',
  ...(host === '10.0.1.13' ? { faults: FAILS } : {}),
}));

for (const columns of [80, 120])
  for (const colour of [false, true])
    test(`${columns} columns, ${colour ? 'in colour' : 'without colour'}`, async () => {
      const lab = await startLab({ agents: AGENTS, speed: 50, seed: 5 });
      const terminal = new PseudoTerminal([process.execPath, path, 'calico', 'install', '--api-only'], {
        rows: 60,
        columns,
        env: {
          PATH: process.env.PATH ?? '',
          DCOS_URL: lab.url,
          DCOS_ACS_TOKEN: lab.token,
          ...(colour ? {} : { NO_COLOR: '1' }),
        },
      });
      try {
        await terminal.shows('Go ahead? [y/N]');
        terminal.type('y\r');
        assert.equal(await terminal.ended, 3);
        const text = colour ? terminal.screen.styled() : terminal.screen.text();
        if (!colour) assert.ok(!text.includes('\u001b'));
        const ended = text.slice(text.indexOf('WAVE')).replace(/after \d+ s/g, 'after N s');
        assertGolden(`e2e/install-${columns}${colour ? '-in-colour' : ''}`, `${ended}\n`);
      } finally {
        await terminal.stop();
        await lab.stop();
      }
    });

// The screens of the pictures, from one life of a practice cluster: the wizard, the plan, the progress, the table, the page.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { Screen } from '../screen.ts';
import { PseudoTerminal } from '../terminal.ts';

export interface Scene {
  /** File name without its ending. */
  name: string;
  /** What is on it, for whoever does not see it. */
  title: string;
  /** Lines with colours as escape sequences. */
  lines: string[];
}

export interface Played {
  scenes: Scene[];
  /** The page of the install. */
  report: string;
}

const WIZARD = {
  name: 'wizard',
  title:
    'The wizard: what it found on the cluster, two answers, and a question with what each answer does to the agents',
};
const PLAN = {
  name: 'plan',
  title: 'The plan of an install: what is done on each agent, the waves, what that amounts to, what stops it',
};
const WAVES = {
  name: 'waves',
  title:
    'The waves of an install: the canary, then two agents at a time, with what that amounts to and what stops it',
};
const PROGRESS = {
  name: 'progress',
  title:
    'An install under way: the canary is ready, an agent of the second wave has failed, the third is at work',
};
const STATUS = { name: 'status', title: 'The table of all agents: the failed one first, with its reason' };

const COLUMNS = 100;
const ROWS = 70;

const PLUGIN = 'quay.io/calico/libnetwork-plugin:v1.1.3';

/** One agent's Docker does not get one of the images: it fails, and the others go on. One alone, as of two either may be told first. */
const AGENTS = [
  ...['10.0.1.11', '10.0.1.12'].map((host) => ({ host, public: false })),
  {
    host: '10.0.1.13',
    public: false,
    faults: { docker: { [PLUGIN]: { fail: 1, stderr: 'dial tcp: lookup quay.io: no such host' } } },
  },
  ...['10.0.1.14', '10.0.1.15', '10.0.1.16'].map((host) => ({ host, public: false })),
  { host: '10.1.2.20', public: true },
];

/** @param program the built program */
export async function play(program: string): Promise<Played> {
  const lab = await startLab({ grade: 'sandbox', dcos: '2.0', agents: AGENTS, seed: 1 });
  const directory = mkdtempSync(join(tmpdir(), 'dcos-calico-pictures-'));
  try {
    return await new Stage(program, directory, lab).play();
  } finally {
    await lab.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

class Stage {
  readonly #program: string;
  readonly #directory: string;
  readonly #lab: Lab;
  readonly #scenes: Scene[] = [];

  constructor(program: string, directory: string, lab: Lab) {
    this.#program = program;
    this.#directory = directory;
    this.#lab = lab;
  }

  async play(): Promise<Played> {
    await this.#wizard();
    await this.#install();
    await this.#status();
    const report = readFileSync(join(this.#directory, 'change-4711.html'), 'utf8');
    return { scenes: this.#scenes, report: this.#anybody(report) };
  }

  #start(command: string): PseudoTerminal {
    return new PseudoTerminal([process.execPath, this.#program, 'calico', ...command.split(' ')], {
      rows: ROWS,
      columns: COLUMNS,
      cwd: this.#directory,
      env: {
        PATH: process.env.PATH,
        HOME: this.#directory,
        XDG_CACHE_HOME: this.#directory,
        DCOS_URL: this.#lab.url,
        DCOS_ACS_TOKEN: this.#lab.token,
      },
    });
  }

  /** Takes what is on the screen: from the line that is like `from`, before the one that is like `to`. */
  #take(scene: Omit<Scene, 'lines'>, command: string, screen: Screen, from = /./, to?: RegExp): void {
    const plain = screen.text().split('\n');
    const first = plain.findIndex((line) => from.test(line));
    const end = to ? plain.findIndex((line, index) => index > first && to.test(line)) : plain.length;
    if (first < 0 || end < 0)
      throw new Error(`${scene.name}: ${from}, ${to}: not on the screen\n${screen.text()}`);
    const lines = screen
      .styled()
      .split('\n')
      .slice(first, end)
      .map((line) => this.#anybody(line));
    this.#scenes.push({ ...scene, lines: [`\u001b[1m$ dcos calico ${command}\u001b[0m`, ...lines] });
  }

  /** The cluster's address and whoever makes the pictures are nothing to look at. */
  #anybody(line: string): string {
    return line
      .replaceAll(this.#lab.url, 'https://dcos.example.com')
      .replaceAll(`bootstrapuser on ${hostname()}`, 'anna on laptop');
  }

  async #wizard(): Promise<void> {
    const terminal = this.#start('configure');
    const reply = async (prompt: string, keys: string) => {
      await terminal.until(`? ${prompt}`, ({ cursorLine }) => cursorLine.startsWith(`? ${prompt}`));
      terminal.type(keys);
    };
    try {
      await reply('Which containers use Calico?', '\r');
      await reply('Network for tasks', '9.0.0.0/16\r');
      await terminal.shows('Not taken:');
      await reply('Network for tasks', '\u001510.200.0.0/16\r');
      const between = 'How do packets of tasks get from agent to agent?';
      await terminal.until(between, ({ cursorLine }) => cursorLine.startsWith(`? ${between}`));
      this.#take(WIZARD, 'configure', terminal.screen);
      await reply(between, '\r');
      await reply('Where do agents fetch files and images from?', '\r');
      await reply('How does an install go through the agents?', '\r');
      await reply('And now?', '\r');
      await ended(terminal, 0);
    } finally {
      await terminal.stop();
    }
  }

  async #install(): Promise<void> {
    const command = 'install --options calico.json --set rollout.max-concurrent=2 --report change-4711.html';
    const terminal = this.#start(command);
    try {
      await terminal.shows('Go ahead? [y/N]');
      this.#take(PLAN, command, terminal.screen, /^Install Calico on/, /^Warning/);
      this.#take(WAVES, command, terminal.screen, /^WAVE /, /^Warning/);
      terminal.type('y\r');
      // Each for as long as a busy machine may take; the pull that fails is tried for a while.
      await terminal.shows('Wave 1 (canary): 2 of 2 ready');
      await terminal.shows('Wave 2: 1 of 2 ready');
      await terminal.shows('Wave 3: 0 of 2 ready, 2 at work');
      this.#take(PROGRESS, command, terminal.screen, /tasks started$/);
      await ended(terminal, 3);
    } finally {
      await terminal.stop();
    }
  }

  async #status(): Promise<void> {
    const terminal = this.#start('status');
    try {
      await ended(terminal, 1);
      this.#take(STATUS, 'status', terminal.screen);
    } finally {
      await terminal.stop();
    }
  }
}

async function ended(terminal: PseudoTerminal, expected: number): Promise<void> {
  const exit = await terminal.ended;
  if (exit !== expected) throw new Error(`It ended with exit code ${exit}:\n${terminal.screen.text()}`);
}

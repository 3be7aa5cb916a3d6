// `npm run demo -- --wizard`: the wizard played through with keys sent to a real pseudo-terminal, install included.
import { setTimeout as sleep } from 'node:timers/promises';
import { PseudoTerminal } from './terminal.ts';

export interface WizardDemo {
  /** The built program. */
  program: string;
  /** Where calico.json is written. */
  directory: string;
  /** DCOS_URL and DCOS_ACS_TOKEN of the practice cluster among it. */
  env: NodeJS.ProcessEnv;
  say(text?: string): void;
}

/** On a terminal a person watches the keys being typed; in a pipe each screen is printed once, when it is whole. */
const watched = process.stdout.isTTY === true;
const READING_MS = 2500;
const TYPING_MS = 60;

/** Throws with the screen if anything comes otherwise than it should. */
export async function demoWizard({ program, directory, env, say }: WizardDemo): Promise<void> {
  const { columns = 80, rows = 24 } = watched ? process.stdout : {};
  say('\n$ dcos calico configure');
  const terminal = new PseudoTerminal([process.execPath, program, 'calico', 'configure'], {
    columns: Math.max(columns, 80),
    rows: Math.max(rows, 24),
    cwd: directory,
    // Its answers are kept beside it, not in the cache of whoever runs the demo.
    env: {
      ...env,
      XDG_CACHE_HOME: directory,
      TERM: env.TERM ?? 'xterm-256color',
      ...(watched ? {} : { NO_COLOR: '1' }),
    },
    ...(watched ? { watch: (data) => process.stdout.write(data) } : {}),
  });
  const shown = () => {
    if (!watched) say(`${terminal.screen.text()}\n${'-'.repeat(80)}`);
  };
  /** When this prompt stands there: types the keys. */
  const reply = async (prompt: string, keys: string) => {
    await terminal.until(`? ${prompt}`, ({ cursorLine }) => cursorLine.startsWith(`? ${prompt}`));
    shown();
    if (watched) await sleep(READING_MS);
    for (const key of keys) {
      terminal.type(key);
      if (watched) await sleep(TYPING_MS);
    }
  };
  try {
    const pool = 'Network for tasks';
    const between = 'How do packets of tasks get from agent to agent?';
    await reply('Which containers use Calico?', '\r');
    await reply(pool, '9.0.0.0/16\r');
    await terminal.shows('Not taken:');
    // Ctrl-U takes away what was typed.
    await reply(pool, '\u001510.200.0.0/16\r');
    await reply(between, 'b\r');
    await reply(pool, '\r');
    await reply(between, '\r');
    await reply('Where do agents fetch files and images from?', '\r');
    await reply('How does an install go through the agents?', '\r');
    await reply('And now?', '2\r');
    await terminal.shows('Go ahead? [y/N]');
    shown();
    if (watched) await sleep(READING_MS);
    terminal.type('y\r');
    // An install takes as long as it takes; that it comes to its end is what is waited for.
    const exit = await terminal.ended;
    shown();
    if (exit !== 0) throw new Error(`dcos calico configure ended with exit code ${exit}`);
  } finally {
    await terminal.stop();
  }
}

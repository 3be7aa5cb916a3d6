// The real scripts on sandbox hosts: hostile text in every variable that reaches them, and a `daemon.json` of any content.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench, type Running } from '../../steps/bench.ts';
import { optionsWith } from '../../steps/options.ts';
import { type Choice, type Family, type Outcome, oneOf, randomOf, sample } from '../case.ts';
import { programs } from '../programs.ts';

const OPTIONS = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
const ENDS = ['ready', 'failed', 'waiting for step', 'restart pending', 'drifted', 'waiting for turn'];

/** Made by this program, and no option: what is neither JSON nor the name of a step fails as a bug would. */
const OURS = new Set(['bgp DCOS_CALICO_BGP_PEERS', 'preflight DCOS_CALICO_STEPS']);

const DAEMONS = [
  '',
  'null',
  '[]',
  '"text"',
  '{',
  '{"a": 1,}',
  '{"cluster-store": 5}',
  '{"cluster-store": ["etcd://x"], "cluster-advertise": null}',
  '{"cluster-store": "zk://10.0.0.9:2181", "cluster-advertise": "eth0:2376"}',
  '{"debug": true, "debug": false}',
  '\ufeff{"debug": true}',
  '{"nested": {"a": [1, 2, {"b": null}]}, "ipv6": true}',
  `{"long": "${'x'.repeat(300_000)}"}`,
  `${'['.repeat(20_000)}`,
  '{"n": 1e999, "m": -0, "u": "\\ud800"}',
  '{"hosts": ["unix:///var/run/docker.sock"]}\r\n',
  '\u0000\u0001\u0002',
  '{"log-opts": {"max-size": "$(reboot)"}}',
];

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('scripts', seed);
  const hostile = Object.entries(programs(OPTIONS, '10.0.1.11')).flatMap(([name, { env }]) =>
    Object.keys(env).map((variable) => `hostile ${name} ${variable}`),
  );
  const daemons = DAEMONS.map((_, index) => `daemon.json ${index + 1}`);
  return depth === 'short'
    ? [...sample(hostile, 3, random), ...sample(daemons, 2, random)]
    : [...hostile, ...daemons];
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [kind, ...rest] = name.split(' ');
  if (kind === 'hostile') return hostile(rest[0]!, rest[1]!, randomOf(name, seed));
  return daemonJson(DAEMONS[Number(rest[0]) - 1]!);
}

async function hostile(
  name: string,
  variable: string,
  random: ReturnType<typeof randomOf>,
): Promise<Outcome> {
  const wrong: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-faults-'));
  const canary = join(folder, 'ran');
  const touch = `touch ${canary}`;
  const texts = [
    `$(${touch})`,
    `\`${touch}\``,
    `; ${touch}; #`,
    `' ; ${touch} ; '`,
    `" ; ${touch} ; "`,
    `x\n${touch}\n`,
    `|| ${touch}`,
    `${'../'.repeat(12)}${canary.slice(1)}`,
    `-o ${canary}`,
  ];
  const bench = await Bench.create({ docker: { daemonJson: { debug: false } } });
  try {
    await bench.giveTurn();
    const text = oneOf(random, texts);
    const { cmd, env, isStep } = programs(OPTIONS, bench.host.address)[name]!;
    const task = bench.start(name, cmd, { ...env, [variable]: text });
    const end = isStep ? await ended(task) : await reported(task, name);
    if (existsSync(canary)) wrong.push(`${variable}=${JSON.stringify(text)} was carried out`);
    if (!OURS.has(`${name} ${variable}`)) wrong.push(...stderrOf(task));
    await task.stop();
    return { wrong, went: `hostile ${name}: ${end}` };
  } finally {
    await bench.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function daemonJson(content: string): Promise<Outcome> {
  const wrong: string[] = [];
  const bench = await Bench.create({ docker: { daemonJson: {} } });
  const file = bench.host.path('/etc/docker/daemon.json');
  try {
    writeFileSync(file, content);
    await bench.giveTurn();
    const task = bench.run('docker', { options: OPTIONS });
    const end = await ended(task);
    const after = readFileSync(file, 'utf8');
    if (after !== content) wrong.push(...lost(content, after));
    wrong.push(...stderrOf(task));
    await task.stop();
    return { wrong, went: `daemon.json: ${end}${after === content ? ', untouched' : ''}` };
  } finally {
    await bench.remove();
  }
}

/** Keys that were there and are no more, or have another value. */
function lost(before: string, after: string): string[] {
  try {
    const [was, is] = [before.replace(/^\ufeff/, '') || '{}', after].map(
      (text) => JSON.parse(text) as Record<string, unknown>,
    ) as [Record<string, unknown>, Record<string, unknown>];
    return Object.keys(was)
      .filter((key) => !key.startsWith('cluster-') && JSON.stringify(was[key]) !== JSON.stringify(is[key]))
      .map((key) => `daemon.json has lost ${key}`);
  } catch (error) {
    return [`daemon.json was written although it was none, or is none now: ${(error as Error).message}`];
  }
}

async function ended(task: Running): Promise<string> {
  const status = await task.until(({ state }) => ENDS.includes(state));
  return status.state;
}

/** What a small app comes to; a turn is at work for as long as it is not over. */
async function reported(task: Running, name: string): Promise<string> {
  try {
    const { state } = await task.until((status) => name === 'turn' || status.state !== 'working');
    return state;
  } catch (error) {
    if (task.exit) return `ended with ${task.exit.code}`;
    throw error;
  }
}

function stderrOf(task: Running): string[] {
  const said = task.file('stderr') + task.file('stdout');
  return /Traceback|^ {2}File "/m.test(said) ? [`a traceback: ${said.slice(0, 2000)}`] : [];
}

export const SCRIPTS: Family = {
  name: 'scripts',
  about: 'The real scripts, with hostile text and strange files',
  cases,
  run,
};

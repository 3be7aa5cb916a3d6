// `lab start`, `status` and `stop` as a person runs them: the program itself, in a shell.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { isAlive } from '../../../src/lab/control/processes.ts';
import { stopLab } from '../../../src/lab/control/stop.ts';

const root = join(import.meta.dirname, '../../..');
const base = mkdtempSync(join(tmpdir(), 'lab-test-'));
const dist = join(base, 'dist');
execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], {
  cwd: root,
  env: { ...process.env, DIST: dist },
});
const program = join(dist, 'dcos-calico.cjs');
const directory = join(base, 'lab');
const { DCOS_URL: _, DCOS_ACS_TOKEN: __, ...environment } = process.env;
const env = { ...environment, DCOS_CALICO_LAB_DIR: directory, NO_COLOR: '1' };

after(() => rmSync(base, { recursive: true, force: true }));
afterEach(() => stopLab(directory));

interface Run {
  code: number;
  out: string;
  talk: string;
}

function lab(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'calico', 'lab', ...args], { env }, (error, out, talk) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, talk });
    });
  });
}

/** A small simulated lab that ends with this process. */
const start = (...args: string[]) =>
  lab('start', '--simulated', '4', '--owner', String(process.pid), ...args);

const stateOf = () =>
  JSON.parse(readFileSync(join(directory, 'lab.json'), 'utf8')) as { pid: number; url: string };

async function until(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!is()) {
    assert.ok(Date.now() < end, `still not ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test('start prints on stdout what a shell is to set, and nothing else', async () => {
  const { code, out, talk } = await start('--dcos', '1.12');
  assert.equal(code, 0, talk);
  assert.match(out, /^export DCOS_URL=http:\/\/127\.0\.0\.1:\d+ DCOS_ACS_TOKEN=[\w.-]+\n$/);
  assert.match(
    talk,
    /A lab of DC\/OS 1\.12 is running: 3 private agents and 1 public one\.\nThey are only modelled/,
  );
  assert.match(talk, /dcos calico install/);
  const script = `${out}curl -s -H "Authorization: token=$DCOS_ACS_TOKEN" $DCOS_URL/service/marathon/v2/info`;
  assert.match(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }), /"version":"1\.7\.216"/);
});

test('its files are private, the token is in one of them only', async () => {
  const { out } = await start();
  const token = /DCOS_ACS_TOKEN=(\S+)/.exec(out)![1]!;
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, 'token')).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(directory, 'token'), 'utf8').trim(), token);
  assert.ok(!readFileSync(join(directory, 'lab.json'), 'utf8').includes(token));
  const { pid } = stateOf();
  if (process.platform === 'linux') assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(token));
});

test('a second start is refused with the way out', async () => {
  await start();
  const { code, out, talk } = await start();
  assert.deepEqual([code, out], [1, '']);
  assert.match(talk, /one is running already, at http:/);
  assert.match(talk, /dcos calico lab stop/);
});

test('of two starts at one moment one succeeds', async () => {
  const codes = (await Promise.all([start(), start()])).map(({ code }) => code).sort();
  assert.deepEqual(codes, [0, 1]);
});

test('stop leaves nothing, and says when there was nothing', async () => {
  await start();
  const { pid } = stateOf();
  const stopped = await lab('stop');
  assert.deepEqual([stopped.code, stopped.out], [0, 'The lab has ended\n']);
  assert.equal(isAlive(pid), false);
  assert.equal(existsSync(directory), false);
  assert.equal((await lab('stop')).out, 'No lab is running\n');
});

test('status shows agents, tasks, faults, and what is answered without a recording', async () => {
  assert.equal((await lab('status')).out, 'No lab is running\n');
  const faults = join(base, 'faults.json');
  writeFileSync(
    faults,
    JSON.stringify({ http: [{ path: '/mesos/*', kind: 'status', status: 503, times: 3 }] }),
  );
  const { out } = await start('--faults', faults);
  const url = /DCOS_URL=(\S+)/.exec(out)![1]!;
  await fetch(`${url}/dcos-metadata/dcos-version.json`);
  const status = await lab('status');
  assert.match(status.out, /^AGENTS +3 private agents and 1 public one, 4 active$/m);
  assert.match(status.out, /^TASKS +none$/m);
  assert.match(status.out, /^\/mesos\/\* +any +status +0 +3$/m);
  assert.match(status.out, /^\/dcos-metadata\/dcos-version\.json +dcos\/dcos +1$/m);
  const report = JSON.parse((await lab('status', '--json')).out);
  assert.equal(report.running, true);
  assert.equal(report.url, url);
  assert.deepEqual(report.agents, { private: 3, public: 1, active: 4, deactivated: 0, gone: 0 });
});

test('a lab that was killed leaves nothing that stays: the next start and the next stop clear it', async () => {
  for (const next of [() => start(), () => lab('stop')]) {
    await start();
    const { pid } = stateOf();
    process.kill(pid, 'SIGKILL');
    await until('dead', () => !isAlive(pid));
    assert.equal((await lab('status')).out, 'No lab is running\n');
    assert.equal((await next()).code, 0);
    if (existsSync(directory)) assert.notEqual(stateOf().pid, pid);
  }
  assert.equal(existsSync(directory), false);
});

test('it ends with its owner', async () => {
  const owner = spawn('sleep', ['1000']);
  await lab('start', '--simulated', '1', '--owner', String(owner.pid));
  const { pid } = stateOf();
  owner.kill('SIGKILL');
  await until('ended', () => !isAlive(pid) && !existsSync(directory));
});

test('it ends with the shell that it was started from', async () => {
  const shell: ChildProcess = spawn(
    '/bin/sh',
    [
      '-c',
      `eval "$("${process.execPath}" "${program}" calico lab start --simulated 1 2>/dev/null)"; echo "$DCOS_URL"; read x; :`,
    ],
    { env, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [said] = (
    await new Promise<string>((resolve) => shell.stdout!.once('data', (data) => resolve(String(data))))
  ).split('\n');
  assert.match(said!, /^http:\/\/127/);
  const { pid } = stateOf();
  assert.ok(isAlive(pid));
  shell.stdin!.end('\n');
  await until('ended', () => !isAlive(pid) && !existsSync(directory));
});

test('in the foreground it ends by Ctrl-C, and leaves nothing', async () => {
  const front = spawn(
    process.execPath,
    [program, 'calico', 'lab', 'start', '--simulated', '1', '--foreground'],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  await new Promise((resolve) => front.stdout.once('data', resolve));
  assert.ok(existsSync(directory));
  const ended = new Promise((resolve) => front.once('exit', (code) => resolve(code)));
  front.kill('SIGINT');
  assert.equal(await ended, 130);
  assert.equal(existsSync(directory), false);
});

test('surprises are on the cluster, each on an agent of its own', async () => {
  const owner = ['--owner', String(process.pid)];
  const names = ['store', 'full', 'docker-stopped', 'docker-23', 'no-etcd', 'universe'];
  const { code, out, talk } = await lab(
    'start',
    ...owner,
    ...['--private', '4', '--public', '0'],
    ...names.flatMap((name) => ['--surprise', name]),
  );
  assert.equal(code, 0, talk);
  const [, url, token] = /DCOS_URL=(\S+) DCOS_ACS_TOKEN=(\S+)/.exec(out)!;
  const found = await new Promise<{ findings: { code: string; agents: string[] }[] }>((resolve) => {
    const environment = { ...env, DCOS_URL: url, DCOS_ACS_TOKEN: token };
    execFile(
      process.execPath,
      [program, 'calico', 'preflight', '--json'],
      { env: environment },
      (_error, answer) => resolve(JSON.parse(answer)),
    );
  });
  const about = (code: string) => found.findings.find((finding) => finding.code === code)?.agents;
  assert.deepEqual(['CAL1027', 'CAL1007', 'CAL1025', 'CAL1026', 'CAL1005', 'CAL1003'].map(about), [
    ['10.0.1.14'],
    ['10.0.1.13'],
    ['10.0.1.12'],
    ['10.0.1.11'],
    [],
    [],
  ]);
  await stopLab(directory);
  const few = await lab('start', ...owner, '--private', '1', '--surprise', 'store', '--surprise', 'full');
  assert.equal(few.code, 2);
  assert.match(few.talk, /too few agents for so many surprises/);
});

test('a login that is over is one of the surprises', async () => {
  const { out } = await lab(
    'start',
    ...['--owner', String(process.pid), '--private', '1', '--public', '0', '--surprise', 'old-login'],
  );
  const [, url, token] = /DCOS_URL=(\S+) DCOS_ACS_TOKEN=(\S+)/.exec(out)!;
  const { status } = await fetch(`${url}/mesos/slaves`, { headers: { authorization: `token=${token}` } });
  assert.equal(status, 401);
});

test('a fault file that cannot be used says why', async () => {
  const file = join(base, 'broken.json');
  for (const [content, why] of [
    ['{', /The faults in .*broken\.json cannot be used/],
    [
      '{"http": [{"path": "/x", "kind": "explode"}]}',
      /"explode" is no kind of fault; there are status, reset/,
    ],
    ['{"agents": {"10.9.9.9": {}}}', /no agent has the address 10\.9\.9\.9/],
    ['{"what": 1}', /it has "what", where only "http", "agents" and "events" can be/],
    [
      '{"events": [{"at": 1, "do": "explode"}]}',
      /"explode" is nothing that can happen; there are crash, return/,
    ],
    ['{"events": [{"at": 1, "do": "drain", "agent": "10.0.1.11"}]}', /"drain" needs DC\/OS 2\.0 or later/],
    ['{"events": [{"at": 1, "do": "crash"}]}', /"crash" has no "agent"/],
  ] as const) {
    writeFileSync(file, content);
    const { code, talk } = await start('--dcos', '1.12', '--faults', file);
    assert.equal(code, 2, talk);
    assert.match(talk, why);
  }
});

test('a directory that is not a lab’s is neither used nor removed', async () => {
  mkdirSync(directory);
  const file = join(directory, 'photos');
  writeFileSync(file, 'mine');
  for (const command of ['start', 'stop']) {
    const { code, talk } = await lab(command);
    assert.equal(code, 1);
    assert.match(talk, /it holds what no lab has put there: photos/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
  }
  rmSync(directory, { recursive: true });
  mkdirSync(directory, { mode: 0o755 });
  assert.equal((await start()).code, 0);
});

test('flags that exclude or need each other', async () => {
  assert.equal((await lab('start', '--speed', '10')).code, 2);
  assert.equal((await lab('start', '--simulated', '5', '--private', '3')).code, 2);
  assert.equal((await lab('start', '--dcos', '3.0')).code, 2);
});

// Leaving and coming back, files that are there, and answers without a terminal.
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import { loadOptions } from '../../src/options/load.ts';
import { assertGolden } from '../golden.ts';
import { buildBundle } from '../status/bundle.ts';
import { asks, onStage, type Stage } from './stage.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const stage = (play: (stage: Stage) => Promise<void>) =>
  onStage(bundle.path, { agents: { private: 3, public: 0 } }, play);
const kept = ({ folder }: Stage) => join(folder, '.cache', 'dcos-calico');
const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/configure.json'), 'utf8'));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
const holdSchema = (value: unknown) => assert.ok(validate(value), JSON.stringify(validate.errors));

test('Ctrl-C at a question loses nothing: the answers are private, and are taken up again', () =>
  stage(async (on) => {
    const terminal = on.sit();
    await asks(terminal, 'Which containers use Calico?');
    terminal.type('2\r');
    await asks(terminal, 'Network for tasks');
    terminal.type('10.77.0.0/16\r');
    await asks(terminal, 'How do packets');
    terminal.type('\u0003');
    assert.equal(await terminal.ended, 130);
    const end = 'Nothing was written. Your answers are kept; go on with: dcos calico configure';
    assert.equal(terminal.screen.text().split('\n').at(-1), end);
    const [name] = readdirSync(kept(on));
    const file = join(kept(on), name!);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(kept(on)).mode & 0o777, 0o700);
    assert.ok(!readFileSync(file, 'utf8').includes(on.lab.token));

    const again = on.sit();
    await asks(again, 'Go on with them?');
    const screen = again.screen.text();
    assertGolden('wizard/take-up', `${screen.slice(screen.indexOf('An earlier run'))}\n`);
    again.type('\r');
    await asks(again, 'How do packets');
    assert.match(again.screen.text(), /Question 3 of/);
    again.type('b\r');
    await asks(again, 'Network for tasks');
    assert.match(again.screen.cursorLine, /\(10\.77\.0\.0\/16\)$/);
    again.type('q\r');
    assert.equal(await again.ended, 130);

    const anew = on.sit();
    await asks(anew, 'Go on with them?');
    anew.type('2\r');
    await asks(anew, 'Which containers use Calico?');
    assert.match(anew.screen.text(), /Suggested: 1/);
    assert.deepEqual(readdirSync(kept(on)), []);
    anew.type('\u0004');
    assert.equal(await anew.ended, 130, 'the end of input is no answer');
    assert.match(anew.screen.text(), /Nothing was written$/);
  }));

test('the file is never replaced without asking; what it says is where the next run starts', () =>
  stage(async (on) => {
    const file = join(on.folder, 'calico.json');
    const before = '{"docker": {"replace-cluster-store": true}, "node": {"ipip": "always"}}';
    writeFileSync(file, before);
    chmodSync(file, 0o640);
    const terminal = on.sit();
    await asks(terminal, 'Which containers use Calico?');
    assert.match(terminal.screen.text(), /File {6}calico\.json is there: what it says is suggested/);
    for (const prompt of [
      'Network for tasks',
      'How do packets',
      'Where do agents',
      'How does an install',
      'And now?',
    ]) {
      terminal.type('\r');
      await asks(terminal, prompt);
      if (prompt === 'How do packets')
        assert.match(terminal.screen.text(), /Suggested: 3, because it is so in calico/);
    }
    terminal.type('\r');
    await asks(terminal, 'Replace it?');
    terminal.type('\r');
    await terminal.until('the result again', (screen) => screen.cursorLine === '? And now? 1');
    assert.equal(readFileSync(file, 'utf8'), before);
    terminal.type('\r');
    await asks(terminal, 'Replace it?');
    terminal.type('2\r');
    assert.equal(await terminal.ended, 0);
    const { options } = await loadOptions({ file });
    assert.deepEqual([options.docker['replace-cluster-store'], options.node.ipip], [true, 'always']);
    assert.equal(statSync(file).mode & 0o777, 0o640);

    const same = await on.pipe(['--yes']);
    assert.equal(same.code, 0);
    assert.match(same.stdout, /calico\.json says so already/);
    const all = ['--containers', 'ucr', '--pool', '10.5.0.0/16', '--ipip', 'off', '--downloads', 'internet'];
    const other = await on.pipe([...all, '--pace', 'slow']);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /calico\.json is there already, and was left as it is/);
    writeFileSync(file, '{"node": ');
    const broken = await on.pipe(['--yes']);
    assert.equal(broken.code, 2);
    assert.equal(readFileSync(file, 'utf8'), '{"node": ');
  }));

test('with nobody to ask, each answer that is missing is named with its flag', () =>
  stage(async ({ pipe, folder }) => {
    const { code, stdout, stderr } = await pipe(['--pool', '10.5.0.0/16']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assertGolden('wizard/nobody-to-ask', stderr.slice(stderr.indexOf('Error:')));
    const named = await pipe(['--yes', '--pace', 'named']);
    assert.equal(named.code, 2);
    assert.match(named.stderr, /--canary AGENT,…/);
    assert.ok(!named.stderr.includes('--containers'));
    assert.deepEqual(readdirSync(folder), []);
  }));

test('answers of a file and of flags: the same result, as one document', () =>
  stage(async (on) => {
    const answers = {
      containers: 'ucr',
      pool: '10.5.0.0/16',
      ipip: 'off',
      pace: 'named',
      canary: ['10.0.1.12'],
    };
    writeFileSync(join(on.folder, 'answers.json'), JSON.stringify(answers));
    const first = await on.pipe([
      '--answers',
      'answers.json',
      '--downloads',
      'internet',
      '--json',
      '--ipip',
      'always',
    ]);
    assert.equal(first.code, 0, first.stdout + first.stderr);
    const document = JSON.parse(first.stdout);
    holdSchema(document);
    assert.equal(document.answers.ipip, 'always', 'a flag wins');
    assert.deepEqual(document.options.rollout, { canary: ['10.0.1.12'] });
    assert.deepEqual(JSON.parse(readFileSync(join(on.folder, 'calico.json'), 'utf8')), document.options);
    assert.equal(document.plan.agents, 3);
    const again = await on.pipe(
      ['--answers', '-', '--options', 'other.json', '--json'],
      JSON.stringify(document.answers),
    );
    assert.deepEqual(JSON.parse(again.stdout).options, document.options);

    const idle = await on.pipe(['--yes', '--endpoints', 'http://10.9.0.5:2379', '--options', 'x.json']);
    assert.equal(idle.code, 2);
    assert.match(idle.stderr, /--endpoints: with the other answers/);
    const wrong = await on.pipe(['--yes', '--set', 'node.ipp=off']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /node\.ipip/);
    const apart = await on.pipe([
      '--yes',
      '--set',
      'etcd.proxy-endpoints=http://localhost:2379',
      '--options',
      'x.json',
    ]);
    assert.equal(apart.code, 2);
    assert.match(apart.stderr, /forward to itself/);
  }));

test('a file that cannot be written: said, and the answers are kept', () =>
  stage(async (on) => {
    const terminal = on.sit([
      '--options',
      'nowhere/calico.json',
      '--set',
      'node.ipip=off',
      '--pool',
      '10.5.0.0/16',
    ]);
    await asks(terminal, 'Which containers use Calico?');
    for (const prompt of ['Where do agents', 'How does an install', 'And now?']) {
      terminal.type('\r');
      await asks(terminal, prompt);
    }
    terminal.type('\r');
    assert.equal(await terminal.ended, 1);
    assert.match(terminal.screen.text(), /nowhere\/calico\.json was not written/);
    assert.match(terminal.screen.text(), /its directory is not there/);
    assert.equal(readdirSync(kept(on)).length, 1);
  }));

test('on to the install: it shows its plan with the file, and asks before it changes anything', () =>
  stage(async ({ sit, lab }) => {
    const terminal = sit();
    await asks(terminal, 'Which containers use Calico?');
    for (const prompt of [
      'Network for tasks',
      'How do packets',
      'Where do agents',
      'How does an install',
      'And now?',
    ]) {
      terminal.type('\r');
      await asks(terminal, prompt);
    }
    terminal.type('2\r');
    await terminal.shows('Go ahead? [y/N]');
    terminal.type('n\r');
    assert.equal(await terminal.ended, 1);
    assert.match(terminal.screen.text(), /Nothing was changed/);
    const group = await fetch(`${lab.url}/service/marathon/v2/groups/calico`, {
      headers: { authorization: `token=${lab.token}` },
    });
    if (group.status === 200)
      assert.deepEqual(((await group.json()) as { apps: unknown[] }).apps, [], 'no app of a step');
  }));

test('answers of a file that turn out not to fit later questions are asked after all', () =>
  onStage(bundle.path, { srv: {}, agents: { private: 3, public: 0 } }, async ({ sit }) => {
    const terminal = sit(['--api-only', '--endpoints', 'http://10.9.0.5', '--containers', 'both']);
    await asks(terminal, 'Where is etcd?');
    terminal.type('3\r');
    await asks(terminal, 'Client URLs of etcd');
    assert.match(terminal.screen.text(), /Not taken: --endpoints http:\/\/10\.9\.0\.5/);
  }));

// `--html` and `--report` as they are run: where the page is, what is said, and that a run that is cut off leaves its page.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { pageText } from '../../scripts/pictures/page-text.ts';
import { AcceleratedClock } from '../../src/lab/accelerated-clock.ts';
import { type Lab, type LabSpec, startLab } from '../../src/lab/lab.ts';
import { bundle } from '../bundle.ts';
import { startCanned } from '../status/canned.ts';
import { clusterRead } from '../status/cluster.ts';
import { SIX } from './clusters.ts';

const built = bundle();
const TOKEN = 'token-of-the-test';

function folder(t: TestContext): (name: string) => string {
  const made = mkdtempSync(join(tmpdir(), 'dcos-calico-report-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return (name) => join(made, name);
}

async function fastLab(
  t: TestContext,
  spec: LabSpec = {},
): Promise<{ lab: Lab; env: Record<string, string> }> {
  const clock = new AcceleratedClock(30);
  const lab = await startLab({
    clock,
    grade: 'simulated',
    seed: 7,
    agents: { private: 2, public: 1 },
    ...spec,
  });
  t.after(async () => {
    await lab.stop();
    clock.stop();
  });
  return { lab, env: { DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token } };
}

const textOf = (path: string) => pageText(readFileSync(path, 'utf8'));

// At the same time: they wait more than they work.
suite('on a lab', { concurrency: true }, () => {
  test('status --html: the table as ever, the page beside it, and over an earlier one of its kind alone', async (t) => {
    const at = folder(t);
    const server = await startCanned(clusterRead({ agents: SIX }));
    t.after(() => server.close());
    const env = { DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN };
    const plain = await built.run(['status'], env);
    const first = await built.run(['status', '--html', at('s.html')], env);
    assert.equal(first.exit, plain.exit);
    assert.equal(first.stdout, plain.stdout);
    assert.equal(first.stderr, `${plain.stderr}Page: ${at('s.html')}\n`);
    assert.match(textOf(at('s.html')), /^10\.0\.1\.13 \| private \| ready \| failed \|/m);
    assert.equal(statSync(at('s.html')).mode & 0o777, 0o600);
    const again = await built.run(['status', '--json', '--html', at('s.html')], env);
    assert.match(again.stderr, /in the place of an earlier one/);
    JSON.parse(again.stdout);
    writeFileSync(at('notes'), 'mine');
    const refused = await built.run(['status', '--html', at('notes')], env);
    assert.equal(refused.exit, 2);
    assert.equal(readFileSync(at('notes'), 'utf8'), 'mine');
  });

  test('install --report: from the plan to the end; a second run has its own page', async (t) => {
    const at = folder(t);
    const { env, lab } = await fastLab(t);
    const done = await built.run(['install', '--yes', '--report', at('r.html'), '-m', 'CHG-4711'], env);
    assert.equal(done.exit, 0, done.stderr);
    assert.ok(done.stderr.endsWith(`\nReport: ${at('r.html')}\n`), done.stderr);
    const text = textOf(at('r.html'));
    for (const expected of [
      /^dcos calico install on http:/m,
      /^Calico is ready on all 3 agents$/m,
      /^Why \| CHG-4711$/m,
      /^Install Calico on 3 of 3 agents$/m,
      /Wave 1 \(canary\) is over after/,
      /^Neither Docker nor the Mesos agent was to be restarted on any agent\./m,
      /^ready 3 agents$/m,
    ])
      assert.match(text, expected);
    assert.ok(!readFileSync(at('r.html'), 'utf8').includes(lab.token));
    const again = await built.run(['install', '--yes', '--report', at('r.html')], env);
    assert.match(again.stderr, /r\.html has the report of an earlier run; this one's is .*r-2\.html/);
    assert.match(textOf(at('r-2.html')), /^Nothing to do: Calico is ready on all 3 agents$/m);
    assert.equal(textOf(at('r.html')), text);
  });

  test('Ctrl-C leaves the page of what happened so far', async (t) => {
    const at = folder(t);
    const { env } = await fastLab(t, {
      agents: [{ host: '10.0.1.11', public: false, faults: { steps: { node: { hang: true } } } }],
    });
    const { process, ended } = built.start(['install', '--yes', '--report', at('r.html')], env);
    let said = '';
    process.stderr!.on('data', (part) => {
      said += part;
      if (/Wave 1 .*begins/.test(said)) process.kill('SIGINT');
    });
    const { exit, stderr } = await ended;
    assert.equal(exit, 130, stderr);
    assert.ok(stderr.endsWith(`\nReport: ${at('r.html')}\n`), stderr);
    const text = textOf(at('r.html'));
    assert.match(
      text,
      /^Interrupted: 1 agent finishes its turn, no further agent begins; go on with: dcos calico install$/m,
    );
    assert.match(text, /^Exit code \| 130$/m);
    assert.match(text, /Wave 1 \(canary\) begins: 10\.0\.1\.11/);
    assert.match(text, /^10\.0\.1\.11 \| private \| 1 \| \S+ \| {2}\| at work/m);
  });

  test('an error leaves it too; and a file that cannot be written stops the run before anything is asked', async (t) => {
    const at = folder(t);
    const { env, lab } = await fastLab(t);
    lab.faults.set([{ path: '/service/marathon/v2/info', kind: 'status', status: 500 }]);
    const failed = await built.run(['install', '--yes', '--report', at('r.html')], env);
    assert.equal(failed.exit, 1);
    const what = /^Error: (.*)$/m.exec(failed.stderr)![1]!;
    assert.ok(textOf(at('r.html')).includes(what), failed.stderr);
    lab.resetRequests();
    const nowhere = await built.run(['install', '--yes', '--report', at('none/r.html')], env);
    assert.equal(nowhere.exit, 2);
    assert.deepEqual(lab.requests(), []);
    assert.ok(!existsSync(at('none')));
  });

  test('uninstall, repair, restart and plan resume have it as well', async (t) => {
    const at = folder(t);
    const { env } = await fastLab(t, { agents: { private: 1, public: 0 } });
    await built.run(['install', '--yes'], env);
    for (const command of [['repair'], ['restart'], ['plan', 'resume'], ['uninstall']]) {
      const name = `${command.join('-')}.html`;
      const ran = await built.run([...command, '--yes', '--report', at(name)], env);
      assert.equal(ran.exit, 0, ran.stderr);
      assert.match(textOf(at(name)), new RegExp(`^dcos calico ${command.join(' ')} on http:`, 'm'));
    }
    assert.match(textOf(at('uninstall.html')), /^Calico is off all 1 agent, each verified/m);
  });
});

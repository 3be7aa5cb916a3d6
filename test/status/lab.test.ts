// `status` of a practice cluster in all that happens to it: DC/OS 1.12, whose Marathon shows only what is ready, and 2.0.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import { StatusReader } from '../../src/status/read.ts';
import { statusSource } from '../../src/status/source.ts';
import { clusterOf, install, withLab } from '../rollout/on-lab.ts';
import { buildBundle } from './bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const onBoth = (name: string, run: (dcos: DcosVersion) => Promise<void>) => {
  for (const dcos of ['1.12', '2.0'] as const) test(`${name} (DC/OS ${dcos})`, () => run(dcos));
};

async function look(lab: Lab) {
  const reader = new StatusReader({ ...statusSource(clusterOf(lab)), now: () => lab.clock.now() });
  const status = await reader.read();
  const rows = new Map(status.agents.map((row) => [row.address, row]));
  return {
    status,
    says: (host: string) => {
      const row = rows.get(host);
      return row && `${row.state}${row.reason ? `: ${row.reason}` : ''}`;
    },
  };
}

/** Looks until the agent says so; the lab's time goes on meanwhile. */
async function until(lab: Lab, host: string, wanted: RegExp): Promise<void> {
  let said: string | undefined;
  for (let seconds = 0; seconds < 3600; seconds += 15) {
    said = (await look(lab)).says(host);
    if (wanted.test(said ?? '')) return;
    await lab.sleep(15_000);
  }
  assert.fail(`${host} says ${said}, not ${wanted}`);
}

const exitOf = async (lab: Lab, ...args: string[]) => {
  const [text, json] = await Promise.all([
    bundle.run(lab.url, ['status', ...args], undefined, lab.token),
    bundle.run(lab.url, ['status', ...args, '--json'], undefined, lab.token),
  ]);
  assert.equal(text.code, json.code, text.stderr + json.stderr);
  return { code: text.code, text: text.stdout, json: JSON.parse(json.stdout) as Record<string, unknown> };
};

onBoth('from nothing to all ready, and back to nothing', (dcos) =>
  withLab({ dcos }, async (lab) => {
    const before = await exitOf(lab);
    assert.equal(before.code, 0);
    assert.equal(before.text, 'Calico is not installed on this cluster\n');
    assert.equal(before.json.calico, 'not installed');
    await install(lab);
    const ready = await exitOf(lab);
    assert.equal(ready.code, 0);
    assert.match(ready.text, /\n6 agents: 6 ready\n/);
    assert.equal(ready.json.healthy, true);
    assert.deepEqual(ready.json.notes, []);
    await clusterOf(lab).marathon.deleteGroup('/calico', { force: true });
    assert.equal((await exitOf(lab)).json.calico, 'not installed');
  }),
);

onBoth('a failed step and a pending restart say their own sentences, and the exit code is 1', (dcos) =>
  withLab(
    {
      dcos,
      agents: [
        { host: '10.0.1.11', public: false },
        { host: '10.0.1.12', public: false },
        {
          host: '10.0.1.13',
          public: false,
          faults: { steps: { docker: { fail: 'daemon.json is not JSON' } } },
        },
        {
          host: '10.0.1.14',
          public: false,
          faults: { steps: { docker: { restart: 'Docker keeps its store until it is restarted' } } },
        },
        { host: '10.1.2.20', public: true },
      ],
    },
    async (lab) => {
      await install(lab);
      await until(lab, '10.0.1.13', /^failed: daemon\.json is not JSON$/);
      const { status, says } = await look(lab);
      assert.equal(says('10.0.1.11'), 'ready');
      assert.equal(status.agents[0]?.address, '10.0.1.13');
      const cell = status.agents[0]?.cells.find(({ step }) => step === 'docker');
      assert.deepEqual([cell?.state, cell?.reason], ['failed', 'daemon.json is not JSON']);
      assert.match(
        says('10.0.1.14') ?? '',
        /^(restart pending: Docker keeps its store until it is restarted|waiting)/,
      );
      const { code, text } = await exitOf(lab);
      assert.equal(code, 1);
      assert.match(text, /^10\.0\.1\.13 .* failed: daemon\.json is not JSON$/m);
    },
  ),
);

onBoth('agents that join, are full, are switched off, and are lost', (dcos) =>
  withLab({ dcos, agents: { private: 3, public: 1 } }, async (lab) => {
    await install(lab);
    await lab.sleep(60_000);
    await lab.master.addAgent({ host: '10.0.9.1', public: false });
    await lab.master.addAgent({ host: '10.0.9.2', public: false, cpus: 0.05, mem: 4096 });
    await lab.master.addAgent({ host: '10.0.9.3', public: false });
    await lab.master.addAgent({ host: '10.0.9.4', public: false, attributes: { os: 'windows' } });
    await lab.master.addAgent({ host: '10.0.9.5', public: false, reservedRole: 'kafka-role' });
    lab.master.deactivate(lab.master.agentAt('10.0.9.3'));
    const joined = await look(lab);
    assert.equal(joined.says('10.0.9.1'), 'not covered: joined since');
    assert.match(joined.says('10.0.9.2') ?? '', /^no room: [\d.]+ CPU needed, 0\.05 free/);
    // Mesos < 1.9 cannot deactivate an agent; the lab's then merely is not active.
    if (dcos === '2.0') assert.equal(joined.says('10.0.9.3'), 'deactivated');
    assert.equal(joined.says('10.0.9.4'), 'windows');
    assert.equal(joined.says('10.0.9.5'), 'no room: all its resources are reserved to the role kafka-role');
    assert.equal((await exitOf(lab)).code, 3);

    lab.master.crashAgent('10.0.1.12');
    await lab.sleep(1000);
    assert.match((await look(lab)).says('10.0.1.12') ?? '', /^inactive: its Mesos agent does not answer/);
    await until(lab, '10.0.1.12', /^unreachable: /);
    assert.match((await look(lab)).status.agents[0]?.since ?? '', /^20/);
    lab.master.returnAgent('10.0.1.12');
    await until(lab, '10.0.1.12', /^ready$/);
  }),
);

test('an agent that lost its work directory is gone, and its successor is not covered until Marathon places anew', () =>
  withLab({ dcos: '2.0', agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.12');
    await lab.master.replaceAgent('10.0.1.12');
    const { status } = await look(lab);
    const rows = status.agents.filter(({ address }) => address === '10.0.1.12');
    assert.ok(rows.length >= 1);
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    assert.ok(rows.every(({ state }) => state !== 'ready'));
  }));

onBoth('one agent: everything about it, by its address or its id', (dcos) =>
  withLab({ dcos, agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const { id } = lab.master.agentAt('10.0.1.12');
    for (const name of ['10.0.1.12', id]) {
      const { code, text, json } = await exitOf(lab, name);
      assert.equal(code, 0);
      assert.match(text, /^Agent {3}10\.0\.1\.12\nCalico {2}ready\n/);
      const [agent] = json.agents as { steps: Record<string, { report: { state: string } | null }> }[];
      assert.ok(Object.values(agent!.steps).every(({ report }) => report?.state === 'ready'));
    }
  }),
);

onBoth('a rollout under way: whose turn it is, and how far', (dcos) =>
  withLab({ dcos }, async (lab) => {
    const seen: string[] = [];
    let looking: Promise<unknown> = Promise.resolve();
    await install(lab, {
      watch: (event) => {
        if (event.type !== 'wave began') return;
        looking = looking.then(async () => {
          const { status } = await look(lab);
          seen.push(...status.notes.filter(({ code }) => code === 'turn').map(({ text }) => text));
          assert.ok(status.turn && status.turn.agents.length > 0);
        });
      },
    });
    await looking;
    assert.match(seen.join('\n'), /rollout/);
  }),
);

// Whose report is read: never more than 200, and the ones that matter most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MarathonTask } from '../../src/dcos/types.ts';
import { whomToAsk } from '../../src/status/ask.ts';
import { buildStatus, type ClusterRead } from '../../src/status/build.ts';
import { type AgentWords, clusterRead, type Word } from './cluster.ts';

function questions(
  agents: AgentWords[],
  atMost?: number,
  change?: (tasks: Map<string, MarathonTask>) => void,
) {
  const read = clusterRead({ agents });
  const tasks = tasksOf(read);
  change?.(tasks);
  return whomToAsk(buildStatus({ ...read, reports: new Map() }), (id) => tasks.get(id), atMost);
}

function tasksOf(read: ClusterRead): Map<string, MarathonTask> {
  return new Map(read.group!.apps.flatMap((app) => app.tasks ?? []).map((task) => [task.id, task]));
}

const asked = ({ tasks }: { tasks: MarathonTask[] }) => tasks.map(({ host, appId }) => `${host} ${appId}`);

test('the worst step of an agent is asked, then those that say nothing, while there is room', () => {
  const agents: AgentWords[] = [
    { host: '10.0.1.11', steps: { docker: 'failed', cni: 'silent', node: 'waiting for step' } },
    { host: '10.0.1.12' },
  ];
  assert.deepEqual(asked(questions(agents)), ['10.0.1.11 /calico/docker', '10.0.1.11 /calico/cni']);
  assert.deepEqual(asked(questions(agents, 1)), ['10.0.1.11 /calico/docker']);
});

test('a failure is asked before agents that only wait for a step, the longest running of its kind first', () => {
  const agents: AgentWords[] = [
    ...Array.from(
      { length: 5 },
      (_, index): AgentWords => ({ host: `10.0.1.1${index}`, steps: { node: 'waiting for step' } }),
    ),
    { host: '10.0.1.20', steps: { node: 'failed' } },
    { host: '10.0.1.21', steps: { node: 'failed' } },
  ];
  const { tasks, notAsked } = questions(agents, 3, (all) => {
    all.get('calico_node.instance-10.0.1.21._app.1')!.startedAt = '2026-11-20T00:00:00.000Z';
  });
  assert.deepEqual(
    tasks.slice(0, 2).map(({ host }) => host),
    ['10.0.1.21', '10.0.1.20'],
  );
  assert.equal(notAsked, 4);
});

test('nobody is asked who waits for its turn: thousands do during a rollout, and have nothing to add', () => {
  const waiting: AgentWords = {
    host: '10.0.1.11',
    steps: { docker: 'waiting for turn', node: 'waiting for step' },
  };
  const failed: AgentWords = { host: '10.0.1.12', steps: { docker: 'waiting for turn', node: 'failed' } };
  const { tasks, notAsked } = questions([waiting, failed]);
  assert.deepEqual(asked({ tasks }), ['10.0.1.12 /calico/node']);
  assert.equal(notAsked, 0);
});

test('nobody is asked on an agent that nobody reaches', () => {
  assert.deepEqual(
    asked(
      questions([
        { host: '10.0.1.11', steps: 'unreachable', unlisted: true },
        { host: '10.0.1.12', steps: { node: 'failed' }, mesos: { active: false } },
        { host: '10.0.1.13', steps: 'staging' },
      ]),
    ).filter((one) => !one.startsWith('10.0.1.13')),
    [],
  );
});

test('never more than the limit, no task twice, and every agent is asked or counted', () => {
  const word = fc.constantFrom<Word>('ready', 'failed', 'working', 'waiting for turn', 'silent', 'none');
  const agents = fc
    .array(fc.record({ docker: word, node: word }), { maxLength: 40 })
    .map((all) => all.map((steps, index): AgentWords => ({ host: `10.0.0.${index}`, steps })));
  fc.assert(
    fc.property(agents, fc.integer({ min: 1, max: 30 }), (list, atMost) => {
      const { tasks, notAsked } = questions(list, atMost);
      assert.ok(tasks.length <= atMost);
      assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
      const worth = list.filter(({ steps }) =>
        Object.values(steps as object).some(
          (one) => one !== 'ready' && one !== 'none' && one !== 'waiting for turn',
        ),
      );
      assert.equal(new Set(tasks.map(({ host }) => host)).size + notAsked, worth.length);
    }),
    { numRuns: 60 },
  );
});

// Tasks that Marathon does not replace, of a step or of an earlier turn, hold nobody up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOf, install, withLab } from './on-lab.ts';

test('a task of the turn before that Marathon does not replace, as it is not healthy, is ended: no agent stalls', () =>
  withLab({ dcos: '2.0', agents: { private: 3, public: 0 } }, async (lab) => {
    const hosts = [...lab.master.agents.values()].map(({ host }) => host);
    for (const host of hosts) hostOf(lab, host).faults.busy = true;
    const { summary } = await install(lab, {
      sources: { set: ['rollout.max-concurrent=1'] },
    });
    assert.deepEqual([summary.outcome, summary.what], ['done', 'Calico is ready on all 3 agents']);
  }));

test('a task of a step that Marathon does not replace is ended, and said', () =>
  withLab({ dcos: '2.0', agents: { private: 3, public: 0 } }, async (lab) => {
    for (const { host } of lab.master.agents.values()) hostOf(lab, host).faults.busy = true;
    await install(lab);
    const { summary, events } = await install(lab, { sources: { set: ['node.ipip=always'] } });
    assert.deepEqual([summary.outcome, summary.what], ['done', 'Calico is ready on all 3 agents']);
    const ended = events.filter((event) => event.type === 'ended');
    assert.deepEqual(
      ended.map(({ hosts }) => [...hosts].sort()),
      [['10.0.1.11', '10.0.1.12', '10.0.1.13']],
    );
  }));

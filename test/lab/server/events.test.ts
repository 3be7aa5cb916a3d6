import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type LabEvent, scheduleEvents } from '../../../src/lab/events.ts';
import { startLab } from '../../../src/lab/lab.ts';
import { isActive } from '../../../src/lab/mesos/agent.ts';

const A = '10.0.1.11';

test('agents are lost, come back, fill up, are deactivated, join and leave, each in its time', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(0), agents: { private: 2, public: 0 } });
  t.after(() => lab.stop());
  const failed: string[] = [];
  const events: LabEvent[] = [
    { at: 10, do: 'crash', agent: A },
    { at: 20, do: 'return', agent: A },
    { at: 40, do: 'occupy', agent: A, cpus: 3.9 },
    { at: 50, do: 'deactivate', agent: A },
    { at: 60, do: 'reactivate', agent: A },
    { at: 70, do: 'join', agent: '10.0.9.9', public: true },
    { at: 80, do: 'leave', agent: A },
    { at: 90, do: 'reboot', agent: '10.7.7.7' },
    { at: 100, do: 'failover', leaderless: 5, recovery: 10 },
  ];
  scheduleEvents(lab, events, (event, why) => failed.push(`${event.do}: ${why}`));
  const at = async (second: number) => {
    await lab.sleep(second * 1000 - lab.clock.now());
    const agents = lab.master.registered();
    return agents.map(
      (agent) => `${agent.host} ${isActive(agent) ? agent.free.cpus.toFixed(1) : 'inactive'}`,
    );
  };
  const other = '10.0.1.12 4.0';
  assert.deepEqual(await at(9), [`${A} 4.0`, other]);
  assert.deepEqual(await at(11), [`${A} inactive`, other]);
  assert.deepEqual(await at(35), [`${A} 4.0`, other]);
  assert.deepEqual(await at(41), [`${A} 0.1`, other]);
  assert.deepEqual(await at(51), [`${A} inactive`, other]);
  assert.deepEqual(await at(61), [`${A} 0.1`, other]);
  assert.deepEqual(await at(71), [`${A} 0.1`, other, '10.0.9.9 4.0']);
  assert.deepEqual(await at(81), [other, '10.0.9.9 4.0']);
  await at(91);
  assert.deepEqual(failed, ['reboot: No agent at 10.7.7.7']);
  await at(101);
  assert.equal(lab.master.leadership, 'none');
  assert.deepEqual(await at(120), [other, '10.0.9.9 4.0']);
});

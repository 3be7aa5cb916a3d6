// 5,000 agents with 25,000 tasks: what is idle costs nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { MesosMaster } from '../../../src/lab/mesos/master.ts';
import { SeededRandom } from '../../../src/lab/random.ts';
import { SimulatedRunner } from '../../../src/lab/simulated/runner.ts';
import { VERSIONS } from '../../../src/lab/versions.ts';
import { STEP_NAMES } from '../../../src/steps/state.ts';
import { CHECK, HEALTH, task } from '../mesos/stage.ts';

test('25,000 waiting tasks set no timer and send no update', async () => {
  const clock = new VirtualClock(Date.parse('2026-11-24T00:00:00Z'));
  const runner = new SimulatedRunner(clock, 1);
  const master = new MesosMaster({ clock, runner, random: new SeededRandom(1), versions: VERSIONS['2.0'] });
  for (let i = 0; i < 5000; i++) {
    await master.addAgent({ host: `10.${Math.floor(i / 250)}.0.${i % 250}`, public: i % 50 === 0 });
  }
  let updates = 0;
  master.onUpdate(() => updates++);
  const check = { ...CHECK, command: 'sh ./health' };
  const healthCheck = {
    ...HEALTH,
    command: 'true',
    intervalSeconds: 60,
    maxConsecutiveFailures: 2_147_483_647,
  };
  for (const offer of master.offers()) {
    for (const name of STEP_NAMES) {
      const id = `${name}.${offer.agentId}`;
      const env = { MARATHON_APP_VERSION: '2026-11-24T00:00:00.000Z', DCOS_CALICO_MODE: 'present' };
      master.launch(offer, {
        ...task(id),
        appId: `/calico/${name}`,
        agentId: offer.agentId,
        env,
        check,
        healthCheck,
      });
    }
  }
  // Until the health checks, every minute, have seen that nothing changed for them.
  clock.advance(180_000);
  // Starting, running, healthy, its first report and, for most, another one after the first look.
  assert.ok(updates >= 25_000 * 4 && updates <= 25_000 * 6, String(updates));
  assert.equal(clock.waiting, 0);
  const before = updates;
  clock.advance(24 * 3_600_000);
  assert.equal(updates, before);
});

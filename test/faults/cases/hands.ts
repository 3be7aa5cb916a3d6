// Somebody has a hand in it, in the DC/OS UI or with other tools, while a command is at work: groups and apps are deleted, rolled
// back, scaled, edited, restarted, tasks are killed. The command says so or goes on; the same command in the end has it as wanted.
import type { DcosVersion } from '../../../src/lab/types.ts';
import {
  type Choice,
  type Family,
  holds,
  inAnyPhase,
  type Outcome,
  oneOf,
  randomOf,
  recover,
  requestsOf,
  sample,
  versions,
} from '../case.ts';
import { DirectCluster } from '../direct.ts';
import { SCENARIO, SCENARIOS, type ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';

type Send = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;

const STEP = '/apps/calico/node';
const HANDS: Record<string, (send: Send) => Promise<unknown>> = {
  'deletes the group': (send) => send('DELETE', '/groups/calico?force=true'),
  'deletes an app': (send) => send('DELETE', `${STEP}?force=true`),
  'deletes the options': (send) => send('DELETE', '/apps/calico/options?force=true'),
  'deletes the turn': (send) => send('DELETE', '/apps/calico/ops/turn?force=true'),
  'deletes the subgroup of the helpers': (send) => send('DELETE', '/groups/calico/ops?force=true'),
  'scales an app to 0': (send) => ofStep(send, 'PUT', { instances: 0 }),
  'scales an app to 9': (send) => ofStep(send, 'PUT', { instances: 9 }),
  'edits an app': (send) => ofStep(send, 'PUT', { cpus: 0.3 }),
  'edits the command': (send) => ofStep(send, 'PUT', { cmd: 'sleep 100000' }),
  'restarts an app': (send) => ofStep(send, 'POST', undefined, '/restart'),
  'rolls the group back': async (send) => {
    const versions = await send('GET', '/groups/calico/versions');
    const before = Array.isArray(versions) ? versions.at(-1) : undefined;
    return before && send('PUT', '/groups/calico?force=true', { version: before });
  },
  'rolls a deployment back': (send) => deployment(send, ''),
  'scales the group': (send) => send('PUT', '/groups/calico?force=true', { scaleBy: 2 }),
  // Its button "Suspend" in the UI.
  'suspends the group': (send) => send('PUT', '/groups/calico?force=true', { scaleBy: 0 }),
  'cancels a deployment': (send) => deployment(send, '?force=true'),
  'kills tasks': (send) => send('DELETE', `${STEP}/tasks`),
  'kills tasks and scales': (send) => send('DELETE', '/apps/calico/docker/tasks?scale=true'),
};

/** In the UI only an app that is there can be edited: put where there is none, Marathon would make it anew. */
async function ofStep(send: Send, method: 'PUT' | 'POST', body: unknown, path = ''): Promise<unknown> {
  const found = (await send('GET', STEP)) as { app?: unknown } | undefined;
  return found?.app && send(method, `${STEP}${path}?force=true`, body);
}

async function deployment(send: Send, how: string): Promise<unknown> {
  const open = (await send('GET', '/deployments')) as { id: string }[];
  return open[0] && send('DELETE', `/deployments/${open[0].id}${how}`);
}

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('hands', seed);
  const names: string[] = [];
  for (const dcos of versions(seed, depth)) {
    for (const scenario of SCENARIOS) {
      const all = await requestsOf(SCENARIO[scenario], dcos, seed);
      for (const hand of Object.keys(HANDS)) {
        if (depth === 'every') continue;
        for (let i = 0; i < (depth === 'normal' ? 2 : 1); i++)
          names.push(`${scenario} ${dcos} ${hand}: request ${inAnyPhase(all, random)}`);
      }
      // At each single request one of them, in turn: as many seeds as there are have had each at each.
      if (depth !== 'every') continue;
      const hands = Object.keys(HANDS);
      for (const index of all.keys())
        names.push(`${scenario} ${dcos} ${hands[(index + seed) % hands.length]}: request ${index + 1}`);
    }
  }
  return depth === 'short' ? sample(names, 30, random) : names;
}

async function run(whole: string, seed: number): Promise<Outcome> {
  const [, scenarioName, dcos, what, at] = /^(\S+) (\S+) (.+): request (\d+)$/.exec(whole)!;
  const scenario = SCENARIO[scenarioName as ScenarioName];
  const random = randomOf(whole, seed);
  const world = await scenario.prepare({ dcos: dcos as DcosVersion, seed });
  try {
    let acted = false;
    let inTurn: string[] = [];
    const ran = await world.interrupted(scenario.words, async (asked) => {
      if (asked !== Number(at)) return;
      inTurn = world.addresses.filter((address) => world.host(address).newest('turn'));
      await HANDS[what!]!(sender(world, () => (acted = true)));
    });
    await world.pass(oneOf(random, [0, 5_000, 120_000]));
    // What had done its work, and was rolled back, goes only with a command for which nobody can wait for it any more.
    if (what!.startsWith('rolls') && (await hasHelper(world))) await world.pass(21 * 60_000);
    // Without the options nobody knows what Calico is to be: the group goes, as the refusal says, and an install takes the hosts up as
    // they are. So it is for an uninstall without the group.
    if (what === 'deletes the options') await sender(world)('DELETE', '/groups/calico?force=true');
    if (/^deletes the (options|group)$/.test(what!)) {
      await world.pass(60_000);
      if (scenarioName === 'uninstall') await world.direct(SCENARIO.install.words);
    }
    const name = scenarioName as ScenarioName;
    await recover(world, name, { words: scenario.words, most: 3, byHand: true });
    if (acted && ran.exit === undefined) world.wrong.push('it ended without an exit code');
    // What is deleted is begun anew everywhere, and what is rolled back on the agents whose turn it is: they take it up in it.
    const again = /^(deletes|rolls)/.test(what!) ? 'restarts' : 'tasks';
    holds(world, name, { again, ...(what!.startsWith('rolls') ? { undone: inTurn } : {}) });
    const how = ran.problem?.code ?? `exit ${ran.exit}`;
    return { wrong: world.wrong, went: `${what}${acted ? '' : ', in vain'}: ${how}` };
  } finally {
    await world.stop();
  }
}

async function hasHelper({ lab }: World): Promise<boolean> {
  const group = await new DirectCluster(lab, lab.token).marathon.group('/calico');
  return (group?.groups ?? []).some(({ apps }) => apps.some(({ id }) => /\/ops\/(bgp|data)$/.test(id)));
}

/** `acted` hears of each change that Marathon has taken. */
function sender({ lab }: World, acted = () => {}): Send {
  const { http } = new DirectCluster(lab, lab.token);
  return async (method, path, body) => {
    const [plain, query = ''] = path.split('?');
    const { status, json } = await http.send({
      method,
      path: `/service/marathon/v2${plain}`,
      query: [...new URLSearchParams(query)],
      body,
    });
    if (method !== 'GET' && status < 300) acted();
    return json;
  };
}

export const HANDS_FAMILY: Family = {
  name: 'hands',
  about: 'Somebody has a hand in it, in the UI',
  cases,
  run,
};

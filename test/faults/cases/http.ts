// Every HTTP fault at the requests that a command makes; then the fault is over, and the same command is given again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from '../../../src/dcos/cluster.ts';
import { connectionFromEnvironment } from '../../../src/dcos/connection.ts';
import type { DcosVersion } from '../../../src/lab/types.ts';
import {
  type Choice,
  type Family,
  fromWords,
  holds,
  inWords,
  lastLines,
  type Numbered,
  type Outcome,
  oneOf,
  randomOf,
  recover,
  requestsOf,
  sample,
  versions,
} from '../case.ts';
import { Gateway } from '../gateway.ts';
import { HTTP_KINDS, type HttpKind } from '../http-kinds.ts';
import { type Ran, run as runCommand, type Words } from '../operator.ts';
import { SCENARIO, SCENARIOS, type ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';

/** Without a byte for so long a connection is given up; real time. */
const IDLE_MS = 2_500;
const tlsFile = (name: string) => join(import.meta.dirname, '../../dcos/tls', name);

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('http', seed);
  const names: string[] = [];
  for (const dcos of depth === 'every' ? versions(seed, depth) : [oneOf(random, versions(seed, depth))]) {
    for (const scenario of SCENARIOS) {
      const all = await requestsOf(SCENARIO[scenario], dcos, seed);
      const kinds = distinct(all, random);
      for (const [kind, { of, once }] of Object.entries(HTTP_KINDS)) {
        const fit = (depth === 'every' && !once ? all : kinds).filter(
          ({ method }) => !of || (of === 'writes') === (method !== 'GET'),
        );
        const most = once || depth === 'short' ? 1 : depth === 'normal' ? 2 : fit.length;
        const chosen = sample(fit, most, random);
        names.push(...chosen.map((one) => `${scenario} ${dcos} ${kind}: ${inWords(one)}`));
      }
    }
  }
  return depth === 'short' ? sample(names, 60, random) : names;
}

/** One of each kind of request, before the first agent is touched and after. */
function distinct(all: readonly Numbered[], random: ReturnType<typeof randomOf>): Numbered[] {
  const put = all.findIndex(({ method, path }) => method === 'PUT' && path.endsWith('/groups/calico'));
  const groups = new Map<string, Numbered[]>();
  all.forEach((one, index) => {
    const key = `${index > put} ${one.method} ${one.path.replace(/^\/agent\/[^/]+/, '/agent')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  });
  return [...groups.values()].map((group) => oneOf(random, group));
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [, scenarioName, dcos, kindName, words] = /^(\S+) (\S+) (.+?): (.+)$/.exec(name)!;
  const kind = HTTP_KINDS[kindName!]!;
  const scenario = SCENARIO[scenarioName as ScenarioName];
  const tls = kind.tls
    ? { key: readFileSync(tlsFile('key.pem'), 'utf8'), cert: readFileSync(tlsFile('good.pem'), 'utf8') }
    : undefined;
  const world = await scenario.prepare({ dcos: dcos as DcosVersion, seed, ...(tls ? { tls } : {}) });
  const gateway = await Gateway.before(world.lab.url);
  try {
    const happened = plant(world, gateway, kind, words!);
    const ran = await disturbed(world, gateway, kind, scenario.words);
    const reached = happened();
    world.lab.faults.set([]);
    world.lab.faults.onHappened = undefined;
    await gateway.mend();
    if (reached) world.wrong.push(...ended(ran, kindName!, fromWords(words!), world));
    if (kind.besides === 'mesos leader') await world.pass(60_000);
    if (ran.exit !== 0) await world.pass(oneOf(randomOf(name, seed), [0, 60_000]));
    await recover(world, scenarioName as ScenarioName, { words: scenario.words, most: 2 });
    holds(world, scenarioName as ScenarioName);
    if (!reached) return { wrong: world.wrong, went: 'not reached' };
    return { wrong: world.wrong, went: `${kindName}: ${ran.problem?.code ?? `exit ${ran.exit}`}` };
  } finally {
    await gateway.stop();
    await world.stop();
  }
}

/** Whether it has happened is said by what is returned. */
function plant(
  { lab }: World,
  gateway: Gateway,
  { fault, lasts, besides }: HttpKind,
  words: string,
): () => boolean {
  const { method, path, nth } = fromWords(words);
  let reached = false;
  lab.faults.set([{ ...fault, method, path, after: nth - 1, ...(lasts ? {} : { times: 1 }) }]);
  lab.faults.onHappened = () => {
    if (reached) return;
    reached = true;
    if (besides === 'refuse') gateway.refuse();
    if (besides === 'garble') gateway.garble();
    if (besides === 'mesos leader') lab.master.failover(8_000, 20_000);
    if (besides === 'marathon leader') {
      lab.marathon.failover();
      lab.faults.set([{ path: '/service/marathon/*', kind: 'status', status: 503, times: 4 }]);
    }
    if (lasts === 'everywhere')
      lab.faults.set([
        { ...fault, path: '/service/*' },
        { ...fault, path: '/mesos/*' },
      ]);
  };
  return () => reached;
}

async function disturbed(world: World, gateway: Gateway, { tls }: HttpKind, words: Words): Promise<Ran> {
  const { lab } = world;
  const connection = connectionFromEnvironment({
    DCOS_URL: gateway.url,
    DCOS_ACS_TOKEN: lab.token,
    ...(tls ? { DCOS_TLS_CA_PATH: tlsFile('authority.pem') } : {}),
  });
  const wait = async (ms: number) => {
    world.look();
    await lab.sleep(ms);
  };
  const cluster = new Cluster(connection, { wait, idleMs: IDLE_MS, connectMs: 5_000 });
  const time = { now: () => lab.clock.now(), sleep: wait };
  return world.note(await runCommand(cluster, words, { time, alive: () => true }));
}

/** A fault may end a command; then it says why and what to do, and with a login that is over how to go on. */
function ended(ran: Ran, kind: string, { path }: { path: string }, world: World): string[] {
  if (ran.exit === 0 || ran.exit === 3) return [];
  const wrong: string[] = [];
  if (ran.problem && !ran.problem.why && ran.problem.code !== 'bug')
    wrong.push(`no reason: ${lastLines(ran)}`);
  // Whether it is DC/OS at all is asked without a login.
  if (kind === 'login over' && !path.startsWith('/dcos-metadata/')) {
    if (ran.problem?.code !== 'login-expired')
      wrong.push(`a login that is over ends as ${ran.problem?.code ?? ran.exit}`);
    if (!/dcos auth login/.test(ran.output)) wrong.push('it does not say to log in');
    const began = world.lab
      .requests()
      .some(({ method, path }) => method === 'PUT' && path.endsWith('/ops/turn'));
    if (began && !/goes on/.test(ran.output)) wrong.push(`it does not say how to go on: ${lastLines(ran)}`);
  }
  return wrong;
}

export const HTTP: Family = {
  name: 'http',
  about: 'An answer goes wrong',
  cases,
  run,
};

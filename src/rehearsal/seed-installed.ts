// What is installed already stands in the lab before the rehearsal begins: the apps as the installed options make them, each step
// done on the agents where it is ready.
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { makePlan } from '../plan/plan.ts';
import { enabledSteps } from '../plan/wanted.ts';
import type { Time } from '../rollout/carry-out.ts';
import { readCluster } from '../rollout/cluster.ts';
import { optionsDefinition, readOptionsApp } from '../steps/app-definition.ts';
import type { StepName } from '../steps/state.ts';
import type { Inventory } from './inventory.ts';

const STEP_MS = 5_000;
/** Tasks of all agents, placed by Marathon at its own pace: 25,000 take less than an hour. */
const LONGEST_MS = 3 * 3_600_000;

/** Puts it, and lets time pass until it stands. */
export async function seedInstalled(
  cluster: Cluster,
  { installed: env, agents }: Inventory,
  time: Time,
  isDone: (host: string, step: StepName) => boolean,
): Promise<void> {
  if (!env) return;
  const installed = readOptionsApp({ env });
  if (!installed)
    throw new UserError({
      code: 'rehearsal-installed',
      what: 'What is installed cannot be rehearsed',
      why: 'the options that /calico/options holds cannot be read',
      remedy: ['dcos calico status'],
    });
  const { info, carrier, agents: there } = await readCluster(cluster);
  const plan = makePlan({
    options: installed.options,
    installed: undefined,
    agents: there,
    group: undefined,
    deployments: [],
    marathon: { version: info.version, carrier },
    who: installed.who,
    command: installed.command,
    message: installed.message,
    now: time.now(),
  });
  // Where Calico could go nowhere today there is nothing to stand.
  if (!plan.put) return;
  const record = optionsDefinition({ ...installed, marathonVersion: info.version });
  await cluster.marathon.putGroup({
    ...plan.put,
    apps: plan.put.apps.map((app) => (app.id === 'options' ? record : app)),
  });
  const steps = enabledSteps(installed.options).map(({ name }) => name);
  const targets = new Set(plan.waves.flatMap((wave) => wave.agents).map(({ host }) => host));
  const awaited = agents
    .filter(({ host }) => targets.has(host))
    .flatMap(({ host, ready = [] }) =>
      ready.filter((step) => steps.includes(step)).map((step) => [host, step] as const),
    );
  const until = time.now() + LONGEST_MS;
  while (time.now() < until) {
    await time.sleep(STEP_MS);
    if (!awaited.every(([host, step]) => isDone(host, step))) continue;
    // On Marathon < 1.8 a deployment stays open as long as a step is not ready.
    if (carrier === 'health' || (await cluster.marathon.deployments()).length === 0) break;
  }
  // The checks' first results.
  await time.sleep(4 * STEP_MS);
}

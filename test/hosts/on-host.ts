// What tests ask a host, and do to it.
import assert from 'node:assert/strict';
import type { Machine } from '../../src/lab/hosts/machine.ts';

/** Waits until `found` gives something true; fails with `what` and the last answer. */
export async function eventually<T>(
  what: string,
  found: () => Promise<T>,
  seconds = 30,
): Promise<Exclude<T, undefined | null | false | ''>> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const value = await found();
      if (value) return value as Exclude<T, undefined | null | false | ''>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Standard output of a command that must succeed, trimmed. */
export async function ask(machine: Machine, script: string): Promise<string> {
  return (await machine.sh(script)).trim();
}

export interface DockerInfo {
  ClusterStore?: string;
  ClusterAdvertise?: string;
  ServerVersion?: string;
}

export async function dockerInfo(machine: Machine): Promise<DockerInfo> {
  return JSON.parse(await ask(machine, "docker info --format '{{json .}}'")) as DockerInfo;
}

/** When a service's main process was started, and which it is. */
export async function startOf(machine: Machine, unit: string): Promise<string> {
  return ask(machine, `systemctl show ${unit} --property=ExecMainStartTimestampMonotonic,MainPID,NRestarts`);
}

export function agentUnit(machine: Machine): string {
  return machine.options.public ? 'dcos-mesos-slave-public' : 'dcos-mesos-slave';
}

/** The start times of the two daemons that must not be restarted. */
export async function daemons(machine: Machine): Promise<string> {
  return (await Promise.all(['docker', agentUnit(machine)].map((unit) => startOf(machine, unit)))).join('\n');
}

export interface AgentNetworks {
  pid: number;
  networks: Record<string, string>;
  skipped: Record<string, string>;
}

/** The networks that the Mesos agent knows, as it read them last. */
export async function networksOf(machine: Machine): Promise<AgentNetworks> {
  return JSON.parse(await ask(machine, 'cat /run/mesos-agent.json')) as AgentNetworks;
}

/** Attaches a task to a network, as the Mesos agent does it. */
export async function attach(
  machine: Machine,
  network: string,
): Promise<{ address?: string; error?: string }> {
  return JSON.parse(await ask(machine, `/opt/mesosphere/bin/mesos-agent launch ${network}`));
}

/** A value in etcd, asked through the host's own proxy; undefined: there is no such key. */
export async function etcdValue(
  machine: Machine,
  key: string,
  endpoint = 'http://localhost:2379',
): Promise<string | undefined> {
  const answer = JSON.parse(await ask(machine, `curl -sS '${endpoint}/v2/keys${key}?quorum=true'`));
  return answer.node?.value;
}

/** Somebody else's container, which no step may disturb. Returns how to see that it is the same still. */
export async function startOther(machine: Machine): Promise<() => Promise<void>> {
  await machine.sh(
    'tar -C / -c bin/busybox | docker import - other:1 >/dev/null && docker run -d --restart always --name other other:1 /bin/busybox sleep 1000000',
  );
  const running = () =>
    ask(machine, "docker inspect --format '{{.State.Running}} {{.State.StartedAt}} {{.State.Pid}}' other");
  const before = await running();
  assert.match(before, /^true /);
  return async () => assert.equal(await running(), before);
}

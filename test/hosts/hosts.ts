// The three hosts that all of these tests share, and the lab of DC/OS around them.

import type { Machine } from '../../src/lab/hosts/machine.ts';
import { type HostsPlace, startHosts } from '../../src/lab/hosts/place.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { isTerminal } from '../../src/lab/mesos/task.ts';
import type { Picture } from './picture.ts';
import { stopAll } from './step-task.ts';

/** Seconds between a step's looks, and between its verifications: shorter than on an agent, so that a test need not wait. */
export const LOOK_SECONDS = 1;
export const VERIFY_SECONDS = 5;

export interface Hosts {
  place: HostsPlace;
  lab: Lab;
  /** Private, private, public. */
  machines: [Machine, Machine, Machine];
  /** What each host was like before anything was installed; set by the test that installs. */
  before: Picture[];
}

let started: Promise<Hosts> | undefined;
const ending = new AbortController();

/** Every shell that is on a host, one for each of them: what a step's `sh` is on an agent depends on its Linux. */
export const SHELLS = [['/bin/dash'], ['/bin/busybox', 'sh'], ['/bin/bash', '--posix']] as const;

async function start(): Promise<Hosts> {
  const place = await startHosts({
    private: 2,
    public: 1,
    dcos: '2.0',
    environment: {
      DCOS_CALICO_LOOK_SECONDS: String(LOOK_SECONDS),
      DCOS_CALICO_VERIFY_SECONDS: String(VERIFY_SECONDS),
    },
    shell: (machine) => SHELLS[Number(machine.name.slice(1)) - 1]!,
    say: (line) => console.log(line),
    signal: ending.signal,
  });
  try {
    const agents = place.machines.map(({ address, options }) => ({ host: address, public: options.public }));
    const lab = await startLab({ grade: 'hosts', runner: place.runner, dcos: '2.0', agents });
    return { place, lab, machines: place.machines as [Machine, Machine, Machine], before: [] };
  } catch (error) {
    await place.stop();
    throw error;
  }
}

/** The hosts; started by the first who asks. */
export function hosts(): Promise<Hosts> {
  started ??= start();
  return started;
}

/** Takes Marathon's tasks away, and leaves the hosts as they are. */
export async function dropTheGroup(): Promise<void> {
  const { lab } = await hosts();
  const headers = { authorization: `token=${lab.token}` };
  const url = `${lab.url}/service/marathon/v2/groups//calico?force=true`;
  const { status } = await fetch(url, { method: 'DELETE', headers });
  if (status !== 200 && status !== 404) throw new Error(`Marathon answered ${status}`);
  const running = () => [...lab.master.tasks()].some(({ state }) => !isTerminal(state));
  while (running()) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Puts the hosts, and the etcd on them, back to their beginning. */
export async function renew(): Promise<void> {
  const { place } = await hosts();
  await dropTheGroup();
  await stopAll();
  place.setMembers(place.machines.map(({ address }, index) => ({ ...place.members[index]!, ip: address })));
  await Promise.all(place.machines.map((machine) => machine.renew()));
}

/** Takes everything down. Nothing is left when it resolves. */
export async function takeDown(): Promise<void> {
  ending.abort();
  const running = await started?.catch(() => undefined);
  started = undefined;
  await running?.lab.stop();
  await running?.place.stop();
}

const measured: string[] = [];

/** Something for the list at the end. */
export function measure(what: string): void {
  measured.push(what);
}

export const measurements = (): readonly string[] => measured;

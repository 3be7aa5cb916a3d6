// What stands in the way on a host: each step stops with its sentence, the host is what it was, and when the cause goes away
// the step does its work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import type { Options } from '../../src/options/types.ts';
import type { StepName } from '../../src/steps/state.ts';
import { optionsWith } from '../steps/options.ts';
import { type Hosts, hosts, renew } from './hosts.ts';
import { ask, startOther } from './on-host.ts';
import { assertUnchanged, pictureOf } from './picture.ts';
import { startStep, startTurn, stopAll } from './step-task.ts';
import { LEFT, takeOff } from './take-off.ts';

type Changes = NonNullable<Parameters<typeof optionsWith>[0]>;

interface Conflict {
  what: string;
  step: StepName;
  /** Brings the host into that state. */
  prepare: string;
  says: RegExp;
  /** Takes the cause away. */
  mend: string;
  options?: Changes;
  allows?: 'change' | 'restart';
  /** What may differ after the step has stopped. */
  except?: RegExp[];
  /** The step does not go on by itself: it waits for another turn. */
  anotherTurn?: boolean;
}

/** Straight to etcd's members: each of these steps is held by itself, without a proxy. */
function direct(all: Hosts, changes: Changes = {}): Options {
  const endpoints = all.machines.map(({ address }) => `http://${address}:${ETCD_CLIENT_PORT}`).join(',');
  return optionsWith({ ...changes, etcd: { 'etcd-endpoints': endpoints, ...changes.etcd } });
}

const EXEC = '/usr/sbin/dockerd --storage-driver=overlay2 --containerd=/run/containerd/containerd.sock';
const flags = (more: string): string => `mkdir -p /etc/systemd/system/docker.service.d
printf '[Service]\\nExecStart=\\nExecStart=${EXEC} ${more}\\n' >/etc/systemd/system/docker.service.d/zz-flags.conf
systemctl daemon-reload; systemctl restart docker`;
const NO_FLAGS =
  'rm /etc/systemd/system/docker.service.d/zz-flags.conf; systemctl daemon-reload; systemctl restart docker';
const daemonJson = (content: string): string =>
  `mkdir -p /etc/docker; printf '%s' '${content}' >/etc/docker/daemon.json`;
const readOnly = (folder: string): string =>
  `mkdir -p ${folder}; mount --bind ${folder} ${folder}; mount -o remount,ro,bind ${folder}`;

/** Docker's, in two halves: each restarts Docker on its host some times. */
const OF_DOCKER: Conflict[] = [
  {
    what: 'another store in daemon.json',
    step: 'docker',
    prepare: daemonJson('{"cluster-store": "zk://10.0.0.1:2181"}'),
    says: /\/etc\/docker\/daemon\.json already names zk:\/\/10\.0\.0\.1:2181 as the store/,
    mend: 'rm /etc/docker/daemon.json',
  },
  {
    what: 'another store as a flag of dockerd, in a drop-in',
    step: 'docker',
    prepare: flags('--cluster-store=etcd://127.0.0.1:4001/other --cluster-advertise=127.0.0.1:1'),
    says: /gets etcd:\/\/127\.0\.0\.1:4001\/other as its cluster store by a flag of its unit/,
    mend: NO_FLAGS,
  },
  {
    what: 'broken JSON',
    step: 'docker',
    prepare: daemonJson('{"debug": true'),
    says: /\/etc\/docker\/daemon\.json is not valid JSON: nothing was changed/,
    mend: 'rm /etc/docker/daemon.json',
  },
  {
    what: 'changes of daemon.json that Docker has not taken yet',
    step: 'docker',
    prepare: daemonJson('{"storage-driver": "vfs"}'),
    says: /has changes that Docker has not taken yet, and would take with ours: storage-driver/,
    mend: 'rm /etc/docker/daemon.json',
  },
];

const MORE_OF_DOCKER: Conflict[] = [
  {
    what: 'Docker is stopped',
    step: 'docker',
    prepare: 'systemctl stop docker docker.socket',
    says: /Docker does not answer on this agent/,
    mend: 'systemctl start docker.socket docker',
  },
  {
    what: 'there is no Docker',
    step: 'docker',
    prepare:
      'systemctl stop docker docker.socket; mkdir /root/away; mv /usr/bin/docker /usr/sbin/dockerd /lib/systemd/system/docker.service /root/away/; systemctl daemon-reload',
    says: /Docker is not installed on this agent/,
    mend: 'cd /root/away; mv docker /usr/bin/; mv dockerd /usr/sbin/; mv docker.service /lib/systemd/system/; rmdir /root/away; systemctl daemon-reload; systemctl start docker.socket docker',
  },
  {
    what: 'a read-only file system',
    step: 'docker',
    prepare: readOnly('/etc/docker'),
    says: /\/etc\/docker.* cannot be written.*[Rr]ead-only/,
    mend: 'umount -l /etc/docker',
    except: [/^\/var\/lib\/dcos-calico/],
  },
  {
    what: 'a dockerd that refuses the new configuration',
    step: 'docker',
    options: { docker: { 'replace-cluster-store': true } },
    allows: 'restart',
    prepare: `${daemonJson('{"cluster-store": "etcd://127.0.0.1:4001/other", "cluster-advertise": "127.0.0.1:1"}')}
systemctl restart docker
mv /usr/sbin/dockerd /usr/sbin/dockerd-real
printf '#!/bin/sh\\ngrep -q 62376 /etc/docker/daemon.json && { echo "unable to configure the Docker daemon with file /etc/docker/daemon.json: no" >&2; exit 1; }\\nexec /usr/sbin/dockerd-real "$@"\\n' >/usr/sbin/dockerd
chmod 755 /usr/sbin/dockerd`,
    says: /Docker did not come up with the new configuration .*: the one before is back, and Docker runs again/,
    mend: 'mv /usr/sbin/dockerd-real /usr/sbin/dockerd',
    except: [/^\/var\/lib\/dcos-calico/, /^started: docker/],
    anotherTurn: true,
  },
];

const OF_OTHERS: Conflict[] = [
  {
    what: 'port 2379 is taken',
    step: 'etcd-proxy',
    prepare:
      'systemd-run --quiet --unit=squatter python3 -m http.server --bind 127.0.0.1 2379; until ss -ltn | grep -q :2379; do sleep 0.1; done',
    says: /port 2379 of this agent is taken by something else: on the agent, ss -ltnp says by what/,
    mend: 'systemctl stop squatter',
  },
  {
    what: 'a full disk',
    step: 'etcd-proxy',
    prepare: 'mkdir -p /var/lib/dcos-calico; mount -t tmpfs -o size=4m tmpfs /var/lib/dcos-calico',
    says: /\/var\/lib\/dcos-calico.* cannot be written: No space left on device/,
    mend: 'umount -l /var/lib/dcos-calico',
    except: [/^\/var\/lib\/dcos-calico/],
  },
  {
    what: 'a read-only file system where the units are',
    step: 'etcd-proxy',
    prepare: readOnly('/etc/systemd/system'),
    says: /\/etc\/systemd\/system.* cannot be written.*[Rr]ead-only/,
    mend: 'umount -l /etc/systemd/system',
    except: [/^\/var\/lib\/dcos-calico/, /^\/opt\/dcos-calico/],
  },
  {
    what: 'a CNI directory that is missing',
    step: 'cni',
    prepare: 'mv /opt/mesosphere/etc/dcos/network/cni /root/away',
    says: /the directory \/opt\/mesosphere\/etc\/dcos\/network\/cni is not there on this agent/,
    mend: 'mv /root/away /opt/mesosphere/etc/dcos/network/cni',
  },
  {
    what: 'another network of the same name',
    step: 'cni',
    prepare: `printf '%s' '{"name": "calico", "type": "bridge"}' >/opt/mesosphere/etc/dcos/network/cni/theirs.cni`,
    says: /theirs\.cni has a network of the same name/,
    mend: 'rm /opt/mesosphere/etc/dcos/network/cni/theirs.cni',
  },
  {
    what: "somebody else's container of the same name",
    step: 'node',
    prepare: 'docker run -d --name calico-node other:1 /bin/busybox sleep 100000',
    says: /a container calico-node on this agent that this step did not start/,
    mend: 'docker rm -f calico-node',
  },
  {
    what: 'an image that cannot be pulled',
    step: 'node',
    options: { node: { 'override-node-image': 'quay.io/calico/node:v2.6.11' } },
    // Docker goes by what it read of that file up to 5 s before (Go's net/hosts.go, cacheMaxAge).
    prepare: `sed -i '/registry/d' /etc/hosts; echo '127.0.0.1 quay.io' >>/etc/hosts
      for _ in $(seq 20); do
        docker pull quay.io/calico/node:v2.6.11 || break
        docker rmi quay.io/calico/node:v2.6.11
        sleep 1
      done`,
    says: /the image quay\.io\/calico\/node:v2\.6\.11 cannot be pulled: .*refused/,
    mend: `sed '/quay.io/d' /etc/hosts >/root/hosts; cat /root/hosts >/etc/hosts; rm /root/hosts`,
    except: [/^\/var\/lib\/dcos-calico/],
  },
];

async function hold(all: Hosts, machine: Machine, conflict: Conflict): Promise<void> {
  const { step, prepare, says, mend, allows = 'change', except = [] } = conflict;
  const options = direct(all, conflict.options);
  const untouched = await pictureOf(machine);
  let mended = false;
  try {
    await machine.sh(prepare);
    const before = await pictureOf(machine);
    let turn = startTurn(all, machine, allows);
    const task = startStep(all, machine, step, { options });
    await task.until(({ state, reason }) => state === 'failed' && says.test(reason), 120);
    assertUnchanged(before, await pictureOf(machine), ...except);
    mended = true;
    await machine.sh(mend);
    if (conflict.anotherTurn) {
      await turn.stop();
      turn = startTurn(all, machine, allows);
    }
    await task.until('ready', 90);
  } finally {
    // Also after a failure: the next conflict finds the host as this one did.
    await stopAll(machine);
    if (!mended) await machine.run(['/bin/bash', '-c', mend]);
    await takeOff(all, machine, options, [step]);
    if (conflict.anotherTurn) await machine.sh('rm -f /etc/docker/daemon.json; systemctl restart docker');
  }
  assertUnchanged(untouched, await pictureOf(machine), ...LEFT);
}

test('3 the hosts are put back to their beginning', renew);

test('3 what is in the way, on three hosts at a time', { concurrency: 3 }, async (t) => {
  const all = await hosts();
  await startOther(all.machines[2]);
  await Promise.all(
    [OF_DOCKER, MORE_OF_DOCKER, OF_OTHERS].map((conflicts, index) =>
      t.test(`3 on host ${index + 1}`, async (u) => {
        for (const conflict of conflicts) {
          await u.test(`3 ${conflict.what}`, () => hold(all, all.machines[index]!, conflict));
        }
      }),
    ),
  );
});

test('3 a CNI directory that is a link into a package, as DC/OS has it: no file but ours is left there', async () => {
  const all = await hosts();
  const machine = all.machines[2];
  const list = () =>
    ask(
      machine,
      'readlink /opt/mesosphere/active/cni; ls -A /opt/mesosphere/active/cni/ /opt/mesosphere/etc/dcos/network/cni/ /opt/mesosphere/packages /opt/mesosphere/etc/dcos/network',
    );
  const before = await list();
  const turn = startTurn(all, machine);
  const task = startStep(all, machine, 'cni', { options: direct(all) });
  await task.until('ready', 60);
  const after = await list();
  const ours = after.split('\n').filter((line) => !before.split('\n').includes(line));
  assert.deepEqual(ours, ['calico', 'calico-ipam', 'calico.cni']);
  await Promise.all([task.stop(), turn.stop()]);
  const off = startTurn(all, machine);
  const gone = startStep(all, machine, 'cni', { options: direct(all), mode: 'absent' });
  await gone.until('ready', 60);
  assert.equal(await list(), before);
  await Promise.all([gone.stop(), off.stop()]);
});

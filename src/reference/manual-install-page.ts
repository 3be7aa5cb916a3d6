// The page `docs/manual-install.md`: what the steps put on an agent, for doing it by hand. Every file is the steps' own text.
import type { Options } from '../options/types.ts';
import type { HostTexts } from './host-texts.ts';

export function manualInstallPage(texts: HostTexts, options: Options): string {
  const parts = [
    introduction(texts),
    proxySection(texts, options),
    dockerSection(texts),
    cniSection(texts, options),
    containerSection('4. The libnetwork plugin', texts.libnetwork, LIBNETWORK),
    containerSection('5. calico/node', texts.node, nodeAbout()),
    offSection(texts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function introduction({ address }: HostTexts): string {
  return `# Installing by hand, with systemd

<!-- Made from the programs of the steps by scripts/docs.ts. A test fails when it is stale. -->

What \`dcos calico install\` has its tasks put on every agent, for doing it without them: on a cluster where no task may run as
root, in a machine image, or to see what there is to it. All commands run as root on the agent.

The files are those of the default options, for the agent ${address}. On another agent its own address stands in each place of this
one: \`/opt/mesosphere/bin/detect_ip\` says it, and it is the agent's name in Mesos. With other options the files differ:
\`dcos calico options boot-script\` prints a script that does all of this page with the options of your cluster or of a file.

Do one agent from beginning to end before the next, and few at a time. Nothing here restarts Docker or the Mesos agent.

What is installed so can be taken over later: \`dcos calico install\` gives each agent its turn, finds the files as it wants them, and
changes only what differs. (The label \`com.mesosphere.dcos-calico.wanted\` is a sum over a container's arguments, so it is right only
on the agent of the example: elsewhere an install replaces that container once.)

## Before

- DC/OS 1.9 to 2.0. From 2.1 on DC/OS has a Calico of its own, which has to be off (\`calico_enabled: false\`, from 2.1.2 on).
- Docker older than 23, without a cluster store and not in swarm mode, for Docker networks: \`docker info\`.
- An etcd that answers the v2 API: [etcd.md](etcd.md).
- TCP 179 (BGP), and IP protocol 4 where IP-in-IP is used, open between all agents.`;
}

function proxySection({ proxy }: HostTexts, { artifacts }: Options): string {
  const { url, sha256 } = artifacts.etcd;
  const archive = url.split('/').at(-1)!;
  return `## 1. The etcd proxy

\`localhost:2379\` forwards to the cluster's etcd, so that Docker and Calico keep one address when etcd moves. Leave it out where the
options point straight at etcd (\`etcd.run-proxy\` false); then \`http://localhost:2379\` below is the address of etcd itself.

\`--initial-cluster\` names the peer URLs of etcd's members: \`curl http://MEMBER:2379/v2/members\` tells them.

${shell([
  `curl -fsSLO ${url}`,
  sha256
    ? `echo '${sha256}  ${archive}' | sha256sum -c`
    : `sha256sum ${archive}      # no sum is known to this program: compare it with one that you trust`,
  `mkdir -p ${folderOf(proxy.binary)} && mkdir -p -m 700 ${proxy.data}`,
  `tar xzf ${archive} --strip-components=1 -C ${folderOf(proxy.binary)} ${archive.replace(/\.tar\.gz$/, '')}/etcd`,
])}

${unit(proxy)}

${start(proxy.name)}

It works when a quorum read answers:

${shell(["curl 'http://localhost:2379/v2/keys/?quorum=true'"])}`;
}

function dockerSection({ docker }: HostTexts): string {
  const sorted = Object.fromEntries(Object.entries(docker.keys).sort(([a], [b]) => (a < b ? 1 : -1)));
  return `## 2. Docker's cluster store

Two keys in \`${docker.file}\`, beside what is there already:

\`\`\`
${JSON.stringify(sorted, null, 2)}
\`\`\`

${shell(['systemctl reload docker', "docker info | grep -i 'cluster store'"])}

- Docker takes a *first* store by a reload, and only with \`cluster-advertise\` beside it. A store that is to be another takes a restart
  of Docker, which ends all its containers: \`docker info\` then shows the new one after the reload although the old one is in use.
- A reload takes every other change of the file too that was not taken yet.
- Docker does not start with a file that is not valid JSON, or with a key that is also a flag of its unit. Docker 23 and later do not
  start with these keys at all.

It works when Docker has entered itself in etcd:

${shell(["curl 'http://localhost:2379/v2/keys/docker/nodes'"])}`;
}

function cniSection({ cni }: HostTexts, { artifacts }: Options): string {
  const plugins = ['calico', 'calico-ipam'] as const;
  return `## 3. The CNI plugins, for the Universal Container Runtime

The plugins first, the network last: Mesos reads the network when a task first names it. No restart is needed. The copies below
\`${cni.masters}\` are there because an upgrade of DC/OS removes the others; the unit puts them back before the Mesos agent starts.

${shell([
  `mkdir -p ${cni.masters} ${folderOf(cni['put back'])}`,
  ...plugins.map((name) => `curl -fsSL -o ${cni.masters}/${name} ${artifacts[name].url}`),
  ...plugins.map((name) =>
    artifacts[name].sha256
      ? `echo '${artifacts[name].sha256}  ${cni.masters}/${name}' | sha256sum -c`
      : `sha256sum ${cni.masters}/${name}      # compare it with one that you trust`,
  ),
  `chmod 755 ${plugins.map((name) => `${cni.masters}/${name}`).join(' ')}`,
])}

\`${cni.masters}/calico.cni\`:

${fenced(cni.configuration)}

\`${cni['put back']}\`:

${fenced(cni.script)}

${unit(cni)}

On a public agent the last line of the unit is \`WantedBy=dcos-mesos-slave-public.service\`.

${shell([
  `chmod 755 ${cni['put back']}`,
  'systemctl daemon-reload',
  `systemctl enable ${cni.name}`,
  `sh ${cni['put back']}`,
  `ls -l ${cni.plugins}/calico ${cni.plugins}/calico-ipam ${cni.networks}/calico.cni`,
])}

No other file in \`${cni.networks}\` may have the same \`name\`: Mesos takes one of them, and leaves the other.`;
}

const LIBNETWORK = `Answers Docker's network calls. It needs the cluster store of section 2.`;

const nodeAbout =
  () => `Felix, BIRD and confd. The pool of addresses is made by the first node, where etcd has none. BGP is one for the whole cluster,
and need only be set, once and from anywhere, if it is to differ from Calico's defaults:

${shell([
  'calicoctl config set asNumber 64512',
  'calicoctl config set nodeToNodeMesh on',
  'calicoctl apply -f peer.yaml',
])}`;

function containerSection(
  title: string,
  container: { name: string; unit: string; container: string; image: string },
  about: string,
): string {
  const checks =
    container.container === 'calico-node'
      ? [
          'docker exec calico-node birdcl -s /var/run/calico/bird.ctl show protocols',
          `curl 'http://localhost:2379/v2/keys/calico/felix/v1/host?recursive=true'`,
        ]
      : ["curl -X POST --unix-socket /run/docker/plugins/calico.sock 'http://localhost/Plugin.Activate'"];
  return `## ${title}

${about}

${shell([`docker pull ${container.image}`])}

${unit(container)}

${start(container.name)}

It works when this answers:

${shell(checks)}`;
}

function offSection({ cni, node, libnetwork, proxy }: HostTexts): string {
  return `## Off again

The other way round, on each agent:

${shell([
  `systemctl disable --now ${node.name} ${libnetwork.name}`,
  `docker rm -f ${node.container} ${libnetwork.container}`,
  `systemctl disable ${cni.name}`,
  `rm -f ${cni.networks}/calico.cni ${cni.plugins}/calico ${cni.plugins}/calico-ipam`,
])}

Then take the two keys out of Docker's file; Docker keeps its store until it is restarted. Last
\`systemctl disable --now ${proxy.name}\`, the units themselves, \`/opt/dcos-calico\` and \`/var/lib/dcos-calico\`. What Felix and BIRD left in the
kernel (chains \`cali*\`, ipsets, routes of \`proto bird\`, the address of \`tunl0\`) goes with the next boot.`;
}

function unit({ name, unit: text }: { name: string; unit: string }): string {
  return `\`/etc/systemd/system/${name}\`:\n\n${fenced(text)}`;
}

const start = (name: string) => shell(['systemctl daemon-reload', `systemctl enable --now ${name}`]);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
const fenced = (text: string) => `\`\`\`\n${text.trimEnd()}\n\`\`\``;
const shell = (lines: readonly string[]) => fenced(lines.join('\n'));

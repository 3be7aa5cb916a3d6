// docs/rehearsal.md: what a rehearsal is, with the faults and step times from the program's own data.
import { STEP_TIMES } from '../lab/simulated/model.ts';
import { FAULTS } from '../rehearsal/faults.ts';
import { OTHER_TIMES, STEP_TIME_SOURCES, TIMED, type Timed } from '../rehearsal/step-times.ts';

const TAKES = {
  agents: '`@AGENTS`',
  'agents in time': '`@AGENTS+TIME`',
  'cluster in time': '`+TIME`',
  share: '`@PERCENT`',
} as const;

function seconds(timed: Timed): string {
  const [least, most] = timed === 'restart' ? STEP_TIMES.restart : STEP_TIMES.work[timed];
  return `${least}–${most} s`;
}

export function rehearsalPage(): string {
  return `# Rehearsing an install

<!-- Made from src/rehearsal by scripts/docs.ts. A test fails when it is stale. -->

\`\`\`
dcos calico lab rehearse --options=calico.json
dcos calico lab rehearse --options=calico.json --fault docker-restart@5% --fault node-fails@10.0.1.13
\`\`\`

A rehearsal reads your cluster's agents, makes a lab of simulated agents from them in the memory of this process, and plays the install there in virtual
time: hours pass in seconds. What is played is the program itself: the same preflight, planner and rollout, over HTTP against the lab's Marathon and Mesos of your
version of DC/OS. Only the agents are modelled. On a cluster that has Calico the same command plays the change; \`--uninstall\` plays taking it off.

It prints what the command itself would print, then how long it takes phase by phase, on which agents Docker is restarted and which tasks that interrupts, by name,
which agents are never begun where it stops, and what you would type then. **The exit code is the one with which the rehearsed command would end.** \`--json\` has
everything; its schema is \`schemas/rehearsal.json\`.

Nothing is written to the cluster: every request is a read, and a test holds it.

## Without the cluster

\`\`\`
dcos calico lab rehearse --save-inventory agents.json
dcos calico lab rehearse --inventory agents.json --options=calico.json
\`\`\`

The first, where the cluster is attached, also keeps what it read: of each agent its address, kind, resources and what others hold of them, attributes, names of the Docker
tasks there, and which steps are ready; the options that are installed; the record of etcd. No token, no secret. The second needs no cluster.

## What can go wrong

\`--fault KIND[@AGENTS][+TIME]\`, as often as you like. AGENTS are addresses (\`@10.0.1.13,10.0.1.14\`), a number (\`@3\`) or a share (\`@2%\`) that \`--seed\` draws; one
agent without it. TIME is how long after the beginning (\`+10m\`), \`+60s\` without it. The same seed gives the same rehearsal, another one another.

| fault | takes | what happens |
|---|---|---|
${FAULTS.map(({ name, on, means }) => `| \`${name}\` | ${TAKES[on]} | ${means} |`).join('\n')}

## Times

What a step takes on a host is a **model, not a measurement of your agents**. Each is drawn by the seed between two figures, which \`--step-time node=20-90\` and
\`--step-times FILE\` (\`{"node": [20, 90], "restart": 45}\`) change. Time one agent with \`dcos calico install --canary 1 --pause-after-canary\`, and rehearse the others with what it took.

| step | default | where it comes from |
|---|---|---|
${TIMED.map((timed) => `| \`${timed}\` | ${seconds(timed)} | ${STEP_TIME_SOURCES[timed]} |`).join('\n')}

Besides:

| what | takes | where it comes from |
|---|---|---|
${OTHER_TIMES.map((row) => `| ${row.join(' | ')} |`).join('\n')}

## What it does not know

- What is on the agents themselves: no task looks at them. Docker's store and version, disks, kernels, files of an earlier Calico are taken to be ordinary unless a fault says
  otherwise. \`dcos calico preflight\` asks them.
- The bandwidth of your artifact server: agents that fetch at the same time do not slow each other down.
- Resources that are reserved to other roles, and deployments of others that are under way; it says how many.
- Which workloads use Calico's networks, when an uninstall is rehearsed.
- Agents that are not ready now: why is not known, and their steps go well.
`;
}

// What the lab's commands print.
import type { LabState } from '../lab/control/place.ts';
import type { LabReport } from '../lab/control/status-route.ts';
import { type Row, tableLines } from './table.ts';

export interface Started {
  state: LabState;
  token: string;
  agents: { private: number; public: number };
  speed: number;
  windows: boolean;
}

/** The lines for stdout: what to type, or to `eval`, in the shell. */
export function exportLines({ state, token, windows }: Started): string[] {
  return windows
    ? [`$env:DCOS_URL = '${state.url}'`, `$env:DCOS_ACS_TOKEN = '${token}'`]
    : [`export DCOS_URL=${state.url} DCOS_ACS_TOKEN=${token}`];
}

/** The lines for stderr, before and after those. @param taken whether stdout goes to a program: `eval` takes what is to be typed */
export function startedLines(
  { state, agents, speed, windows }: Started,
  taken = false,
): { before: string[]; after: string[] } {
  const kind =
    state.grade === 'hosts'
      ? 'They are machines with systemd, Docker and etcd of their own, on a bridge of this machine.'
      : state.grade === 'sandbox'
        ? 'They run the real step scripts, each in a directory of its own.'
        : `They are only modelled${speed === 1 ? '' : `, at ${speed} times the real speed`}.`;
  const setup = windows
    ? `$env:DCOS_CLUSTER_SETUP_ACS_TOKEN = $env:DCOS_ACS_TOKEN; dcos cluster setup ${state.url}`
    : `DCOS_CLUSTER_SETUP_ACS_TOKEN=$DCOS_ACS_TOKEN dcos cluster setup ${state.url}`;
  return {
    before: [
      `A lab of DC/OS ${state.dcos} is running: ${agentsText(agents)}.`,
      kind,
      state.owner
        ? `It ends with ${state.owner.name} (process ${state.owner.pid}), or by: dcos calico lab stop`
        : 'It ends by: dcos calico lab stop',
      ...(taken ? [] : ['', 'Point this shell at it:']),
    ],
    after: [
      '',
      taken ? 'A shell that started it by eval "$(…)" uses it from now on. Try there:' : 'Then try:',
      '  dcos calico preflight',
      '  dcos calico install',
      '  dcos calico status',
      '  dcos calico lab status',
      '',
      'Or set it up in the DC/OS CLI:',
      `  ${setup}`,
    ],
  };
}

/** `5 private agents and 1 public one`. */
export function agentsText(agents: { private: number; public: number }): string {
  const parts: string[] = [];
  if (agents.private) parts.push(`${agents.private} private agent${agents.private === 1 ? '' : 's'}`);
  if (agents.public) {
    const noun = agents.private
      ? agents.public === 1
        ? 'one'
        : 'ones'
      : `agent${agents.public === 1 ? '' : 's'}`;
    parts.push(`${agents.public} public ${noun}`);
  }
  return parts.join(' and ') || 'no agents';
}

/** The screen of `lab status`. */
export function labStatusLines(report: LabReport, owner: LabState['owner'], colour: boolean): string[] {
  const { agents, tasks } = report;
  const states = Object.entries(tasks).map(
    ([state, count]) => `${count} ${state.replace('TASK_', '').toLowerCase()}`,
  );
  const missing = [
    agents.deactivated ? `${agents.deactivated} deactivated` : '',
    agents.gone ? `${agents.gone} unreachable` : '',
  ].filter(Boolean);
  const facts: [string, string][] = [
    ['URL', report.url],
    ['DC/OS', `${report.dcos} (Mesos ${report.mesos}, Marathon ${report.marathon}), ${report.grade}`],
    ['RUNNING FOR', duration(report.runningSeconds)],
    owner ? ['ENDS WITH', `${owner.name} (process ${owner.pid})`] : ['ENDS BY', 'dcos calico lab stop'],
    ['AGENTS', [agentsText(agents), `${agents.active} active`, ...missing].join(', ')],
    ['TASKS', states.join(', ') || 'none'],
    ['REQUESTS', String(report.requests)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    '',
    ...faultLines(report, colour),
    '',
    ...unrecordedLines(report, colour),
  ];
}

function faultLines({ faults }: LabReport, colour: boolean): string[] {
  if (faults.length === 0) return ['No faults are in force.'];
  const rows = faults.map(
    ({ method, path, kind, happened, left }): Row => ({
      cells: [path, method, kind, String(happened), left === null ? 'always' : String(left)].map((text) => ({
        text,
      })),
    }),
  );
  const headings = [
    { heading: 'FAULT' },
    { heading: 'METHOD' },
    { heading: 'KIND' },
    { heading: 'HAPPENED', align: 'right' as const },
    { heading: 'LEFT', align: 'right' as const },
  ];
  return tableLines(headings, rows, colour);
}

function unrecordedLines({ unrecorded }: LabReport, colour: boolean): string[] {
  if (unrecorded.length === 0) return ['Every request so far was answered as the real system was recorded.'];
  const rows = unrecorded.map(
    ({ route, follows, count }): Row => ({
      cells: [{ text: route }, { text: follows }, { text: String(count) }],
    }),
  );
  return tableLines(
    [
      { heading: 'ANSWERED WITHOUT A RECORDING' },
      { heading: 'FOLLOWS' },
      { heading: 'REQUESTS', align: 'right' },
    ],
    rows,
    colour,
  );
}

/** `3 min 20 s`. */
function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

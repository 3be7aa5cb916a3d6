import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabReport } from '../../../src/lab/control/status-route.ts';
import {
  agentsText,
  exportLines,
  labStatusLines,
  type Started,
  startedLines,
} from '../../../src/view/lab.ts';
import { assertGolden } from '../../golden.ts';

const started: Started = {
  state: {
    pid: 4711,
    started: '1',
    url: 'http://127.0.0.1:40123',
    dcos: '2.0',
    grade: 'sandbox',
    owner: { pid: 1234, started: '1', name: 'bash' },
  },
  token: 'TOKEN',
  agents: { private: 5, public: 1 },
  speed: 1,
  windows: false,
};

const report: LabReport = {
  url: 'http://127.0.0.1:40123',
  dcos: '2.0.6',
  mesos: '1.9.1',
  marathon: '1.9.136',
  grade: 'simulated',
  now: '2026-11-24T00:00:00.000Z',
  runningSeconds: 3725,
  agents: { private: 98, public: 2, active: 97, deactivated: 1, gone: 2 },
  tasks: { TASK_RUNNING: 480, TASK_STAGING: 5, TASK_UNREACHABLE: 10 },
  requests: 1204,
  unrecorded: [
    { route: '/dcos-metadata/dcos-version.json', follows: 'dcos/dcos', count: 12 },
    { route: '/cluster/v1/links', follows: 'nothing: no such route', count: 1 },
  ],
  faults: [
    { method: 'PUT', path: '/service/marathon/*', kind: 'reset', happened: 2, left: 1 },
    { method: 'any', path: '/mesos/slaves', kind: 'slow', happened: 31, left: null },
  ],
};

const all = (value: Started) => {
  const { before, after } = startedLines(value);
  return [...before, ...exportLines(value), ...after, ''].join('\n');
};

test('what is on the terminal where eval takes the rest: no heading without its lines', () => {
  const { before, after } = startedLines(started, true);
  assertGolden('lab/control/started-in-eval', [...before, ...after, ''].join('\n'));
});

test('the screens of the lab', () => {
  assertGolden('lab/control/started', all(started));
  const simulated = { ...started.state, grade: 'simulated' as const, owner: undefined };
  assertGolden(
    'lab/control/started-simulated-on-windows',
    all({ ...started, state: simulated, speed: 60, windows: true, agents: { private: 980, public: 20 } }),
  );
  assertGolden('lab/control/status', [...labStatusLines(report, started.state.owner, false), ''].join('\n'));
  const idle = { ...report, tasks: {}, unrecorded: [], faults: [], runningSeconds: 9, requests: 0 };
  assertGolden('lab/control/status-idle', [...labStatusLines(idle, undefined, false), ''].join('\n'));
});

test('numbers of agents in words', () => {
  const texts = (
    [
      [5, 1],
      [1, 0],
      [0, 1],
      [0, 3],
      [0, 0],
      [980, 20],
    ] as const
  ).map(([ofPrivate, ofPublic]) => agentsText({ private: ofPrivate, public: ofPublic }));
  assert.deepEqual(texts, [
    '5 private agents and 1 public one',
    '1 private agent',
    '1 public agent',
    '3 public agents',
    'no agents',
    '980 private agents and 20 public ones',
  ]);
});

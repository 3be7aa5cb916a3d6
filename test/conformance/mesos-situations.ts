// The situations in which Mesos 1.11.1 was recorded, one after the other, and how the lab gets there.
import type { VirtualClock } from '../../src/lab/clock.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { TaskInfo } from '../../src/lab/types.ts';
import type { FixtureRunner } from './fixture-runner.ts';

export interface Stage {
  lab: Lab;
  clock: VirtualClock;
  runner: FixtureRunner;
  /** Ids of the three agents, changed when one gets a new one. */
  ids: string[];
  launch(id: string, host: string, more?: Partial<TaskInfo>): void;
}

export interface Situation {
  title: string;
  prepare(stage: Stage): void | Promise<void>;
  recordings: string[];
}

const range = (from: number, to: number, ...without: number[]) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .filter((number) => !without.includes(number))
    .map((number) => String(number).padStart(3, '0'));

/** Tasks and files that the recordings have in their sandboxes. */
const FILES: Record<string, string | Uint8Array> = {
  'status.json': '{"ok": true, "n": 1}\n',
  'link.json': '{"ok": true, "n": 1}\n',
  'bin.dat': new Uint8Array([99, 97, 102, 0xc3, 0xa9, 32, 0xff, 0xfe, 98, 105, 110]),
  'sp ace.txt': 'we b\n',
  'sub/dir/f.txt': 'inner\n',
  stdout: 'hello-out\n',
  stderr: 'hello-err\n',
  'big.txt': 'x'.repeat(1_000_000),
  'ctl.txt': 'a\tb\u0001c"d\u001b\r\n\u007f\u20ac/<',
  empty: '',
};

export const situations: Situation[] = [
  {
    title: 'no task ever',
    prepare() {},
    // Not asked by this program, nor by `dcos cluster setup`: state, roles, metrics, quota, weights, maintenance, help, logs.
    // 045 has an Authorization header of its own, which Admin Router reads here.
    recordings: [...range(1, 2), '006', '009', ...range(12, 19), ...range(23, 44), '046'],
  },
  {
    title: 'three tasks',
    prepare({ runner, launch, clock }) {
      runner.files = FILES;
      launch('node-1', '10.0.1.11');
      launch('node-2', '10.0.1.12');
      launch('node-3', '10.0.1.13');
      clock.advance(10_000);
    },
    recordings: [
      ...range(62, 64),
      ...range(66, 68),
      ...range(70, 89),
      // 090 asks for protobuf.
      ...range(91, 96),
      ...range(98, 99),
      ...range(115, 127),
      ...range(129, 137),
      '145',
      ...range(147, 153),
      ...range(156, 200),
      // 201: its path is of the machine that it was recorded on; 215: Admin Router asks agents for no compression.
      ...range(202, 204),
      ...range(206, 214),
      ...range(216, 222),
    ],
  },
  { title: 'deactivated', prepare() {}, recordings: ['240', '241', '242', '243', '244'] },
  { title: 'active again', prepare() {}, recordings: ['245', '246', '247'] },
  {
    title: 'agent killed',
    prepare({ lab }) {
      lab.master.crashAgent('10.0.1.12');
    },
    recordings: ['265', '266', '267', '268'],
  },
  {
    title: 'agent up, not registered again',
    prepare({ lab, clock }) {
      lab.master.crashAgent('10.0.1.11');
      clock.advance(1000);
      lab.master.returnAgent('10.0.1.12');
      lab.master.returnAgent('10.0.1.11');
    },
    recordings: ['295', '297', '298', '299'],
  },
  {
    title: 'draining',
    prepare({ clock, runner }) {
      clock.advance(20_000);
      runner.killTakesMs = 3000;
    },
    recordings: ['269', '270', '271'],
  },
  {
    title: 'drained',
    prepare({ clock, runner }) {
      clock.advance(4000);
      runner.killTakesMs = 0;
    },
    recordings: ['273', '274', '275', '278'],
  },
  { title: 'active after a drain', prepare() {}, recordings: ['286', '287', '288'] },
  {
    title: 'a task drains slowly',
    prepare({ launch, clock, runner }) {
      launch('slow-term', '10.0.1.12', { killGraceSeconds: 60, healthCheck: undefined });
      clock.advance(5000);
      runner.killTakesMs = 30_000;
    },
    recordings: ['301', '281', '305'],
  },
  {
    title: 'agent unreachable',
    prepare({ lab, clock, runner }) {
      runner.killTakesMs = 0;
      clock.advance(40_000);
      lab.master.reactivate(lab.master.agentAt('10.0.1.12'));
      lab.master.crashAgent('10.0.1.11');
      clock.advance(400_000);
    },
    recordings: ['289', '291', '292', '293'],
  },
  {
    title: 'agent back',
    prepare({ lab, clock, launch }) {
      lab.master.returnAgent('10.0.1.11');
      launch('node-2b', '10.0.1.12');
      clock.advance(15_000);
    },
    recordings: ['303', '304', '307'],
  },
  {
    title: 'agent with a new id',
    async prepare({ lab, clock, launch, ids }) {
      launch('node-2c', '10.0.1.12');
      clock.advance(5000);
      await lab.master.replaceAgent('10.0.1.12');
      ids[1] = lab.master.agentAt('10.0.1.12').id;
    },
    recordings: ['317', '320'],
  },
  {
    title: 'a command fails',
    prepare({ launch, clock, runner }) {
      runner.files = { stdout: 'about to fail\n', stderr: '' };
      launch('fail-3', '10.0.1.11', { healthCheck: undefined });
      clock.advance(3000);
      runner.end('fail-3', 3);
    },
    recordings: ['255', '258', '260'],
  },
  {
    title: 'killed by its health check',
    prepare({ launch, clock }) {
      const healthCheck = {
        command: 'false',
        gracePeriodSeconds: 0,
        intervalSeconds: 1,
        timeoutSeconds: 3,
        delaySeconds: 0,
        maxConsecutiveFailures: 2,
      };
      launch('hcargv', '10.0.1.11', { healthCheck });
      clock.advance(10_000);
    },
    recordings: ['524'],
  },
  {
    title: 'killing',
    prepare({ lab, launch, clock, runner }) {
      lab.master.tellsKilling = true;
      runner.killTakesMs = 1000;
      launch('killing', '10.0.1.11', { healthCheck: undefined });
      clock.advance(5000);
      lab.master.kill('killing');
    },
    recordings: ['401'],
  },
  {
    title: 'staging',
    prepare({ launch }) {
      launch('slowfetch', '10.0.1.11', { healthCheck: undefined });
    },
    recordings: ['477'],
  },
  {
    title: 'large and odd files',
    prepare({ launch, clock, runner }) {
      runner.files = FILES;
      launch('big', '10.0.1.11');
      clock.advance(5000);
    },
    recordings: ['388', ...range(391, 392), ...range(395, 400)],
  },
  {
    title: 'drained to be gone',
    prepare({ lab, launch, clock, runner }) {
      lab.master.tellsKilling = false;
      runner.killTakesMs = 0;
      launch('gone-1', '10.0.1.12', { healthCheck: undefined });
      clock.advance(5000);
    },
    recordings: ['459', '460'],
  },
  {
    title: 'gone since 5 s',
    prepare({ clock }) {
      clock.advance(5000);
    },
    // 461 holds agents that had registered twice.
    recordings: ['462', '464', '465'],
  },
  {
    title: 'no leader',
    prepare({ lab, clock }) {
      clock.advance(5000);
      lab.master.failover(10_000, 20_000);
    },
    recordings: ['466', ...range(468, 475)],
  },
  {
    title: 'a new leader has not read its registry',
    prepare({ clock }) {
      clock.advance(10_000);
    },
    recordings: ['322', '324', '325', '326'],
  },
  {
    title: 'a new leader that no agent has found yet',
    prepare({ clock }) {
      clock.advance(500);
    },
    recordings: ['327', '329', '330', '331', '332', '335', '336'],
  },
  {
    title: 'all agents back',
    prepare({ clock }) {
      clock.advance(25_000);
    },
    // 337 was trimmed.
    recordings: ['342', '380'],
  },
];

// The job that covers who joined, against what takes it: Metronome's own rules, as its versions from 0.4.4 (DC/OS 1.10) to 0.6 have them
// (dcos/metronome, api/src/main/resources/public/api/v1/schema and jobs/…/model), and what `dcos job add` makes of it (dcos-core-cli).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { type CoverRequest, coverJob } from '../../src/rollout/cover-job.ts';

const PLUGIN = 'https://files.example/dcos-calico-linux-x64.zip';

interface Job {
  id: string;
  run: Record<string, unknown> & {
    cmd: string;
    cpus: number;
    mem: number;
    disk: number;
    env: Record<string, string | { secret: string }>;
    secrets?: Record<string, { source: string }>;
    artifacts: Record<string, unknown>[];
  };
  schedules: Record<string, string | number | boolean>[];
}

const jobOf = (request: Partial<CoverRequest> = {}) =>
  coverJob({ plugin: PLUGIN, every: 15, marathon: 'marathon', ...request }) as unknown as Job;

/** An unknown key is refused (`additionalProperties: false`): no later one may be used. */
const KNOWN = {
  job: ['id', 'description', 'dependencies', 'labels', 'run'],
  run: 'args artifacts cmd cpus disk docker env maxLaunchDelay mem placement user restart volumes secrets'.split(
    ' ',
  ),
  artifact: ['uri', 'executable', 'extract', 'cache'],
};
const within = (known: readonly string[], one: object) =>
  Object.keys(one).filter((key) => !known.includes(key));

for (const secret of [undefined, 'calico/cover'])
  for (const every of [5, 10, 15, 20, 30, 60, 120, 240, 360, 720])
    test(`Metronome takes the job: every ${every} min${secret ? ', with a login' : ''}`, () => {
      // `dcos job add` sends the schedules by themselves, the first alone.
      const { schedules, ...job } = jobOf({ every, ...(secret ? { secret } : {}) });
      assert.match(job.id, /^([a-z0-9]+(-+[a-z0-9]+)*)(\.([a-z0-9]+(-+[a-z0-9]+)*))*$/);
      assert.deepEqual(within(KNOWN.job, job), []);
      assert.deepEqual(within(KNOWN.run, job.run), []);
      for (const artifact of job.run.artifacts) assert.deepEqual(within(KNOWN.artifact, artifact), []);
      const { cpus, mem, disk, env, secrets = {} } = job.run;
      assert.ok(cpus >= 0.01 && mem >= 32 && disk >= 0);
      // Whole numbers there, though not in Metronome (dcos-core-cli, pkg/metronome/types.go).
      assert.ok(Number.isInteger(mem) && Number.isInteger(disk));
      // Each secret is defined and used (JobRunSpec, `allSecretsAreDefinedAndUsed`).
      const used = Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]));
      assert.deepEqual(used.sort(), Object.keys(secrets).sort());
      assert.equal(used.length, secret ? 1 : 0);

      assert.equal(schedules.length, 1);
      const [schedule] = schedules;
      assert.match(String(schedule!.id), /^[a-z0-9][a-z0-9-]*[a-z0-9]+$/);
      assert.equal(schedule!.concurrencyPolicy, 'FORBID');
      // At least a minute (ScheduleSpec), though the schema has 1.
      assert.ok(Number(schedule!.startingDeadlineSeconds) >= 60);
      assert.equal(runsADay(String(schedule!.cron)), 1440 / every);
    });

/** Minutes, hours, days, months, days of the week: what is used of that is a star, a number and a step. */
function runsADay(cron: string): number {
  const [minutes, hours, ...days] = cron.split(' ');
  assert.deepEqual(days, ['*', '*', '*']);
  const count = (field: string, range: number) => {
    const step = /^\*\/(\d+)$/.exec(field);
    return field === '*' ? range : step ? Math.ceil(range / Number(step[1])) : 1;
  };
  return count(minutes!, 60) * count(hours!, 24);
}

test('the secret stands there by reference, and another Marathon is named', () => {
  const { run } = jobOf({ secret: 'calico/cover', marathon: 'ops' });
  assert.equal(run.cmd, './bin/dcos-calico calico repair --joined --yes --marathon ops');
  assert.deepEqual(run.secrets, { account: { source: 'calico/cover' } });
  assert.deepEqual(run.env.DCOS_SERVICE_ACCOUNT_CREDENTIAL, { secret: 'account' });
});

test('the name of a Marathon stays one word of the job, whatever is in it', () => {
  const marathon = "o'ps; touch here $(touch there)";
  const words = execFileSync('/bin/sh', ['-c', `printf '%s\n' ${jobOf({ marathon }).run.cmd}`], {
    encoding: 'utf8',
  });
  assert.deepEqual(words.split('\n').slice(-3), ['--marathon', marathon, '']);
});

test("an address that Mesos' fetcher would not unpack, or not take, is refused", () => {
  for (const plugin of [
    'https://files.example/plugin.tar',
    'https://files.example/plugin.zip?token=1',
    'https://files.example/',
    'https://files.example',
    'plugin.zip',
    "https://files.example/o'p.zip",
    'https://files.example/a b.zip',
  ])
    assert.throws(
      () => jobOf({ plugin }),
      (error) =>
        error instanceof UserError && error.problem.code === 'bad-plugin-address' && error.problem.exit === 2,
      plugin,
    );
});

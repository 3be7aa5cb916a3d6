// All tests on real hosts, in one process and on the same three hosts: `npm run test:hosts` (scripts/test-hosts.ts).
import { after, afterEach } from 'node:test';
import { measurements, takeDown } from './hosts.ts';
import { stopAll } from './step-task.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.stderr.write('\nTaking the hosts down ...\n');
    void takeDown().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  });
}

// Not after a part of a test: other parts of it run on other hosts at the same time.
afterEach((t) => {
  if ('fullName' in t && t.fullName === t.name) return stopAll();
});

after(async () => {
  await takeDown();
  for (const line of measurements()) console.log(`measured: ${line}`);
});

const parts = process.env.HOSTS_TESTS?.split(' ') ?? [
  'as-mesos',
  'install',
  'reboot',
  'changes',
  'uninstall',
  'conflicts',
  'two-tasks',
  'bus',
  'killed',
  'adopt',
  'life',
];
for (const part of parts) await import(`./${part}.ts`);

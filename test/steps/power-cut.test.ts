// A power cut takes what the file system had not written. So whatever is put in place is synced before, its directory after; and where a
// file is empty or half there all the same, the next run says so or mends it, as it mends what anybody else has done to it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { StepName } from '../../src/steps/state.ts';
import { assertSame, type Bench, type HostOptions, onHost, type Picture } from './bench.ts';
import { optionsWith } from './options.ts';

const options = optionsWith({
  etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' },
});
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };
const HOSTS: Record<StepName, HostOptions> = {
  'etcd-proxy': {},
  docker: { docker: { daemonJson: { debug: false } } },
  cni: {},
  libnetwork: { docker: { daemonJson: STORE } },
  node: { docker: { daemonJson: STORE } },
};
const STEPS = Object.keys(HOSTS) as StepName[];

/** Gone at a restart anyway, or the task's own. */
const PASSING = /^\/run\/|^\.\//;

for (const step of STEPS)
  test(`${step}: what is put in place is synced before, and its directory after`, () =>
    onHost(HOSTS[step], async (bench) => {
      await bench.giveTurn();
      bench.host.count();
      await bench.bring(step, { options });
      const operations = bench.host.counted().map((one) => one.replaceAll(bench.host.root, ''));
      bench.host.stopCounting();
      const renames = operations.flatMap((one, at) => {
        const [, from, to] = /^python os\.rename (\S+) (\S+)$/.exec(one) ?? [];
        return from && to && !PASSING.test(to) ? [{ at, from, to }] : [];
      });
      assert.ok(renames.length >= 2, `${renames.length} files were put in place`);
      for (const { at, from, to } of renames) {
        const opened = operations.lastIndexOf(`python open ${from}`, at);
        const between = operations.slice(opened, at);
        // Of a link there is nothing to sync but its directory.
        if (opened >= 0) assert.ok(between.includes('python os.fsync'), `${to} is not synced`);
        // What is fetched gets its mode in between.
        const after = operations.slice(at + 1, at + 3).filter((one) => !one.startsWith('python os.chmod'));
        assert.equal(after[0], 'python os.fsync', `the directory of ${to} is not synced`);
      }
    }));

/** Held against their sum as they come, synced, and compared with from then on; the name that the node once got; etcd's own. */
const NOT_JUDGED = /^\/var\/lib\/dcos-calico\/(artifacts\/|node-name$|etcd-proxy\/proxy\/)/;

/** Written by the step, and read by it or by what it starts. */
function written(before: Picture, after: Picture): string[] {
  return Object.keys(after).filter(
    (path) =>
      after[path] !== before[path] &&
      /^[67]\d\d /.test(after[path]!) &&
      !PASSING.test(path) &&
      !NOT_JUDGED.test(path),
  );
}

/** What a step has noted for itself is written anew by each run. */
const withoutNotes = (picture: Picture) =>
  Object.fromEntries(
    Object.entries(picture).filter(([path]) => !/^\/var\/lib\/dcos-calico\/(steps|backup)/.test(path)),
  );

const CUTS: Record<string, (content: Buffer) => Buffer> = {
  empty: () => Buffer.alloc(0),
  'half there': (content) => content.subarray(0, Math.ceil(content.length / 2)),
};

async function mended(bench: Bench, step: StepName, path: string, cut: (content: Buffer) => Buffer) {
  const wanted = withoutNotes(bench.picture());
  const file = bench.host.path(path);
  const whole = readFileSync(file);
  writeFileSync(file, cut(whole));
  const task = bench.run(step, { options });
  const { state, reason } = await task.until((status) => ['ready', 'failed'].includes(status.state));
  await task.stop();
  assert.doesNotMatch(task.file('stdout') + task.file('stderr'), /Traceback/, path);
  if (path === '/etc/docker/daemon.json') {
    // Not ours alone: what is no JSON is left alone, and said; what is empty holds nothing that could be kept.
    if (cut === CUTS.empty) assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), STORE);
    else assert.match(`${state}: ${reason}`, /^failed: .*daemon\.json/);
    writeFileSync(file, whole);
    return;
  }
  assert.equal(state, 'ready', `${path}: ${reason}`);
  assertSame(withoutNotes(bench.picture()), wanted);
}

for (const step of STEPS)
  for (const [how, cut] of Object.entries(CUTS))
    test(`${step}: each of its files is ${how} after a power cut`, () =>
      onHost(HOSTS[step], async (bench) => {
        const before = bench.picture();
        await bench.giveTurn();
        await bench.bring(step, { options });
        const paths = written(before, bench.picture());
        assert.ok(paths.length >= 2, paths.join());
        for (const path of paths) await mended(bench, step, path, cut);
      }));

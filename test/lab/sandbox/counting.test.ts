// A task killed at each of its operations: numbers that do not change, and a host as it was at that point.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Host } from '../../../src/lab/sandbox/host.ts';
import { SandboxTask } from '../../../src/lab/sandbox/sandbox-task.ts';
import { prepareTools } from '../../../src/lab/sandbox/tools.ts';
import { onHost } from './on-host.ts';

const CMD = `
R=$DCOS_CALICO_ROOT; PATH=$R/usr/sbin:$R/usr/bin
mkdir -p "$R/x" && touch "$R/x/a" && mv "$R/x/a" "$R/x/b"
docker run -d --name c app:1 >/dev/null
"$R/opt/mesosphere/bin/python3" -ISB - <<'END'
import os, subprocess
R = os.environ['DCOS_CALICO_ROOT']
with open(R + '/x/c', 'w') as file:
    file.write('whole')
    file.flush()
    os.fsync(file.fileno())
os.rename(R + '/x/c', R + '/x/d')
subprocess.call(['rm', R + '/x/b'])
END
`;

let tasks = 0;
function run(host: Host, shell: readonly string[]): Promise<string | number | null> {
  return new Promise((resolve) => {
    new SandboxTask({
      directory: join(host.root, 'tmp', String(tasks++), 'run'),
      cmd: CMD,
      env: { PATH: '/usr/bin:/bin', ...host.environment },
      shell,
      exited: ({ code, signal }) => resolve(signal ?? code),
    });
  });
}

function found(host: Host): string {
  const files = ['a', 'b', 'c', 'd'].filter((name) => existsSync(host.path(`/x/${name}`)));
  return [
    ...files.map((name) => `${name}${readFileSync(host.path(`/x/${name}`), 'utf8') ? '=whole' : ''}`),
    ...(host.machine.engine.find('c') ? ['container'] : []),
  ].join(' ');
}

const AFTER_EACH = [
  ['mkdir', ''],
  ['touch', 'a'],
  ['mv', 'b'],
  ['docker', 'b container'],
  ['python open', 'b c container'],
  ['python os.fsync', 'b c=whole container'],
  ['python os.rename', 'b d=whole container'],
  ['rm', 'd=whole container'],
] as const;

test('every operation has its number, and is the last thing done, or the first not done', async () => {
  const { real } = await prepareTools();
  const shells = [['/bin/sh'], [real.get('bash')!]];
  await onHost({}, async ({ host }) => {
    const reset = () => {
      rmSync(host.path('/x'), { recursive: true, force: true });
      host.machine.engine.containers = [];
    };
    for (const shell of shells) {
      reset();
      host.count();
      assert.equal(await run(host, shell), 0);
      const counted = host.counted();
      assert.deepEqual(
        counted.map((line) => AFTER_EACH.find(([what]) => line.startsWith(what))?.[0]),
        AFTER_EACH.map(([what]) => what),
      );
    }
    for (const [i, [, state]] of AFTER_EACH.entries()) {
      for (const when of ['before', 'after'] as const) {
        reset();
        host.count({ n: i + 1, when });
        assert.equal(await run(host, shells[0]!), 'SIGKILL');
        assert.equal(host.counted().length, i + 1);
        const before = AFTER_EACH[i - 1]?.[1] ?? '';
        // What Python has in its buffer reaches the file at the flush, which is between two operations.
        const expected =
          when === 'after' ? state : AFTER_EACH[i]![0] === 'python os.fsync' ? 'b c=whole container' : before;
        assert.equal(found(host), expected, `${when} ${i + 1}`);
      }
    }
    reset();
    host.stopCounting();
    assert.equal(await run(host, shells[0]!), 0);
    assert.equal(found(host), 'd=whole container');
  });
});

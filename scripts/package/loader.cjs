// What a packaged program starts with; the program itself is an ordinary file, `lib/dcos-calico.cjs`. Compiling it is most of a
// start, so the compiled code is kept, and this comes first: code that runs before the cache is there is compiled each time.
// The cache lies beside the program, as the usual place (/tmp) is one where others could leave theirs.
const nodeModule = require('node:module');
const { basename, dirname, join } = require('node:path');

// `dcos` asks every plugin for this line when it shows its own help.
if (process.argv[2] === 'calico' && process.argv[3] === '--info') {
  process.stdout.write('Puts the Calico network on every agent of the cluster\n');
} else {
  const program = join(dirname(process.execPath), '..', 'lib', 'dcos-calico.cjs');
  // The lab starts the program again as node would be: with the program's path.
  if (basename(process.argv[2] ?? '') === 'dcos-calico.cjs') process.argv.splice(2, 1);
  process.argv[1] = program;
  // And it would take the options inside this executable for words of its own.
  process.execArgv.length = 0;
  nodeModule.enableCompileCache({ directory: join(dirname(program), 'compiled'), portable: true });
  nodeModule.runMain();
}

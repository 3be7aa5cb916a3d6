// The program's entry. `dcos` calls it as `dcos-calico calico COMMAND …`.
import nodeModule from 'node:module';

// Node has it from 22.8 on, and only newer ones are tried: the zips bring their own, a checkout its pinned one.
if (!nodeModule.enableCompileCache) {
  process.stderr.write(`dcos calico needs Node 24 or later; this is ${process.version}\n`);
  process.exit(2);
}
nodeModule.enableCompileCache();

// `dcos` shows this line in its own help and asks every plugin for it, so it must cost nothing.
if (process.argv[2] === 'calico' && process.argv[3] === '--info') {
  process.stdout.write('Puts the Calico network on every agent of the cluster\n');
} else if (require.main === module) {
  void (require('./cli/run.ts') as typeof import('./cli/run.ts')).run(process.argv.slice(2));
}

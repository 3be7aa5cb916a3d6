// The program's entry. `dcos` calls it as `dcos-calico calico COMMAND …`.
import { enableCompileCache } from 'node:module';

enableCompileCache();

// `dcos` shows this line in its own help and asks every plugin for it, so it must cost nothing.
if (process.argv[2] === 'calico' && process.argv[3] === '--info') {
  process.stdout.write('Puts the Calico network on every agent of the cluster\n');
} else if (require.main === module) {
  void (require('./cli/run.ts') as typeof import('./cli/run.ts')).run(process.argv.slice(2));
}

export { COMMANDS } from 'virtual:commands';

// The program as it is shipped, run against a cluster.
import { buildBundle as built } from '../bundle.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Bundle {
  /** `dcos calico ARGS…` against `url`. `onStdout` sees what is printed as it comes. */
  run(
    url: string,
    args: string[],
    onStdout?: (soFar: string, kill: () => void) => void,
    token?: string,
  ): Promise<Ran>;
  path: string;
  remove(): void;
}

export function buildBundle(): Bundle {
  const { path, remove, start } = built();
  return {
    path,
    remove,
    run: async (url, args, onStdout, token = 'token-of-the-test') => {
      const { process, ended } = start(args, { DCOS_URL: url, DCOS_ACS_TOKEN: token });
      let soFar = '';
      process.stdout!.on('data', (part) => {
        soFar += part;
        onStdout?.(soFar, () => process.kill('SIGINT'));
      });
      const { exit, stdout, stderr } = await ended;
      return { code: exit, stdout, stderr };
    },
  };
}

// The job of Metronome, DC/OS's own scheduler of jobs, that covers agents which joined: this plugin itself, fetched and run on some agent.
import { EXIT, UserError } from '../errors.ts';

export interface CoverRequest {
  /** Where the plugin's zip for Linux is, for the agents. */
  plugin: string;
  /** Minutes between two runs. */
  every: number;
  /** Path of the service account's secret (DC/OS Enterprise); undefined: the cluster asks for no login. */
  secret?: string;
  marathon: string;
}

/** On agents of DC/OS Enterprise: what they trust themselves. */
const AUTHORITY = '/run/dcos/pki/CA/ca-bundle.crt';

/** Metronome gives a command to a shell. */
function oneWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Mesos' fetcher unpacks by the end of the address, a query included, and takes no backslash nor quote in it (apache/mesos,
 * src/launcher/fetcher.cpp `extract`, src/slave/containerizer/fetcher.cpp `Fetcher::basename`).
 */
function assertUnpacked(plugin: string): void {
  const why = !/^(https?|ftps?|hdfs|s3n?):\/\/[^/]+\/.+/.test(plugin)
    ? 'it is no address with a path that the agents can fetch from'
    : /[\\'\s]/.test(plugin)
      ? 'Mesos takes no backslash, no quote and no space in it'
      : plugin.endsWith('.zip')
        ? undefined
        : 'Mesos unpacks what it fetches only where the address itself ends in .zip';
  if (why === undefined) return;
  throw new UserError({
    code: 'bad-plugin-address',
    what: `--plugin ${plugin} cannot be used`,
    why,
    remedy: ['--plugin https://files.example/dcos-calico-linux-x64.zip'],
    exit: EXIT.usage,
  });
}

/**
 * What `dcos job add` takes, on DC/OS 1.10 and later: the Metronome of 1.9 (0.3.6) knows neither `FORBID` nor secrets
 * (dcos/metronome, api/src/main/resources/public/api/v1/schema).
 *
 * @throws {UserError} `bad-plugin-address`
 */
export function coverJob({ plugin, every, secret, marathon }: CoverRequest): Record<string, unknown> {
  assertUnpacked(plugin);
  const run = ['./bin/dcos-calico', 'calico', 'repair', '--joined', '--yes'];
  return {
    id: 'calico-cover',
    description: 'Covers agents that joined the cluster with Calico (dcos calico options cover-job)',
    run: {
      cmd: [...run, ...(marathon === 'marathon' ? [] : ['--marathon', oneWord(marathon)])].join(' '),
      cpus: 0.2,
      mem: 256,
      disk: 400,
      // Unpacked it is too large to be fetched for each run.
      artifacts: [{ uri: plugin, extract: true, cache: true }],
      env: {
        // DC/OS's own name of the leading master, and its Admin Router.
        DCOS_URL: secret ? 'https://leader.mesos' : 'http://leader.mesos',
        ...(secret
          ? { DCOS_TLS_CA_PATH: AUTHORITY, DCOS_SERVICE_ACCOUNT_CREDENTIAL: { secret: 'account' } }
          : {}),
      },
      ...(secret ? { secrets: { account: { source: secret } } } : {}),
      maxLaunchDelay: 300,
      placement: { constraints: [] },
      // The next run is soon enough, and begins from what is there then.
      restart: { policy: 'NEVER' },
    },
    schedules: [
      {
        id: 'every',
        cron: every < 60 ? `*/${every} * * * *` : `0 */${Math.round(every / 60)} * * *`,
        timezone: 'UTC',
        concurrencyPolicy: 'FORBID',
        startingDeadlineSeconds: 300,
        enabled: true,
      },
    ],
  };
}

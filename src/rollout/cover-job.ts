// The job of Metronome, DC/OS's own scheduler of jobs, that covers agents which joined: this plugin itself, fetched and run on some agent.
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

/** What `dcos job add` takes. */
export function coverJob({ plugin, every, secret, marathon }: CoverRequest): Record<string, unknown> {
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

// What differs between Marathon's versions, as data: nothing else in this folder asks for a version number.
// Sources: recordings of 1.7.216 and 1.11.24; for the others mesosphere/marathon at their tags and its changelog.md.

export interface MarathonVersion {
  /** As `/v2/info` says it: `1.11.24`. */
  full: string;
  buildref: string;
  /** The app field `check` (changelog 1.8). */
  checks: boolean;
  /** `role` and `enforceRole` (changelog 1.9). Before, both are silently ignored. */
  roles: boolean;
  /**
   * Instances keep their identity: a task that ended is started again as the next attempt of its instance (1.8, "goals").
   * Before, an instance ends with its task and a new one takes its place.
   */
  goals: boolean;
  /**
   * Which old instances a restart counts before it kills some at once (TaskReplaceActor.computeRestartStrategy): `healthy`
   * from 1.9.128 on, so that nothing is replaced when all are unhealthy; `running` those with goal Running (1.8); `active` before.
   */
  restartCounts: 'active' | 'running' | 'healthy';
  /** Reasons of a 404 are followed by `details: []` where the resource says so itself (recorded: 1.7 not, 1.11 yes). */
  notFoundDetails: boolean;
  /** `pods` stands in every group, asked for or not (recorded: 1.7 not, 1.11 yes). */
  podsAlways: boolean;
  /**
   * Health results are there again after a new leader was elected: measured on 1.7.216 (yes) and 1.11.24 (no); between them
   * nobody measured, and they are taken to be like 1.11.
   */
  healthSurvivesFailover: boolean;
  /** `role` in `/v2/queue`. */
  queueRole: boolean;
  /** Apps have `networks` (1.5); before, `ipAddress`, and `null` wherever nothing is said (1.4: api/v2/json/Formats.scala). */
  networks: boolean;
  /** Of tasks, what is empty is left out, and times that are not yet are `null` (until 1.5: api/v2/json/Formats.scala). */
  sparseTasks: boolean;
  /** Default of `maxLaunchDelaySeconds` (docs/docs/rest-api/public/api/v2/types/app.raml). */
  maxLaunchDelaySeconds: number;
  /** Deployments that may run at once before a change is refused with 403 (`--max_running_deployments`, on all branches since 1.5). */
  maxRunningDeployments: number;
  /** Group versions kept (`--zk_max_versions`). */
  maxVersions: number;
}

const OLDEST: Omit<MarathonVersion, 'full' | 'buildref'> = {
  checks: false,
  roles: false,
  goals: false,
  restartCounts: 'active',
  notFoundDetails: false,
  podsAlways: false,
  healthSurvivesFailover: true,
  queueRole: false,
  networks: false,
  sparseTasks: true,
  maxLaunchDelaySeconds: 3600,
  maxRunningDeployments: Number.POSITIVE_INFINITY,
  maxVersions: 50,
};
const SINCE_1_5 = { ...OLDEST, networks: true, maxRunningDeployments: 100 };
const SINCE_1_6 = { ...SINCE_1_5, sparseTasks: false };
const SINCE_1_8 = {
  ...SINCE_1_6,
  maxLaunchDelaySeconds: 300,
  checks: true,
  goals: true,
  restartCounts: 'running' as const,
  healthSurvivesFailover: false,
};
const SINCE_1_9 = {
  ...SINCE_1_8,
  roles: true,
  queueRole: true,
  restartCounts: 'healthy' as const,
  notFoundDetails: true,
  podsAlways: true,
};

const VERSIONS: Record<string, MarathonVersion> = {
  '1.4': { ...OLDEST, full: '1.4.12', buildref: 'unknown' },
  '1.5': { ...SINCE_1_5, full: '1.5.12', buildref: 'unknown' },
  '1.6': { ...SINCE_1_6, full: '1.6.585', buildref: 'unknown' },
  '1.7': { ...SINCE_1_6, full: '1.7.216', buildref: '9e2a9b579b968a2664df03099b03eaf86ffc7efc' },
  '1.8': { ...SINCE_1_8, full: '1.8.242', buildref: 'unknown' },
  '1.9': { ...SINCE_1_9, full: '1.9.136', buildref: 'unknown' },
  '1.10': { ...SINCE_1_9, full: '1.10.17', buildref: 'unknown' },
  '1.11': { ...SINCE_1_9, full: '1.11.24', buildref: '9ee9f3cebb73b1885592a9d634279720bad823cf' },
};

/**
 * The version by its number, `1.7` or `1.7.216`. A full number is said as it is; 1.9 below 1.9.128 counts as 1.8 did.
 * Throws for a version that the lab does not know.
 */
export function marathonVersion(number: string): MarathonVersion {
  const [major, minor, patch] = number.split('.');
  const version = VERSIONS[`${major}.${minor}`];
  if (!version) throw new Error(`The lab knows no Marathon ${number}`);
  if (patch === undefined) return version;
  const early = minor === '9' && Number(patch) < 128;
  return { ...version, full: number, ...(early ? { restartCounts: 'running' as const } : {}) };
}

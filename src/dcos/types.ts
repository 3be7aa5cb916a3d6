// What the APIs of Marathon and Mesos answer, as far as this program reads it. Shapes: recordings in the conformance tests.

export type Constraint = [field: string, operator: string, value?: string];

export interface HealthCheck {
  protocol: 'COMMAND';
  command: { value: string };
  gracePeriodSeconds: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  delaySeconds?: number;
  maxConsecutiveFailures: number;
}

/** `check` of an app: Marathon ≥ 1.8 only; older ones ignore it in silence. */
export interface Check {
  exec: { command: { shell: string } };
  intervalSeconds: number;
  timeoutSeconds: number;
  delaySeconds: number;
}

/** An app as it is put. */
export interface AppDefinition {
  id: string;
  cmd: string;
  instances: number;
  cpus: number;
  mem: number;
  disk: number;
  user: string;
  role?: string;
  acceptedResourceRoles: string[];
  portDefinitions: { port: number; protocol: 'tcp'; name: string }[];
  requirePorts?: boolean;
  constraints: Constraint[];
  upgradeStrategy: { minimumHealthCapacity: number; maximumOverCapacity: number };
  unreachableStrategy: { inactiveAfterSeconds: number; expungeAfterSeconds: number };
  backoffSeconds: number;
  backoffFactor: number;
  maxLaunchDelaySeconds: number;
  taskKillGracePeriodSeconds: number;
  healthChecks: HealthCheck[];
  check?: Check;
  env: Record<string, string>;
}

/** A group as it is put. Apps that it does not name are deleted; subgroups stay if `groups` is not named. */
export interface GroupDefinition {
  id: string;
  enforceRole?: boolean;
  apps: AppDefinition[];
}

export interface HealthCheckResult {
  alive: boolean;
  consecutiveFailures: number;
  firstSuccess?: string;
  lastSuccess?: string;
  lastFailure?: string;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_ERROR'
  | 'TASK_GONE'
  | 'TASK_UNREACHABLE'
  | 'TASK_UNKNOWN';

export interface MarathonTask {
  id: string;
  appId: string;
  /** The agent's hostname: on DC/OS its address. */
  host?: string;
  slaveId?: string | null;
  state: TaskState;
  stagedAt?: string | null;
  startedAt?: string | null;
  /** Version of the app that it was launched from. */
  version: string;
  ports?: number[];
  checkResult?: { command?: { exitCode?: number } };
  /** Of its container: the agent's own, where it has no network of its own. */
  ipAddresses?: { ipAddress: string; protocol: string }[];
  healthCheckResults?: HealthCheckResult[];
}

export interface TaskFailure {
  appId: string;
  host: string;
  message: string;
  slaveId: string | null;
  state: TaskState;
  taskId: string;
  timestamp: string;
  version: string;
}

/** An app as it is read. */
export interface MarathonApp extends Omit<AppDefinition, 'check'> {
  check?: Check;
  version: string;
  versionInfo?: { lastScalingAt: string; lastConfigChangeAt: string };
  labels?: Record<string, string>;
  tasksStaged?: number;
  tasksRunning?: number;
  tasksHealthy?: number;
  tasksUnhealthy?: number;
  deployments?: { id: string }[];
  tasks?: MarathonTask[];
  lastTaskFailure?: TaskFailure;
}

export interface MarathonGroup {
  id: string;
  version?: string;
  apps: MarathonApp[];
  groups?: MarathonGroup[];
}

export interface MarathonDeployment {
  id: string;
  version: string;
  affectedApps: string[];
  /** What it does at this moment: `ScaleApplication`, `StopApplication`, … */
  currentActions?: { action: string; app?: string }[];
  currentStep: number;
  totalSteps: number;
}

export interface MarathonInfo {
  name: string;
  version: string;
  frameworkId: string | null;
  leader: string | null;
}

export interface QueueItem {
  count: number;
  app?: { id: string };
  delay: { timeLeftSeconds: number; overdue: boolean };
  since: string;
  processedOffersSummary?: {
    processedOffersCount: number;
    unusedOffersCount: number;
    rejectSummaryLastOffers: { reason: string; declined: number; processed: number }[];
  };
  lastUnusedOffers?: { offer: { hostname: string; agentId: string }; reason: string[]; timestamp: string }[];
}

/** Scalars are floats; `ports` is a text as `[1025-2180, 2182-3887]`, left out when empty. */
export interface MesosResources {
  cpus: number;
  mem: number;
  disk: number;
  gpus?: number;
  ports?: string;
}

/** An agent as `/slaves` and `/state-summary` list it. */
export interface MesosAgent {
  id: string;
  hostname: string;
  port: number;
  pid: string;
  active: boolean;
  /** Mesos ≥ 1.9. */
  deactivated?: boolean;
  drain_info?: { state: string };
  attributes: Record<string, string | number>;
  version: string;
  registered_time: number;
  reregistered_time?: number;
  resources: MesosResources;
  used_resources: MesosResources;
  reserved_resources: Record<string, MesosResources>;
  unreserved_resources: MesosResources;
  /** Only in `/slaves`: what is in use, told apart by role. */
  used_resources_full?: { name: string; role: string; scalar?: { value: number } }[];
}

// What an agent told of itself, read from the report of its preflight task (src/steps/preflight). It comes from a host: what is not
// as it should be is left out, and never believed.
import { STEP_NAMES, type StepName } from '../steps/state.ts';

export interface StepLook {
  state: string;
  reason: string;
  /** What the step would do, each a sentence. */
  would: string[];
  needs: string[];
}

/** One of Docker's keys of ours in daemon.json: text, or options of the store. */
export type DockerKeys = Record<string, unknown>;

export interface DockerFacts {
  answers: boolean;
  why: string;
  version: string;
  onDisk: string;
  /** What the engine says that it uses; '' none. */
  store: string;
  /** The store that its unit gives it as a flag. */
  flag: string;
  /** Stores that the docker step has set here for these options or earlier ones. */
  own: string[];
  file: string;
  /** Whether daemon.json is there, and whether it is JSON. */
  there: boolean;
  valid: boolean;
  before: DockerKeys;
  after: DockerKeys | undefined;
  /** Names of the file's other keys. */
  others: string[];
  pending: string[];
  swarm: string;
  liveRestore: boolean;
}

export interface Container {
  name: string;
  image: string;
  /** Mesos' and Marathon's names of it, where it is a task. */
  task: string;
  app: string;
  ours: boolean;
}

export interface HostFacts {
  host: string;
  /** Why it could not look at all; then there is nothing else. */
  failure: string;
  steps: Partial<Record<StepName, StepLook>>;
  /** What could not be seen, by name, with why. */
  unknown: Record<string, string>;
  missingTools: string[];
  python: string;
  /** Why systemd does not answer; '': it does. */
  bus: string;
  systemdVersion: number;
  native: boolean;
  modulesMissing: string[];
  optionalMissing: string[];
  cgroups: string;
  iptables: string;
  rpFilter: number;
  /** MiB; undefined: not told. */
  memory: number | undefined;
  /** MiB free by directory. */
  disk: Record<string, number>;
  networks: string[];
  /** Seconds ahead of the master. */
  clock: number | undefined;
  docker: DockerFacts | undefined;
  containers: { count: number; running: Container[] };
  /** Who listens, by port. */
  ports: Record<string, string>;
  etcd: { url: string; answers: boolean; what: string }[];
  pools: string[];
  /** Where the Mesos agent looks for CNI, if not where the options put it. */
  cniElsewhere: string;
  cniSameName: string[];
  earlier: { containers: string[]; units: string[]; files: string[]; kernel: string[] };
}

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => list(value).filter((one) => typeof one === 'string');
const figure = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function only<T>(values: Fields, read: (value: unknown) => T | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const known = read(value);
      return known === undefined ? [] : [[name, known] as const];
    }),
  );
}

function dockerOf(value: unknown): DockerFacts | undefined {
  if (value === undefined) return undefined;
  const said = fields(value);
  return {
    answers: said.answers === true,
    why: text(said.why),
    version: text(said.version),
    onDisk: text(said.onDisk),
    store: text(said.store),
    flag: text(said.flag),
    own: texts(said.own),
    file: text(said.file),
    there: said.there === true,
    valid: said.valid !== false,
    before: fields(said.before),
    after: said.after === undefined ? undefined : fields(said.after),
    others: texts(said.others),
    pending: texts(said.pending),
    swarm: text(said.swarm),
    liveRestore: said.liveRestore === true,
  };
}

function containerOf(value: unknown): Container {
  const said = fields(value);
  return {
    name: text(said.name),
    image: text(said.image),
    task: text(said.task),
    app: text(said.app),
    ours: said.ours === true,
  };
}

function stepsOf(value: unknown): HostFacts['steps'] {
  const said = fields(value);
  return Object.fromEntries(
    STEP_NAMES.filter((step) => said[step] !== undefined).map((step) => {
      const look = fields(said[step]);
      const one: StepLook = {
        state: text(look.state),
        reason: text(look.reason),
        would: texts(look.would),
        needs: texts(look.needs),
      };
      return [step, one];
    }),
  );
}

/** What the agent at `host` told, from its `status.json`; undefined if that is no such report. */
export function readHostFacts(host: string, report: unknown): HostFacts | undefined {
  const { state, reason, found: said, detail: more } = fields(report);
  if (typeof state !== 'string') return undefined;
  const found = fields(said);
  const detail = fields(more);
  const tools = fields(found.tools);
  const systemd = fields(found.systemd);
  const kernel = fields(found.kernel);
  const etcd = fields(found.etcd);
  const cni = fields(found.cni);
  const earlier = fields(found.earlier);
  const containers = fields(found.containers);
  return {
    host,
    failure: Object.keys(found).length === 0 && state === 'failed' ? text(reason) : '',
    steps: stepsOf(detail.steps),
    unknown: only(fields(detail.unknown), text),
    missingTools: texts(tools.missing),
    python: text(tools.python),
    bus: text(systemd.why),
    systemdVersion: figure(systemd.version) ?? 0,
    native: found.native === true,
    modulesMissing: texts(kernel.missing),
    optionalMissing: texts(kernel.lacks),
    cgroups: text(found.cgroups),
    iptables: text(found.iptables),
    rpFilter: figure(found.rpFilter) ?? 0,
    memory: figure(found.memory),
    disk: only(fields(found.disk), figure),
    networks: texts(found.networks),
    clock: figure(found.clock),
    docker: dockerOf(found.docker),
    containers: {
      count: figure(containers.count) ?? 0,
      running: list(containers.running).map(containerOf),
    },
    ports: only(fields(found.ports), text),
    etcd: list(etcd.asked).map((one) => {
      const { url, answers, what } = fields(one);
      return { url: text(url), answers: answers === true, what: text(what) };
    }),
    pools: texts(etcd.pools),
    cniElsewhere: text(cni.elsewhere),
    cniSameName: texts(cni.sameName),
    earlier: {
      containers: texts(earlier.containers),
      units: texts(earlier.units),
      files: texts(earlier.files),
      kernel: texts(earlier.kernel),
    },
  };
}

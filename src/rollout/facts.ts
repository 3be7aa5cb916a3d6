// What preflight's checks look at, read all at once; a missing permission is a finding, not the end.
import type { Answered, Facts, Finding } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { SrvRecord } from '../dcos/shapes.ts';
import type { DcosVersion } from '../dcos/version.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { tightAgents } from '../plan/tight.ts';
import type { Plan } from '../plan/types.ts';
import { readCluster, type Snapshot } from './cluster.ts';
import { nativeCalico } from './native-calico.ts';

export interface Read {
  snapshot: Snapshot;
  dcos: DcosVersion;
  packages: Facts['packages'];
}

/** Everything that does not depend on the options. Or the findings of the permissions that are missing for it. */
export async function readAll(
  cluster: Cluster,
  signal?: AbortSignal,
): Promise<{ read: Read } | { forbidden: Finding[] }> {
  const [dcos, snapshot, packages] = await Promise.allSettled([
    cluster.version(signal),
    readCluster(cluster, signal),
    answered(() => cluster.marathon.packages(signal)),
  ]);
  const errors = [dcos, snapshot, packages].flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const other = errors.find((error) => !isForbidden(error));
  if (other) throw other;
  if (errors.length > 0) return { forbidden: (errors as UserError[]).map(finding) };
  return {
    read: {
      dcos: (dcos as PromiseFulfilledResult<DcosVersion>).value,
      snapshot: (snapshot as PromiseFulfilledResult<Snapshot>).value,
      packages: (packages as PromiseFulfilledResult<Facts['packages']>).value,
    },
  };
}

function isForbidden(error: unknown): error is UserError {
  return error instanceof UserError && error.problem.code === 'forbidden';
}

/** What cannot be done without is missing. */
function finding({ problem }: UserError): Finding {
  return {
    code: 'CAL1008',
    title: 'Permissions',
    severity: 'stops',
    what: problem.why ? `${problem.what}: ${problem.why}` : problem.what,
    agents: [],
    remedy: problem.remedy ?? [],
  };
}

/** An answer that can be done without: why there is none is kept. A login that is over is not such a thing. */
async function answered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
    const { what, data } = error.problem;
    const permissions = data?.permissions;
    return { unknown: what, ...(Array.isArray(permissions) ? { forbidden: permissions.map(String) } : {}) };
  }
}

/** The records that the proxy would look for; undefined when the options name etcd otherwise. */
async function etcdRecords(
  cluster: Cluster,
  { etcd }: Options,
  signal?: AbortSignal,
): Promise<Answered<SrvRecord[]> | undefined> {
  if (!etcd['run-proxy'] || etcd['proxy-endpoints'].length > 0) return undefined;
  return answered(() => cluster.dns.srv(`_etcd-server._tcp.${etcd['etcd-discovery-url']}`, signal));
}

/** DC/OS Enterprise alone has security modes, and says which to whoever may read it. */
async function securityOf(
  cluster: Cluster,
  dcos: DcosVersion,
  signal?: AbortSignal,
): Promise<Answered<string> | undefined> {
  if (dcos.variant !== 'enterprise') return undefined;
  const path = '/dcos-metadata/bootstrap-config.json';
  const shape = {
    expects: 'the security mode',
    read: (json: unknown) => String((json as { security?: unknown } | null)?.security ?? ''),
  };
  return answered(() => cluster.http.json({ path, signal }, shape));
}

/** @param more what the agents told, and what an upgrade would bring */
export async function factsFor(
  cluster: Cluster,
  { dcos, snapshot, packages }: Read,
  options: Options,
  plan: Plan,
  signal?: AbortSignal,
  more: Pick<Facts, 'hosts' | 'forDcos' | 'forDocker'> = {},
): Promise<Facts> {
  const [records, security, native] = await Promise.all([
    etcdRecords(cluster, options, signal),
    securityOf(cluster, dcos, signal),
    nativeCalico(cluster, dcos.version, snapshot.agents, signal),
  ]);
  return {
    dcosVersion: dcos.version,
    marathonVersion: snapshot.info.version,
    ...(native ? { nativeCalico: native } : {}),
    options,
    agents: snapshot.agents,
    unfit: plan.leftOut.map(({ agent, kind, reason }) => ({ host: agent.host, kind, reason })),
    installed: snapshot.installed !== undefined,
    etcdRecords: records,
    packages,
    ...(security ? { security } : {}),
    tight: tightAgents(plan, snapshot.agents, snapshot.group),
    reserved: plan.numbers,
    ...(plan.refusal ? { refusal: plan.refusal } : {}),
    ...more,
  };
}

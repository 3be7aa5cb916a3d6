// Whether DC/OS's own Calico is on, as the agents' flags tell. DC/OS 2.1.0 and 2.1.1 always run it; from 2.1.2 on `calico_enabled: false`
// turns it off (COPS-6451). No route of Admin Router says which: its package is on the masters either way. But where it is on, each agent's
// Mesos looks for plugins in that package too (dcos/dcos 2.2.1, gen/dcos-config.yaml, MESOS_NETWORK_CNI_PLUGINS_DIR).
import type { Answered, NativeCalico } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { MesosAgent } from '../dcos/types.ts';
import { isAtLeast, parseVersion } from '../dcos/version.ts';
import { UserError } from '../errors.ts';
import { agentType } from '../plan/agent-type.ts';

const ITS_PLUGINS = '/opt/mesosphere/active/calico/cni';
/** The configuration of DC/OS is one for all; an upgrade that is under way goes agent by agent. Each agent says it again when it is asked. */
const ASKED = { private: 3, public: 2 };

/** Undefined: this version of DC/OS has none. */
export async function nativeCalico(
  { mesos }: Pick<Cluster, 'mesos'>,
  dcos: string,
  agents: readonly MesosAgent[],
  signal?: AbortSignal,
): Promise<Answered<NativeCalico> | undefined> {
  const version = parseVersion(dcos);
  if (!version || !isAtLeast(version, '2.1')) return undefined;
  const active = agents.filter((agent) => agent.active);
  const asked = (['private', 'public'] as const).flatMap((type) =>
    active.filter((agent) => agentType(agent) === type).slice(0, ASKED[type]),
  );
  const answers = await Promise.all(asked.map((agent) => searches(mesos, agent, signal)));
  const told = answers.filter((one) => 'value' in one);
  if (told.length > 0) {
    const on = told.filter(({ value }) => value.path.split(':').includes(ITS_PLUGINS));
    return { value: { on: on.map(({ value }) => value.host), asked: told.length } };
  }
  const [first] = answers;
  return first && 'unknown' in first ? first : { unknown: 'No agent could be asked' };
}

/** Where an agent's Mesos looks for plugins of CNI. */
async function searches(
  mesos: Cluster['mesos'],
  { id, hostname }: MesosAgent,
  signal?: AbortSignal,
): Promise<Answered<{ host: string; path: string }>> {
  try {
    const flags = await mesos.flags(id, signal);
    const path = flags?.network_cni_plugins_dir;
    if (path === undefined) return { unknown: `${hostname} does not say where it looks for plugins of CNI` };
    return { value: { host: hostname, path } };
  } catch (error) {
    if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
    const permissions = error.problem.data?.permissions;
    return {
      unknown: error.problem.what,
      ...(Array.isArray(permissions) ? { forbidden: permissions.map(String) } : {}),
    };
  }
}

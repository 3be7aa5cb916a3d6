// DC/OS versions as data: what each ships, and what of it shows in the answers of its APIs.
// Sources: dcos/dcos, packages/{mesos,marathon,etcd,calico}/buildinfo.json at the tag of each version.
import type { DcosVersion } from './types.ts';

export interface Versions {
  /** `version` of `/dcos-metadata/dcos-version.json`. */
  dcos: string;
  mesos: string;
  marathon: string;
  /** `dcos-variant` stands in `dcos-version.json` (dcos/dcos ≥ 1.12). */
  variant: boolean;
  /** The login of DC/OS ≥ 1.13 is Bouncer, which has `/acs/api/v1/auth/providers`; before it was dcos-oauth, which has not. */
  bouncer: boolean;
  /** etcd and Calico come with DC/OS. */
  nativeCalico: boolean;
  /** `deactivated` and draining of agents (Mesos ≥ 1.9). */
  draining: boolean;
  /** `domain` of agents (Mesos ≥ 1.5), where one is configured. */
  domain: boolean;
  /** `slave_id`, `framework_id` and `task_id` of the query filter (Mesos ≥ 1.4). */
  filters: boolean;
  /** Sandboxes by a path of ids, `/frameworks/…/executors/…/runs/latest` (Mesos ≥ 1.5, MESOS-7899). */
  virtualPaths: boolean;
  /** `--network_cni_plugins_dir` of the agents (dcos/dcos, gen/dcos-config.yaml). */
  cniPluginsDir: string;
  /** What an agent of this version says of itself. */
  capabilities: string[];
  /** Pings that an agent may leave unanswered, 15 s each, before the master gives it up. */
  maxPingTimeouts: number;
}

const ROLES = ['MULTI_ROLE'];
const REFINED = [...ROLES, 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];
const PROVIDER = [...REFINED, 'RESOURCE_PROVIDER'];
const RESIZE = [...PROVIDER, 'RESIZE_VOLUME'];
const FEEDBACK = [...RESIZE, 'AGENT_OPERATION_FEEDBACK'];
const DRAINING = [...FEEDBACK, 'AGENT_DRAINING'];
const LIMITS = [...DRAINING, 'TASK_RESOURCE_LIMITS'];

const SINCE_1_10 =
  '/opt/mesosphere/active/cni/:/opt/mesosphere/active/dcos-cni/:/opt/mesosphere/active/mesos/libexec/mesos';
const OWN_CALICO = ':/opt/mesosphere/active/calico/cni';
const SINCE_2_1 = `${SINCE_1_10}${OWN_CALICO}`;

function versions(
  dcos: string,
  mesos: string,
  marathon: string,
  capabilities: string[],
  more: Partial<Versions> = {},
): Versions {
  return {
    dcos,
    mesos,
    marathon,
    capabilities,
    variant: true,
    bouncer: true,
    nativeCalico: false,
    draining: false,
    domain: true,
    filters: true,
    virtualPaths: true,
    cniPluginsDir: SINCE_1_10,
    // dcos/dcos gen/dcos-config.yaml, MESOS_MAX_SLAVE_PING_TIMEOUTS: the same in all of them.
    maxPingTimeouts: 20,
    ...more,
  };
}

export const VERSIONS: Record<DcosVersion, Versions> = {
  '1.9': versions('1.9.10', '1.2.3', '1.4.12', ROLES, {
    variant: false,
    bouncer: false,
    domain: false,
    filters: false,
    virtualPaths: false,
    cniPluginsDir: '/opt/mesosphere/active/cni/',
  }),
  '1.10': versions('1.10.11', '1.4.3', '1.5.12', REFINED, {
    variant: false,
    bouncer: false,
    domain: false,
    virtualPaths: false,
  }),
  '1.11': versions('1.11.12', '1.5.3', '1.6.585', PROVIDER, { variant: false, bouncer: false }),
  '1.12': versions('1.12.5', '1.7.3', '1.7.216', RESIZE, { bouncer: false }),
  '1.13': versions('1.13.9', '1.8.2', '1.8.242', FEEDBACK),
  '2.0': versions('2.0.6', '1.9.1', '1.9.136', DRAINING, { draining: true }),
  '2.1': versions('2.1.0', '1.10.1', '1.10.17', DRAINING, {
    draining: true,
    nativeCalico: true,
    cniPluginsDir: SINCE_2_1,
  }),
  '2.2': versions('2.2.1', '1.11.1', '1.11.23', LIMITS, {
    draining: true,
    nativeCalico: true,
    cniPluginsDir: SINCE_2_1,
  }),
};

/** Turned off, DC/OS's own Calico leaves its package behind, and no agent looks there. 2.1.0 cannot turn it off. */
export function versionsOf(dcos: DcosVersion, nativeCalico = true): Versions {
  const versions = VERSIONS[dcos];
  return nativeCalico || dcos === '2.1'
    ? versions
    : { ...versions, cniPluginsDir: versions.cniPluginsDir.replace(OWN_CALICO, '') };
}

export const DEFAULT_VERSION: DcosVersion = '2.0';

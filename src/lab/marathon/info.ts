// /v2/info (recorded of 1.7.216 and 1.11.24, as DC/OS starts Marathon).
import type { MarathonVersion } from './versions.ts';

const CONFIG = {
  access_control_allow_origin: null,
  checkpoint: true,
  decline_offer_duration: 300_000,
  default_network_name: 'dcos',
  env_vars_prefix: null,
  executor: '//cmd',
  failover_timeout: 604_800,
  features: ['vips', 'task_killing'],
  framework_name: 'marathon',
  ha: true,
  launch_token: 100,
  launch_token_refresh_interval: 30_000,
  leader_proxy_connection_timeout_ms: 5000,
  leader_proxy_read_timeout_ms: 10_000,
  local_port_max: 20_000,
  local_port_min: 10_000,
  master: 'zk://zk-1.zk:2181,zk-2.zk:2181,zk-3.zk:2181,zk-4.zk:2181,zk-5.zk:2181/mesos',
  max_instances_per_offer: 100,
  mesos_bridge_name: 'mesos-bridge',
  mesos_heartbeat_failure_threshold: 5,
  mesos_heartbeat_interval: 15_000,
  mesos_leader_ui_url: '/mesos',
  mesos_role: 'slave_public',
  mesos_user: 'root',
  min_revive_offers_interval: 5000,
  offer_matching_timeout: 3000,
  on_elected_prepare_timeout: 180_000,
  reconciliation_initial_delay: 15_000,
  reconciliation_interval: 600_000,
  scale_apps_initial_delay: 15_000,
  scale_apps_interval: 300_000,
  store_cache: true,
  task_launch_confirm_timeout: 300_000,
  task_launch_timeout: 86_400_000,
  task_lost_expunge_initial_delay: 300_000,
  task_lost_expunge_interval: 30_000,
  task_reservation_timeout: 20_000,
  webui_url: null,
};

const ZOOKEEPER = {
  zk: 'zk://zk-1.zk:2181,zk-2.zk:2181,zk-3.zk:2181,zk-4.zk:2181,zk-5.zk:2181/marathon',
  zk_compression: true,
  zk_compression_threshold: 65_536,
  zk_connection_timeout: 10_000,
  zk_max_node_size: 1_024_000,
  zk_max_versions: 50,
  zk_session_timeout: 10_000,
  zk_timeout: 10_000,
};

/** `leader`: address and port of the leading Marathon. */
export function renderInfo(
  version: MarathonVersion,
  leader: string,
  frameworkId: string,
): Record<string, unknown> {
  const [hostname, port] = leader.split(':');
  return {
    name: 'marathon',
    version: version.full,
    buildref: version.buildref,
    elected: true,
    leader,
    frameworkId,
    marathon_config: {
      ...CONFIG,
      hostname,
      ...(version.roles
        ? { new_group_enforce_role: 'Top', maintenance_mode: true }
        : { revive_offers_for_new_apps: true, revive_offers_repetitions: 3 }),
      ...(version.checks ? {} : { features: [...CONFIG.features, 'external_volumes'] }),
    },
    zookeeper_config: ZOOKEEPER,
    http_config: { http_port: Number(port), https_port: 8443 },
  };
}

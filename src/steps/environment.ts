// What several steps' environments share.
import type { EtcdOptions, Options } from '../options/types.ts';
import type { StepMode } from './state.ts';

export function modeEnvironment(mode: StepMode): Record<string, string> {
  return { DCOS_CALICO_MODE: mode };
}

function tlsEnvironment(etcd: EtcdOptions): Record<string, string> {
  return {
    DCOS_CALICO_ETCD_CA_FILE: etcd['ca-file'],
    DCOS_CALICO_ETCD_CERT_FILE: etcd['cert-file'],
    DCOS_CALICO_ETCD_KEY_FILE: etcd['key-file'],
  };
}

/** Where and how a step reaches etcd. */
export function etcdEnvironment({ etcd }: Options): Record<string, string> {
  return { DCOS_CALICO_ETCD_ENDPOINTS: etcd['etcd-endpoints'], ...tlsEnvironment(etcd) };
}

/** The proxy's own upstream. */
export function proxyEnvironment({ etcd }: Options): Record<string, string> {
  return {
    DCOS_CALICO_ETCD_DISCOVERY: etcd['etcd-discovery-url'],
    DCOS_CALICO_ETCD_PROXY_ENDPOINTS: etcd['proxy-endpoints'].join(','),
    ...tlsEnvironment(etcd),
  };
}

/** Artifacts by name, and where else they may be had. */
export function artifactEnvironment(
  { artifacts }: Options,
  names: readonly ('etcd' | 'calico' | 'calico-ipam' | 'calicoctl')[],
): Record<string, string> {
  const env: Record<string, string> = { DCOS_CALICO_MIRRORS: artifacts.mirrors.join(' ') };
  for (const name of names) {
    const key = name.toUpperCase().replace('-', '_');
    env[`DCOS_CALICO_${key}_URL`] = artifacts[name].url;
    env[`DCOS_CALICO_${key}_SHA256`] = artifacts[name].sha256;
  }
  return env;
}

/** An image, the limits of its container, and Docker's credentials on the agent. */
export function containerEnvironment(
  { registry }: Options,
  image: string,
  limits: { 'cpu-limit': number; 'mem-limit': number },
): Record<string, string> {
  return {
    DCOS_CALICO_IMAGE: image,
    DCOS_CALICO_CPUS: String(limits['cpu-limit']),
    DCOS_CALICO_MEM: String(limits['mem-limit']),
    DCOS_CALICO_REGISTRY_CONFIG_DIR: registry['config-dir'],
  };
}

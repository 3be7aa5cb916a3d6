// Asks URLs of etcd from one agent: an app of the wizard, which comes and goes.
import type { AppDefinition } from '../../dcos/types.ts';
import type { EtcdOptions } from '../../options/types.ts';
import { anyOf, frame, reporting } from '../frame.ts';
import etcd from '../host/etcd.py';
import { assemble } from '../program.ts';
import type { Carrier } from '../state.ts';
import program from './endpoints.py';
import script from './script.sh';

export const ENDPOINTS_APP = '/calico/ops/endpoints';
/** What its task reserves, for whoever looks for an agent with room. */
export const ENDPOINTS_NEEDS = { id: ENDPOINTS_APP, cpus: 0.02, mem: 32, disk: 0, portDefinitions: [] };

export interface EndpointsRequest {
  /** Address of a private agent. */
  agent: string;
  urls: readonly string[];
  tls: Pick<EtcdOptions, 'ca-file' | 'cert-file' | 'key-file'>;
  carrier: Carrier;
  marathonVersion: string;
}

/** `PUT /v2/apps/calico/ops/endpoints?force=true`. Its task changes nothing; `found.endpoints` of its report has each URL. */
export function endpointsDefinition(request: EndpointsRequest): AppDefinition {
  // Where Calico is not installed the group /calico comes into being with this app. Since Marathon 1.9 it then enforces a role of its
  // own, and refuses slave_public: so the role is left to Marathon, and only what is reserved to nobody is taken.
  const { role: _, ...rest } = frame(request.marathonVersion);
  return {
    ...rest,
    ...ENDPOINTS_NEEDS,
    acceptedResourceRoles: ['*'],
    cmd: assemble('endpoints', script, etcd, program),
    instances: 1,
    constraints: [['hostname', 'LIKE', anyOf([request.agent])]],
    ...reporting(request.carrier),
    env: {
      DCOS_CALICO_ETCD_ENDPOINTS: request.urls.join(','),
      DCOS_CALICO_ETCD_CA_FILE: request.tls['ca-file'],
      DCOS_CALICO_ETCD_CERT_FILE: request.tls['cert-file'],
      DCOS_CALICO_ETCD_KEY_FILE: request.tls['key-file'],
    },
  };
}

// What holds for all nodes together, compared and set from one agent with calicoctl: an app that comes and goes.
//
// Not a part of the node's step: an AS number, the mesh, peers and the pool are the cluster's, so that no wave can hold them back, and one
// agent that has done it is enough. A lock in etcd keeps two laptops apart.
import type { AppDefinition } from '../../dcos/types.ts';
import type { Options } from '../../options/types.ts';
import { artifactEnvironment, etcdEnvironment, proxyEnvironment } from '../environment.ts';
import { anyOf, frame, reporting } from '../frame.ts';
import calicoctl from '../host/calicoctl.py';
import etcd from '../host/etcd.py';
import { assemble } from '../program.ts';
import type { Carrier } from '../state.ts';
import program from './bgp.py';
import script from './script.sh';

export const BGP_APP = '/calico/ops/bgp';
/** What its task reserves, for whoever looks for an agent with room. */
export const BGP_NEEDS = { id: BGP_APP, cpus: 0.1, mem: 64, disk: 0, portDefinitions: [] };

export interface BgpRequest {
  /** Address of the agent from which it is done. */
  agent: string;
  options: Options;
  /** `look`: nothing is changed, and nothing fetched. */
  do: 'look' | 'apply';
  /** When it is asked, ISO 8601: an app that was left by an earlier run has another one, and does its work anew. */
  asked: string;
  carrier: Carrier;
  marathonVersion: string;
}

/**
 * `PUT /v2/apps/calico/ops/bgp?force=true`. Its task is `ready` when it is done; `detail.would` (look) or `detail.did` (apply) of its
 * `status.json` has a sentence for each difference; none: the cluster is as the options have it.
 */
export function bgpDefinition(request: BgpRequest): AppDefinition {
  const { node } = request.options;
  return {
    ...frame(request.marathonVersion),
    ...BGP_NEEDS,
    cmd: assemble('bgp', script, etcd, calicoctl, program),
    instances: 1,
    constraints: [['hostname', 'LIKE', anyOf([request.agent])]],
    ...reporting(request.carrier),
    env: {
      ...etcdEnvironment(request.options),
      ...proxyEnvironment(request.options),
      ...artifactEnvironment(request.options, ['calicoctl']),
      DCOS_CALICO_DO: request.do,
      DCOS_CALICO_AS_NUMBER: String(node['as-number']),
      DCOS_CALICO_MESH: String(node['node-to-node-mesh']),
      DCOS_CALICO_BGP_PEERS: JSON.stringify(node['bgp-peers']),
      DCOS_CALICO_POOL_CIDR: node['pool-cidr'],
      DCOS_CALICO_IPIP: node.ipip,
      DCOS_CALICO_NAT_OUTGOING: String(node['nat-outgoing']),
      DCOS_CALICO_ASKED: request.asked,
    },
  };
}

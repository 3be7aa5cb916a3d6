// What Calico and Docker keep in etcd, seen and tidied from one agent: an app that comes and goes.
import type { AppDefinition } from '../../dcos/types.ts';
import type { Options } from '../../options/types.ts';
import { clusterStore } from '../docker/cluster-store.ts';
import { artifactEnvironment, etcdEnvironment, proxyEnvironment } from '../environment.ts';
import { anyOf, frame, reporting } from '../frame.ts';
import calicoctl from '../host/calicoctl.py';
import etcd from '../host/etcd.py';
import { assemble } from '../program.ts';
import type { Carrier } from '../state.ts';
import program from './data.py';
import script from './script.sh';

export const DATA_APP = '/calico/ops/data';
/** What its task reserves, for whoever looks for an agent with room. */
export const DATA_NEEDS = { id: DATA_APP, cpus: 0.1, mem: 64, disk: 0, portDefinitions: [] };

/** `look`: nothing is changed. */
export type DataTask =
  | { do: 'look' }
  | { do: 'prune'; nodes: readonly string[] }
  | { do: 'delete networks' }
  | { do: 'delete data' };

export interface DataRequest {
  /** Address of the agent from which it is done. */
  agent: string;
  options: Options;
  task: DataTask;
  /** When it is asked, ISO 8601: an app that was left by an earlier run has another one, and does its work anew. */
  asked: string;
  carrier: Carrier;
  marathonVersion: string;
}

/** `PUT /v2/apps/calico/ops/data?force=true`. Its task writes `data.json` beside its `status.json`. */
export function dataDefinition(request: DataRequest): AppDefinition {
  const { task, options } = request;
  return {
    ...frame(request.marathonVersion),
    ...DATA_NEEDS,
    cmd: assemble('data', script, etcd, calicoctl, program),
    instances: 1,
    constraints: [['hostname', 'LIKE', anyOf([request.agent])]],
    ...reporting(request.carrier),
    env: {
      ...etcdEnvironment(options),
      ...proxyEnvironment(options),
      ...(task.do === 'prune' ? artifactEnvironment(options, ['calicoctl']) : {}),
      DCOS_CALICO_CLUSTER_STORE: options.docker.enable ? clusterStore(options) : '',
      DCOS_CALICO_DATA_DO: task.do === 'look' ? '' : task.do,
      DCOS_CALICO_DATA_NODES: task.do === 'prune' ? task.nodes.join(' ') : '',
      DCOS_CALICO_ASKED: request.asked,
    },
  };
}

// The options, once: validation, defaults, flags, help, the reference page and the published schema are all made from this.
import type { OptionsSchema } from './schema-types.ts';
import { artifacts } from './sections/artifacts.ts';
import { cni } from './sections/cni.ts';
import { docker } from './sections/docker.ts';
import { etcd } from './sections/etcd.ts';
import { libnetwork } from './sections/libnetwork.ts';
import { node } from './sections/node.ts';
import { registry } from './sections/registry.ts';
import { rollout } from './sections/rollout.ts';

/** JSON Schema (draft-07) of an options file. Every key may be left out. `x-allowed` says in words what a value may be. */
export const optionsSchema: OptionsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:dcos-calico:options',
  title: 'Options of dcos calico',
  description: 'The file that `--options` takes. Every key may be left out; what it then is, is its default.',
  type: 'object',
  additionalProperties: false,
  properties: { rollout, etcd, docker, cni, libnetwork, node, artifacts, registry },
};

// What each option allows by itself and all of them together do not.

import { defaultOptions } from './defaults.ts';
import { sameValue } from './differences.ts';
import { valueAt } from './paths.ts';
import type { OptionProblem } from './problems.ts';
import { artifactRules, sumRules } from './rules/artifacts.ts';
import { backendRules, interfaceRules, peerRules } from './rules/bgp.ts';
import { cniRules, registryRules } from './rules/cni.ts';
import type { Rule } from './rules/context.ts';
import { libnetworkRules, storeRules } from './rules/docker.ts';
import { endpointRules, proxyRules, tlsRules } from './rules/etcd.ts';
import { imageRules, limitRules } from './rules/images.ts';
import { poolRules } from './rules/pool.ts';
import { rolloutRules } from './rules/rollout.ts';
import { stepRules, unusedRules } from './rules/steps.ts';
import type { Options } from './types.ts';

const ALWAYS: Rule[] = [
  rolloutRules,
  stepRules,
  unusedRules,
  endpointRules,
  proxyRules,
  tlsRules,
  storeRules,
  libnetworkRules,
];
const ONLY_IF: { enabled: (options: Options) => boolean; rules: Rule[] }[] = [
  { enabled: ({ cni }) => cni.enable, rules: [cniRules] },
  { enabled: ({ node }) => node.enable, rules: [poolRules, backendRules, peerRules, interfaceRules] },
];
const AFTER: Rule[] = [imageRules, limitRules, artifactRules, sumRules, registryRules];

/**
 * Errors and warnings of complete options, each allowed by the schema. `given`: which of them were said by somebody now; without
 * it, those that differ from their defaults.
 */
export function contradictions(
  options: Options,
  given: (path: string) => boolean = differsFromDefault(options),
): OptionProblem[] {
  const conditional = ONLY_IF.filter(({ enabled }) => enabled(options)).flatMap(({ rules }) => rules);
  return [...ALWAYS, ...conditional, ...AFTER].flatMap((rule) => rule({ options, given }));
}

function differsFromDefault(options: Options): (path: string) => boolean {
  const defaults = defaultOptions();
  return (path) => !sameValue(valueAt(options, path), valueAt(defaults, path));
}

// Directories on the agents, and the network's name.
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule } from './context.ts';

/** Networks that DC/OS itself has, in Mesos or in Docker (facts: gen/dcos-config.yaml of DC/OS 1.9 to 2.2). */
const TAKEN = ['dcos', 'dcos6', 'mesos-bridge', 'dummy', 'bridge', 'host', 'none', 'docker_gwbridge'];

export const cniRules: Rule = ({ options }) => {
  const { cni } = options;
  const problems: OptionProblem[] = [];
  const bare = (path: string): string => path.replace(/\/+$/, '');
  if (bare(cni['cni-plugins-dir']) === bare(cni['cni-config-dir'])) {
    problems.push(
      contradiction({
        at: ['cni.cni-plugins-dir', 'cni.cni-config-dir'],
        what: 'cni.cni-plugins-dir and cni.cni-config-dir are the same directory, but Mesos reads every file of the latter as a network',
        remedy: 'Name two directories',
      }),
    );
  }
  if (TAKEN.includes(cni['network-name'])) {
    problems.push({
      level: 'error',
      code: 'not-allowed',
      path: 'cni.network-name',
      what: `${is(options, 'cni.network-name')}, but DC/OS or Docker has a network of this name, and Mesos ignores the second of two`,
      remedy: 'Take another name, such as calico',
    });
  }
  return problems;
};

export const registryRules: Rule = ({ options }) => {
  const path = 'registry.config-dir';
  if (!/\/config\.json\/?$/.test(options.registry['config-dir'])) return [];
  return [
    {
      level: 'error',
      code: 'not-allowed',
      path,
      what: `${is(options, path)}, which names the file`,
      remedy: 'Name its directory, without config.json',
    },
  ];
};

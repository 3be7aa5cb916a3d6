// Which steps there are, and what is said of those that are off.
import { ALL_OPTIONS } from '../paths.ts';
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule, warning } from './context.ts';

/** What turns a step off, and the options that then do nothing. */
const SWITCHES: { path: string; section: string; also?: string[]; except?: string[] }[] = [
  {
    path: 'etcd.run-proxy',
    section: 'none',
    also: ['etcd.cpu-limit', 'etcd.mem-limit', 'artifacts.etcd.url', 'artifacts.etcd.sha256'],
  },
  { path: 'docker.enable', section: 'docker', except: ['docker.override-docker-cluster-store'] },
  {
    path: 'cni.enable',
    section: 'cni',
    also: ['calico', 'calico-ipam'].flatMap((name) => [`artifacts.${name}.url`, `artifacts.${name}.sha256`]),
  },
  { path: 'libnetwork.enable', section: 'libnetwork' },
  { path: 'node.enable', section: 'node' },
];

export const stepRules: Rule = ({ options }) => {
  const { etcd, docker, cni, libnetwork, node } = options;
  const at = SWITCHES.map(({ path }) => path);
  if (!cni.enable && !libnetwork.enable && !node.enable && !docker.enable) {
    if (!etcd['run-proxy']) {
      return [
        contradiction({
          at,
          what: `All steps are turned off (${at.join(', ')} are false): nothing would be installed`,
          remedy: 'Turn a step on. To take Calico off the agents, type: dcos calico uninstall',
        }),
      ];
    }
    return [
      warning('no-effect', {
        at,
        what: 'Only the etcd proxy is turned on: no container can use Calico',
      }),
    ];
  }
  const problems: OptionProblem[] = [];
  const users = [cni.enable && 'cni.enable', libnetwork.enable && 'libnetwork.enable'].filter(
    (path): path is string => path !== false,
  );
  if (users.length > 0 && !node.enable) {
    problems.push(
      warning('needs-own', {
        at: [...users, 'node.enable'],
        what: `${users.join(' and ')} ${users.length > 1 ? 'are' : 'is'} true, but ${is(options, 'node.enable')}: containers get addresses that nothing routes`,
        remedy: 'Set node.enable to true, unless a calico/node of your own runs on every agent',
      }),
    );
  }
  if (users.length === 0 && node.enable) {
    problems.push(
      warning('no-effect', {
        at: ['node.enable', 'cni.enable', 'libnetwork.enable'],
        what: 'calico/node runs on every agent, but cni.enable and libnetwork.enable are false: no container gets an address of Calico',
      }),
    );
  }
  return problems;
};

export const unusedRules: Rule = ({ options, given }) => {
  const off: Record<string, boolean> = {
    'etcd.run-proxy': !options.etcd['run-proxy'],
    'docker.enable': !options.docker.enable,
    'cni.enable': !options.cni.enable,
    'libnetwork.enable': !options.libnetwork.enable,
    'node.enable': !options.node.enable,
  };
  return SWITCHES.flatMap(({ path, section, also = [], except = [] }) => {
    if (!off[path]) return [];
    const unused = ALL_OPTIONS.map((option) => option.path).filter(
      (other) =>
        other !== path &&
        !except.includes(other) &&
        (other.startsWith(`${section}.`) || also.includes(other)) &&
        given(other),
    );
    if (unused.length === 0) return [];
    return [
      warning('not-used', {
        at: [unused[0]!, ...unused.slice(1), path],
        what: `${unused.join(', ')} ${unused.length > 1 ? 'are' : 'is'} not used: ${is(options, path)}`,
      }),
    ];
  });
};

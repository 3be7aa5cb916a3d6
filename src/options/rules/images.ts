// Images, and what their containers may use.
import type { OptionProblem } from '../problems.ts';
import { is, type Rule, the, warning } from './context.ts';

const IMAGES = [
  {
    path: 'node.override-node-image',
    section: 'node',
    key: 'override-node-image',
    line: /^v?2\./,
    of: 'Calico 2.6',
  },
  {
    path: 'libnetwork.override-libnetwork-image',
    section: 'libnetwork',
    key: 'override-libnetwork-image',
    line: /^v?1\.1\./,
    of: 'Calico 2.6',
  },
] as const;

export const imageRules: Rule = ({ options }) =>
  IMAGES.flatMap(({ path, section, key, line, of }): OptionProblem[] => {
    const steps = options as unknown as Record<string, Record<string, unknown>>;
    if (steps[section]!.enable === false) return [];
    const image = String(steps[section]![key]);
    if (image.includes('@sha256:')) return [];
    const tag = /:([^:/]+)$/.exec(image)?.[1];
    if (tag === undefined || tag === 'latest') {
      return [
        warning('not-pinned', {
          at: [path],
          what: `${the(options, path)} names no version: agents that pull it on different days run different ones`,
          remedy: 'Name a version or a digest',
        }),
      ];
    }
    // Tags of one's own say nothing; those of Calico do.
    if (/^v?\d+\.\d+/.test(tag) && !line.test(tag)) {
      return [
        warning('other-line', {
          at: [path],
          what: `${the(options, path)} is of another line than ${of}, for which the steps are made (3.x keeps its data in etcd's v3 API, before 2.0 the settings are others)`,
          remedy: 'Leave it out for the image of that line',
        }),
      ];
    }
    return [];
  });

/** Below this calico/node (Felix, BIRD, confd in one container) has little room. */
const LITTLE_FOR_NODE = 128;

export const limitRules: Rule = ({ options }) => {
  const path = 'node.mem-limit';
  if (!options.node.enable || options.node['mem-limit'] >= LITTLE_FOR_NODE) return [];
  return [
    warning('little-memory', {
      at: [path],
      what: `${is(options, path)}: the kernel ends calico/node when it needs more, and the agent's routes with it`,
      remedy: `Take ${LITTLE_FOR_NODE} or more`,
    }),
  ];
};

import type { Question } from '../types.ts';

const PATHS = ['docker.enable', 'libnetwork.enable', 'cni.enable'];
const SETTINGS: Record<string, [docker: boolean, libnetwork: boolean, cni: boolean]> = {
  both: [true, true, true],
  ucr: [false, false, true],
  docker: [true, true, false],
};

export const containers: Question = {
  id: 'containers',
  title: 'Containers',
  paths: PATHS,
  prompt: 'Which containers use Calico?',
  isOpen: () => true,
  text: () => [
    'Tasks run in Docker or in the Universal Container Runtime (UCR), and each needs a part of its own on every agent. A container uses Calico only where its app asks for it.',
  ],
  suggest: () => ({
    value: 'both',
    why: 'neither restarts anything where no cluster store is set yet',
  }),
  choices: () => [
    {
      value: 'both',
      name: 'Docker and the UCR',
      effect:
        'Docker takes etcd as its cluster store, by a reload; the libnetwork plugin runs; the CNI plugins and a network go into the directories of Mesos.',
    },
    {
      value: 'ucr',
      name: 'Only the UCR',
      effect:
        'Docker is left alone, and its containers cannot use Calico. The only way where it is 23 or later: it has no cluster store then.',
    },
    {
      value: 'docker',
      name: 'Only Docker',
      effect: 'Mesos is left alone, and UCR containers cannot use Calico.',
    },
  ],
  current: ({ docker, libnetwork, cni }) =>
    Object.entries(SETTINGS).find(
      ([, [a, b, c]]) => docker.enable === a && libnetwork.enable === b && cni.enable === c,
    )?.[0],
  read: (answer) => ({
    settings: Object.fromEntries(PATHS.map((path, index) => [path, SETTINGS[answer]![index]])),
  }),
};

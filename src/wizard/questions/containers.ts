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
    'DC/OS runs containers in two ways: with Docker, and with the Universal Container Runtime (UCR). Each needs a part of its own on every agent. Containers use Calico only where an app asks for its network.',
  ],
  suggest: () => ({
    value: 'both',
    why: 'neither part restarts anything on an agent that has no cluster store yet',
  }),
  choices: () => [
    {
      value: 'both',
      name: 'Docker and the UCR',
      effect:
        'Docker takes etcd as its cluster store by a reload, not a restart; the libnetwork plugin runs; two CNI plugins and a network go into the directories of Mesos.',
    },
    {
      value: 'ucr',
      name: 'Only the UCR',
      effect:
        "Docker's configuration is left alone, and its containers cannot use Calico. The only way where Docker is 23 or later, which has no cluster store.",
    },
    {
      value: 'docker',
      name: 'Only Docker',
      effect: 'The directories of Mesos are left alone; UCR containers cannot use Calico.',
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

// What the steps write on an agent, told by the steps' own Python: so that what the guide shows cannot part from it.
import { spawnSync } from 'node:child_process';
import type { Options } from '../src/options/types.ts';
import type { HostTexts } from '../src/reference/host-texts.ts';
import { stepNamed } from '../src/steps/registry.ts';
import type { StepName } from '../src/steps/state.ts';

/** The agent, and the members of etcd, that the guide takes as an example. */
export const EXAMPLE_ADDRESS = '10.0.1.11';
const PEERS = ['http://10.0.0.11:2380', 'http://10.0.0.12:2380', 'http://10.0.0.13:2380'];

/** Asked of each step's program instead of a look at the host. */
const QUESTIONS: Record<StepName, string> = {
  'etcd-proxy': `tell({'name': UNIT, 'unit': unit(${JSON.stringify(PEERS)}), 'binary': BINARY, 'data': DATA})`,
  docker: "tell({'file': FILE, 'keys': wanted_keys(ADDRESS)})",
  cni: `
plugins, networks = directories()
tell({'name': UNIT, 'unit': unit(), 'configuration': configuration(ADDRESS), 'plugins': plugins, 'networks': networks,
      'masters': MASTERS, 'put back': PUT_BACK, 'script': put_back_script()})`,
  libnetwork: 'present()',
  node: 'present()',
};

const AROUND = `
ADDRESS = '${EXAMPLE_ADDRESS}'
class Told(Exception):
    pass
def tell(values):
    def plain(value):
        return value.decode('utf-8') if isinstance(value, bytes) else value
    sys.stdout.write(json.dumps({key: plain(value) for key, value in values.items()}))
    raise Told()
def keep_container(name, title, arguments, wanted):
    unit, _ = container_unit(name, title, arguments)
    tell({'name': unit_name(STEP), 'unit': unit, 'container': name, 'image': env('IMAGE')})
address = node_name = lambda: ADDRESS
docker_path = lambda: '/usr/bin/docker'
engine = lambda: {'ClusterStore': 'set'}
need_etcd = lambda: None
inspect = lambda name: None
is_public = lambda: False
try:
    QUESTION
except Told:
    pass
`;

/** Throws where the program of a step is no longer as this expects it. */
export function hostTexts(options: Options): HostTexts {
  const ask = (step: StepName) => {
    const question = QUESTIONS[step].trim().replaceAll('\n', '\n    ');
    const program = programOf(step) + AROUND.replace('QUESTION', question);
    const { stdout, stderr, status } = spawnSync('python3', ['-ISB', '-', step, '/tmp/claim'], {
      input: program,
      env: { PATH: process.env.PATH, ...stepNamed(step).environment(options, 'present') },
      encoding: 'utf8',
    });
    if (status !== 0 || !stdout) throw new Error(`the program of ${step} tells nothing: ${stderr}`);
    return JSON.parse(stdout) as Record<string, string>;
  };
  return {
    address: EXAMPLE_ADDRESS,
    proxy: ask('etcd-proxy'),
    docker: ask('docker'),
    cni: ask('cni'),
    libnetwork: ask('libnetwork'),
    node: ask('node'),
  } as unknown as HostTexts;
}

/** The Python of a step's command, without the look that it ends with. */
function programOf(step: StepName): string {
  const [, program] = /<<'(?<end>\w+)'\n([\s\S]*?)\n\k<end>\n/.exec(stepNamed(step).script)?.slice(1) ?? [];
  const without = program?.replace(/\nrun\(present, absent\)\s*$/, '\n');
  if (!without || without === program) throw new Error(`the command of ${step} has another form`);
  return without;
}

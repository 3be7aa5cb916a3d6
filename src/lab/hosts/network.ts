// The bridge that the hosts are on: the only thing of a lab that the kernel would keep by itself.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../errors.ts';
import { isSame, processFacts } from '../control/processes.ts';

const run = promisify(execFile);

export const BRIDGE = 'dcos-calico0';

/** The first that nothing on this machine has a route into. Not in 192.168.0.0/16, which is Calico's own default pool. */
const SUBNETS = ['10.99.0', '10.199.0', '172.30.99', '10.231.77'];

export interface Network {
  bridge: string;
  /** This machine's address on the bridge. */
  gateway: string;
  /** The address of host N, from 1 on. */
  address(number: number): string;
}

interface Left {
  directory: string;
}

/** What a lab that was killed left on the bridge's name; undefined: nothing. Throws `lab-hosts-run` if one lives. */
export async function leftBehind(): Promise<Left | undefined> {
  let shown: { ifalias?: string }[];
  try {
    shown = JSON.parse((await run('ip', ['-json', 'link', 'show', 'dev', BRIDGE])).stdout);
  } catch {
    return undefined;
  }
  const [pid, started, ...directory] = (shown[0]?.ifalias ?? '').split(' ');
  if (pid && started && isSame(Number(pid), started)) {
    throw new UserError({
      code: 'lab-hosts-run',
      what: 'Hosts cannot be started',
      why: `a lab of hosts is running on this machine already (process ${pid})`,
      remedy: ['dcos calico lab stop'],
    });
  }
  return { directory: directory.join(' ') };
}

/** Makes the bridge, and marks it with this process and the lab's directory. */
export async function startNetwork(directory: string): Promise<Network> {
  const subnet = await freeSubnet();
  const started = processFacts(process.pid)?.started ?? '';
  await run('ip', ['link', 'add', 'name', BRIDGE, 'type', 'bridge']);
  await run('ip', ['link', 'set', 'dev', BRIDGE, 'alias', `${process.pid} ${started} ${directory}`]);
  await run('ip', ['address', 'add', `${subnet}.1/24`, 'dev', BRIDGE]);
  await run('ip', ['link', 'set', 'dev', BRIDGE, 'up']);
  return { bridge: BRIDGE, gateway: `${subnet}.1`, address: (number) => `${subnet}.${10 + number}` };
}

async function freeSubnet(): Promise<string> {
  const { stdout } = await run('ip', ['-json', '-4', 'route', 'show', 'table', 'all']);
  const routes = (JSON.parse(stdout) as { dst: string }[])
    .map(({ dst }) => dst)
    .filter((dst) => dst !== 'default');
  const free = SUBNETS.find((subnet) => !routes.some((route) => overlaps(route, `${subnet}.0/24`)));
  if (free) return free;
  throw new UserError({
    code: 'lab-hosts-network',
    what: 'Hosts cannot be started',
    why: `this machine has routes into all of ${SUBNETS.map((subnet) => `${subnet}.0/24`).join(', ')}`,
  });
}

/** Whether two networks have an address in common; a bare address is a network of one. */
export function overlaps(one: string, other: string): boolean {
  const [[a, bitsOfA], [b, bitsOfB]] = [parse(one), parse(other)];
  const shift = 32 - Math.min(bitsOfA, bitsOfB);
  return Math.floor(a / 2 ** shift) === Math.floor(b / 2 ** shift);
}

function parse(network: string): [address: number, bits: number] {
  const [address = '', bits = '32'] = network.split('/');
  return [address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0), Number(bits)];
}

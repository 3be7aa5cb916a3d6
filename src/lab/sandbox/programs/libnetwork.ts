// Calico's libnetwork plugin: two sockets that Docker asks (projectcalico/libnetwork-plugin v1.1.3 main.go).
import type { Container } from '../docker/container.ts';
import type { Machine } from '../machine.ts';
import { type Request, type Response, whole } from '../network/reach.ts';
import { sees } from './containers.ts';
import { socketAt } from './socket.ts';

const PLUGINS = '/run/docker/plugins';
const TYPE = { 'content-type': 'application/vnd.docker.plugins.v1.1+json' };

function answers(implemented: string, other: Record<string, unknown>) {
  return async (path: string, request: Request): Promise<Response> => {
    if (request.method !== 'POST') return whole(405, 'Method Not Allowed\n');
    if (path === '/Plugin.Activate') return whole(200, `{"Implements": ["${implemented}"]}\n`, TYPE);
    const answer = other[path];
    if (answer) return whole(200, `${JSON.stringify(answer)}\n`, TYPE);
    return whole(404, '404 page not found\n');
  };
}

/** The plugin's part of a container; also of calico/node where it is not switched off. */
export function startLibnetwork(
  machine: Machine,
  container: Container,
  _exit: (code: number) => void,
): () => void {
  const fault = machine.faults.draw('libnetwork', ['start']);
  if (fault?.do === 'never-ready' || !sees(container, PLUGINS)) return () => {};
  const taken: (() => void)[] = [];
  let halted = false;
  const open = async (name: string, answer: (path: string, request: Request) => Promise<Response>) => {
    const path = `${PLUGINS}/${name}.sock`;
    const remove = await socketAt(machine.path(path));
    if (halted) return remove();
    const both = [path, `/var${path}`];
    // It answers once its socket is there, no earlier.
    for (const each of both) machine.reach.sockets.set(each, { owner: container.options.name, answer });
    taken.push(remove, () => {
      for (const each of both) machine.reach.sockets.delete(each);
    });
  };
  void open(
    'calico',
    answers('NetworkDriver', {
      '/NetworkDriver.GetCapabilities': { Scope: 'global', ConnectivityScope: '' },
    }),
  );
  void open(
    'calico-ipam',
    answers('IpamDriver', {
      '/IpamDriver.GetDefaultAddressSpaces': {
        LocalDefaultAddressSpace: 'CalicoLocalAddressSpace',
        GlobalDefaultAddressSpace: 'CalicoGlobalAddressSpace',
      },
    }),
  );
  return () => {
    halted = true;
    for (const remove of taken) remove();
  };
}

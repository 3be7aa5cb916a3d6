// What a container does, by its image.
import type { Container } from '../docker/container.ts';
import type { Machine } from '../machine.ts';
import { startCalicoNode } from './calico-node.ts';
import { startLibnetwork } from './libnetwork.ts';

/** Starts what runs in a container; `exit` is called when it ends by itself. Returns how to halt it. */
export function startProgram(
  machine: Machine,
  container: Container,
  exit: (code: number) => void,
): () => void {
  const { image, command } = container.options;
  const name = image.replace(/[:@][^/]*$/, '');
  if (/libnetwork/.test(name) || command.some((word) => word.includes('libnetwork-plugin'))) {
    return startLibnetwork(machine, container, exit);
  }
  if (/(^|\/)calico\/node$|calico-node/.test(name)) return startCalicoNode(machine, container, exit);
  return () => {};
}

export function environment(container: Container): Record<string, string> {
  return Object.fromEntries(
    container.options.env.map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** Whether the container sees a directory of the host: the source of a bind mount, or something above it. */
export function sees(container: Container, path: string): boolean {
  const wanted = path.replace(/^\/var\/run\//, '/run/');
  return container.options.binds.some((bind) => {
    const source = bind.split(':')[0]!.replace(/^\/var\/run(?=\/|$)/, '/run');
    return wanted === source || wanted.startsWith(`${source.replace(/\/$/, '')}/`);
  });
}

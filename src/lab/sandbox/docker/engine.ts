// dockerd of a sandbox host: its configuration, its cluster store and its containers. What it does on a reload was
// measured on Docker 20.10.24 (facts §12); the rest follows moby daemon/reload.go and daemon/discovery of 20.10.
import { readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';
import { startProgram } from '../programs/containers.ts';
import { type DaemonConfig, loadConfig, RELOADABLE } from './config.ts';
import { type Container, DockerError, fullReference, type Image, type RunOptions } from './container.ts';
import { Discovery } from './discovery.ts';

export class Engine {
  readonly #machine: Machine;
  running = false;
  version: string;
  /** What the next start runs, where it is another than what runs. */
  versionOnDisk: string | undefined;
  startedAt = 0;
  /** What it was started with, and what reloads took. */
  config: DaemonConfig = {};
  /** What `docker info` shows. */
  shown: { store: string; advertise: string } = { store: '', advertise: '' };
  /** What the engine works with: a changed store on a reload does not reach it. */
  store = '';
  args: string[] = [];
  containers: Container[] = [];
  images: Image[] = [];
  networks: { id: string; name: string; driver: string; scope: string }[] = [];
  readonly #discovery: Discovery;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#discovery = new Discovery(machine, (message) => this.#log('warning', message));
    const { docker } = machine.spec;
    this.version = docker?.version ?? '20.10.24';
    for (const reference of docker?.images ?? []) this.addImage(reference);
    for (const name of ['bridge', 'host', 'none']) {
      this.networks.push({ id: this.id(), name, driver: name === 'none' ? 'null' : name, scope: 'local' });
    }
  }

  id(): string {
    let id = '';
    while (id.length < 64) id += Math.floor(this.#machine.random.next() * 16).toString(16);
    return id;
  }

  addImage(reference: string): Image {
    const image = { id: `sha256:${this.id()}`, reference: fullReference(reference) };
    this.images.push(image);
    return image;
  }

  image(reference: string): Image | undefined {
    const full = fullReference(reference);
    return this.images.find(
      (image) =>
        image.reference === full ||
        image.id === reference ||
        (reference.length >= 6 && image.id.startsWith(`sha256:${reference}`)),
    );
  }

  /** Its own networks, and with a store those that all engines have in common. */
  allNetworks(): Engine['networks'] {
    return [...this.networks, ...(this.store ? (this.#machine.calico?.networks ?? []) : [])];
  }

  get #configFile(): string {
    return this.#machine.path('/etc/docker/daemon.json');
  }

  #log(level: string, message: string): void {
    const time = new Date(this.#machine.clock.now()).toISOString();
    this.#machine.log('docker.service', `time="${time}" level=${level} msg=${JSON.stringify(message)}`);
  }

  /**
   * Starts dockerd with the arguments of its unit. Throws with what it would print. `hangs`: it lives, and neither says that it is
   * up nor answers.
   */
  start(args: string[]): { hangs: boolean; slow: number } {
    this.version = this.versionOnDisk ?? this.version;
    const { config } = loadConfig(this.#configFile, '/etc/docker/daemon.json', args, this.version);
    const store = String(config['cluster-store'] ?? '');
    const fault = this.#machine.faults.draw('dockerd', ['start', store]);
    if (fault?.fail !== undefined) throw new Error(fault.stderr ?? 'failed to start daemon');
    if (fault?.hang) return { hangs: true, slow: 0 };
    const advertise = String(config['cluster-advertise'] ?? '');
    if (advertise && !store) {
      throw new Error(
        'invalid cluster configuration. --cluster-advertise must be accompanied by --cluster-store configuration',
      );
    }
    this.args = args;
    this.config = config;
    this.running = true;
    this.startedAt = this.#machine.clock.now();
    this.shown = { store, advertise };
    this.store = store;
    if (!this.#machine.kernel.link('docker0')) {
      this.#machine.kernel.links.push({
        name: 'docker0',
        up: true,
        mtu: 1500,
        addresses: ['172.17.0.1/16'],
        kind: 'bridge',
      });
    }
    this.#discovery.follow(this.shown);
    this.#log('info', 'Daemon has completed initialization');
    for (const container of this.containers) {
      if (!container.running && /^(always|unless-stopped)/.test(container.options.restart))
        this.#begin(container);
    }
    return { hangs: false, slow: fault?.slow ?? 0 };
  }

  /** Stops dockerd, and with it every container, as DC/OS has no `live-restore`. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.#discovery.stop();
    if (this.config['live-restore'] !== true) {
      for (const container of [...this.containers]) if (container.running) this.ended(container, 137, true);
    }
  }

  /** SIGHUP. */
  reload(): void {
    if (!this.running) return;
    const fault =
      this.#machine.faults.draw('dockerd', ['reload']) ?? this.#machine.faults.draw('docker', ['reload']);
    if (fault?.do === 'ignored') return;
    if (fault?.do === 'crash') {
      this.#machine.systemd.crash('docker.service', 2);
      return;
    }
    this.#log('info', 'Got signal to reload configuration, reloading from: /etc/docker/daemon.json');
    let file: DaemonConfig;
    try {
      readFileSync(this.#configFile);
      file = loadConfig(this.#configFile, '/etc/docker/daemon.json', this.args, this.version).file;
    } catch (error) {
      this.#log('error', (error as Error).message);
      return;
    }
    for (const key of RELOADABLE) {
      if (key in file) this.config[key] = file[key];
    }
    this.#reloadDiscovery(file);
    this.#log('info', `Reloaded configuration: ${JSON.stringify(this.config)}`);
  }

  #reloadDiscovery(file: DaemonConfig): void {
    const store = file['cluster-store'];
    const advertise = file['cluster-advertise'];
    if (typeof advertise !== 'string') {
      // The store alone is not looked at, and taking both out does not unset them (facts §12).
      if (this.shown.store && store === undefined) this.#log('error', 'discovery service not supported');
      return;
    }
    const newStore = typeof store === 'string' ? store : this.shown.store;
    if (newStore === this.shown.store && advertise === this.shown.advertise) return;
    const first = this.store === '';
    this.shown = { store: newStore, advertise };
    this.config['cluster-store'] = newStore;
    this.config['cluster-advertise'] = advertise;
    if (first) this.store = newStore;
    else if (newStore !== this.store) {
      this.#log(
        'error',
        'Failed to reload configuration with network controller: cannot accept new configuration because it modifies an existing datastore client',
      );
    }
    this.#discovery.follow(this.shown);
  }

  find(name: string): Container | undefined {
    return (
      this.containers.find((container) => container.options.name === name.replace(/^\//, '')) ??
      this.containers.find((container) => name.length > 2 && container.id.startsWith(name))
    );
  }

  /** Creates a container. Throws `DockerError` with the engine's message. */
  create(options: RunOptions): Container {
    const taken = this.find(options.name);
    if (options.name && taken) {
      throw new DockerError(
        `Conflict. The container name "/${options.name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    const container: Container = {
      id: this.id(),
      options: { ...options, name: options.name || `lab_${this.containers.length + 1}` },
      created: this.#machine.clock.now(),
      started: 0,
      finished: 0,
      running: false,
      exitCode: 0,
      restartCount: 0,
      error: '',
      pid: 0,
      logs: [],
      waiters: [],
    };
    this.containers.push(container);
    return container;
  }

  begin(container: Container): void {
    if (!container.running) this.#begin(container);
  }

  #begin(container: Container): void {
    container.running = true;
    container.started = this.#machine.clock.now();
    container.exitCode = 0;
    container.pid = this.#machine.nextPid();
    container.halt = startProgram(this.#machine, container, (code) => {
      if (container.running) this.ended(container, code);
    });
  }

  /** A container's main process is gone. */
  ended(container: Container, code: number, stopped = false): void {
    if (!container.running) return;
    container.running = false;
    container.finished = this.#machine.clock.now();
    container.exitCode = code;
    container.pid = 0;
    container.halt?.();
    container.halt = undefined;
    for (const waiter of container.waiters.splice(0)) waiter();
    if (container.options.remove) this.#drop(container);
    else if (!stopped && /^(always|unless-stopped|on-failure)/.test(container.options.restart)) {
      if (container.options.restart.startsWith('on-failure') && code === 0) return;
      const delay = Math.min(100 * 2 ** container.restartCount, 60_000);
      container.restartCount++;
      this.#machine.after(delay, () => {
        if (this.running && !container.running && this.containers.includes(container)) this.#begin(container);
      });
    }
  }

  kill(container: Container, code: number): void {
    this.ended(container, code, true);
  }

  remove(container: Container): void {
    if (container.running) this.ended(container, 137, true);
    this.#drop(container);
  }

  #drop(container: Container): void {
    const index = this.containers.indexOf(container);
    if (index >= 0) this.containers.splice(index, 1);
  }
}

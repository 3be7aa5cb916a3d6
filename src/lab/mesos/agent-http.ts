// An agent's own HTTP API, as recorded: what Admin Router forwards below `/agent/ID/`.
import { empty, float, json, type LabRequest, type LabResponse, text } from '../http.ts';
import { type LabAgent, used } from './agent.ts';
import { handleFiles } from './files.ts';
import type { MesosMaster } from './master.ts';
import { jsonp, versionShape } from './master-http.ts';
import { portsText } from './resources.ts';
import { attributes, pid, resourceList, resources, seconds, taskShape } from './shapes.ts';
import { sandboxPath } from './task.ts';

/** Answers as the agent does; undefined: there is no answer, as its process is down. */
export async function handleAgent(
  master: MesosMaster,
  agent: LabAgent,
  request: LabRequest,
): Promise<LabResponse | undefined> {
  if (!agent.connected && !agent.recovering) return undefined;
  const path = decodeURIComponent(request.path).replace(/\/+$/, '');
  const files = /^\/files\/(read|browse|download)$/.exec(path);
  if (files) return handleFiles(master, agent.id, files[1]!, request);
  const [, own] = /^(?:\/slave\(1\))?\/(state|flags|health|version|containers)$/.exec(path) ?? [];
  switch (own) {
    case 'state':
      // While it recovers, an agent answers for its files and flags but not for its state (recordings 295-300).
      return agent.recovering
        ? text(503, 'Agent has not finished recovery')
        : jsonp(request, state(master, agent));
    case 'flags':
      return jsonp(request, { flags: flags(master, agent) });
    case 'version':
      return path.startsWith('/slave(1)')
        ? text(404, '404 Not Found.')
        : jsonp(request, versionShape(master));
    case 'health':
      return empty(200);
    case 'containers':
      return json(containers(agent));
    default:
      return text(404, '404 Not Found.');
  }
}

function flags({ versions }: MesosMaster, agent: LabAgent): Record<string, string> {
  const { total, attributes: all } = agent;
  return {
    attributes: Object.entries(all)
      .map(([name, value]) => `${name}:${value}`)
      .join(';'),
    containerizers: 'docker,mesos',
    default_role: agent.role,
    executor_environment_variables:
      '{"PATH":"/usr/bin:/bin","SHELL":"/usr/bin/bash","LIBPROCESS_NUM_WORKER_THREADS":"8"}',
    executor_registration_timeout: '10mins',
    executor_reregistration_timeout: '10secs',
    hostname: agent.host,
    hostname_lookup: 'false',
    isolation:
      'cgroups/cpu,cgroups/mem,disk/du,network/cni,filesystem/linux,docker/runtime,docker/volume,volume/sandbox_path,posix/rlimits,namespaces/pid',
    launcher: 'linux',
    network_cni_config_dir: '/opt/mesosphere/etc/dcos/network/cni',
    network_cni_plugins_dir: versions.cniPluginsDir,
    port: '5051',
    recover: 'reconnect',
    recovery_timeout: '24hrs',
    resources: `cpus:${total.cpus};mem:${total.mem};disk:${total.disk};ports:${portsText(total.ports)?.replaceAll(', ', ',')}`,
    sandbox_directory: '/mnt/mesos/sandbox',
    strict: 'true',
    switch_user: 'true',
    systemd_enable_support: 'true',
    work_dir: '/var/lib/mesos/slave',
  };
}

function state(master: MesosMaster, agent: LabAgent): unknown {
  const all = resources(agent.total);
  const held = resources(used(agent));
  const none = resources({ cpus: 0, mem: 0, disk: 0, ports: [] });
  const common = agent.role === '*';
  const list = resourceList(agent.total, agent.role);
  const executors = [...agent.tasks.values()].map((task) => ({
    id: task.info.id,
    name: `Command Executor (Task: ${task.info.id}) (Command: sh -c '${shortened(task.info.cmd)}')`,
    source: task.info.id,
    container: task.containerId,
    directory: sandboxPath(task),
    // The container's: 0.1 CPU and 32 MB more than the task's.
    resources: resources({
      ...task.resources,
      cpus: task.resources.cpus + 0.1,
      mem: task.resources.mem + 32,
    }),
    role: task.info.role,
    tasks: [taskShape(task)],
    queued_tasks: [],
    completed_tasks: [],
  }));
  return {
    ...versionShape(master),
    start_time: seconds(agent.registeredAt),
    id: agent.id,
    pid: pid(agent),
    hostname: agent.host,
    capabilities: master.versions.capabilities,
    resources: all,
    reserved_resources: common ? {} : { [agent.role]: all },
    unreserved_resources: common ? all : none,
    reserved_resources_full: common ? {} : { [agent.role]: list },
    unreserved_resources_full: common ? list : [],
    reserved_resources_allocated: common ? {} : { [agent.role]: held },
    unreserved_resources_allocated: common ? held : none,
    resource_providers: [],
    attributes: attributes(agent),
    master_hostname: '10.0.0.11',
    log_dir: '/var/log/mesos',
    flags: flags(master, agent),
    frameworks: executors.length
      ? [
          {
            id: master.frameworkId,
            name: 'marathon',
            user: 'root',
            failover_timeout: float(604_800),
            checkpoint: true,
            hostname: '',
            roles: ['slave_public'],
            executors,
            completed_executors: [],
          },
        ]
      : [],
    completed_frameworks: [],
  };
}

function shortened(command: string): string {
  return command.length > 15 ? `${command.slice(0, 12)}...` : command;
}

function containers(agent: LabAgent): unknown[] {
  return [...agent.tasks.values()].map((task) => ({
    container_id: task.containerId,
    executor_id: task.info.id,
    executor_name: `Command Executor (Task: ${task.info.id})`,
    framework_id: task.info.frameworkId,
    source: task.info.id,
  }));
}

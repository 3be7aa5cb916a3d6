// Checks that an answer has the shape this program relies on, so that garbage is reported as such and not as a TypeError somewhere
// else. Only what is read is looked at: versions of DC/OS differ in the rest.
import { holdApp, holdDeployment, holdQueueItem, holdTask } from './held.ts';
import { KEPT_OF_GROUP } from './kept-fields.ts';
import {
  each,
  eachIfThere,
  inside,
  list,
  listOf,
  number,
  object,
  type Place,
  type Shape,
  text,
} from './shape.ts';
import type {
  MarathonApp,
  MarathonDeployment,
  MarathonGroup,
  MarathonInfo,
  MarathonTask,
  QueueItem,
} from './types.ts';

const OVER: ReadonlySet<unknown> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_LOST',
  'TASK_GONE',
  'TASK_UNKNOWN',
]);

function task(value: unknown, at: Place): MarathonTask {
  const fields = object(value, at);
  text(fields, 'id', at);
  text(fields, 'state', at);
  // Of a task that is over, and waits to be started again, Marathon tells none (raml/TaskConversion.scala).
  if (OVER.has(fields.state)) fields.version ??= '';
  text(fields, 'version', at);
  if (fields.checkResult === null) fields.checkResult = undefined;
  holdTask(fields, at);
  return fields as unknown as MarathonTask;
}

function app(value: unknown, at: Place): MarathonApp {
  const fields = object(value, at);
  text(fields, 'id', at);
  number(fields, 'instances', at);
  eachIfThere(fields, 'tasks', at, task);
  fields.env = object(fields.env ?? {}, inside(at, 'env'));
  holdApp(fields, at);
  return fields as unknown as MarathonApp;
}

function group(value: unknown, at: Place): MarathonGroup {
  const fields = object(value, at);
  text(fields, 'id', at);
  if (fields.apps === undefined) fields.apps = [];
  each(fields, 'apps', at, app);
  eachIfThere(fields, 'groups', at, group);
  return fields as unknown as MarathonGroup;
}

export const GROUP_WHOLE: Shape<MarathonGroup> = { expects: 'a group', read: (json) => group(json, '') };

export const GROUP: typeof GROUP_WHOLE = { ...GROUP_WHOLE, keeps: KEPT_OF_GROUP };

export const APP: Shape<MarathonApp> = {
  expects: 'an app',
  read: (json) => app(object(json, '').app, 'app'),
};

export const INFO: Shape<MarathonInfo> = {
  expects: "Marathon's version",
  read: (json) => {
    const fields = object(json, '');
    text(fields, 'version', '');
    const { name = 'marathon', version, frameworkId = null, leader = null } = fields;
    return { name, version, frameworkId, leader } as MarathonInfo;
  },
};

export const DEPLOYMENTS: Shape<MarathonDeployment[]> = {
  expects: 'a list of deployments',
  read: (json) =>
    list(json, '').map((value, index) => {
      const fields = object(value, `[${index}]`);
      text(fields, 'id', `[${index}]`);
      each(fields, 'affectedApps', `[${index}]`, (id, at) => text({ id }, 'id', at));
      holdDeployment(fields, `[${index}]`);
      return fields as unknown as MarathonDeployment;
    }),
};

export const QUEUE: Shape<QueueItem[]> = {
  expects: 'a launch queue',
  read: (json) =>
    each(object(json, ''), 'queue', '', (value, at) => {
      const fields = object(value, at);
      number(fields, 'count', at);
      object(fields.delay, inside(at, 'delay'));
      holdQueueItem(fields, at);
      return fields as unknown as QueueItem;
    }),
};

/** What Marathon says to an accepted change. */
export interface Accepted {
  /** Absent where nothing has to be deployed. */
  deploymentId?: string;
  version: string;
}

export const ACCEPTED: Shape<Accepted> = {
  expects: 'the version of the change',
  read: (json) => {
    const fields = object(json, '');
    text(fields, 'version', '');
    return fields as unknown as Accepted;
  },
};

export interface Packaged {
  id: string;
  name: string;
  version: string;
}

/** A Marathon that does not know the label selector answers all its apps: those without the label are left out here too. */
export const PACKAGES: Shape<Packaged[]> = {
  expects: 'a list of apps',
  read: (json) =>
    each(object(json, ''), 'apps', '', (value, at) => {
      const fields = object(value, at);
      const labels = object(fields.labels ?? {}, inside(at, 'labels'));
      const label = (name: string) => (typeof labels[name] === 'string' ? labels[name] : '');
      return {
        id: text(fields, 'id', at),
        name: label('DCOS_PACKAGE_NAME'),
        version: label('DCOS_PACKAGE_VERSION'),
      };
    }).filter(({ name }) => name !== ''),
};

/** An app or pod and the networks that it names. */
export interface Networked {
  id: string;
  kind: 'app' | 'pod';
  instances: number;
  networks: string[];
}

/** Networks by any of the names that Marathon has had for them: `networks` since 1.5, `ipAddress` and `docker.network` before. */
export const NETWORKED_APPS: Shape<Networked[]> = {
  expects: 'a list of apps',
  read: (json) =>
    each(object(json, ''), 'apps', '', (value, at) => {
      const fields = object(value, at);
      const names = [
        ...listOf(fields, 'networks').map(({ name }) => name),
        object(fields.ipAddress ?? {}, inside(at, 'ipAddress')).networkName,
      ];
      const instances = typeof fields.instances === 'number' ? fields.instances : 0;
      return { id: text(fields, 'id', at), kind: 'app' as const, instances, networks: namesOf(names) };
    }),
};

export const NETWORKED_PODS: Shape<Networked[]> = {
  expects: 'a list of pods',
  read: (json) =>
    list(json, '').map((value, index) => {
      const fields = object(value, `[${index}]`);
      const names = listOf(fields, 'networks').map(({ name }) => name);
      const { instances } = object(fields.scaling ?? {}, `[${index}].scaling`);
      return {
        id: text(fields, 'id', `[${index}]`),
        kind: 'pod' as const,
        instances: typeof instances === 'number' ? instances : 1,
        networks: namesOf(names),
      };
    }),
};

function namesOf(names: readonly unknown[]): string[] {
  return [...new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))];
}

export const WIPED: Shape<void> = {
  expects: 'the tasks that were given up',
  read: (json) => {
    list(object(json, '').tasks, 'tasks');
  },
};

export interface SrvRecord {
  host: string;
  ip: string;
  port: number;
}

export const SRV: Shape<SrvRecord[]> = {
  expects: 'a list of SRV records',
  // Mesos-DNS answers an unknown name with one record of empty texts (resolver.go, RestService).
  read: (json) =>
    list(json, '')
      .map((value, index) => object(value, `[${index}]`))
      .filter(({ host }) => host !== '')
      .map((fields, index) => ({
        host: text(fields, 'host', `[${index}]`).replace(/\.$/, ''),
        ip: text(fields, 'ip', `[${index}]`),
        port: Number(text(fields, 'port', `[${index}]`)),
      })),
};

/** A task in one of Docker's containers. */
export interface DockerTask {
  id: string;
  agentId: string;
  frameworkId: string;
}

const RUNS = new Set(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING']);

/** A page of `/tasks`, and how many it has in all: of those that live, the ones that Docker runs (`container` of 1.2 and later). */
export const DOCKER_TASKS: Shape<{ listed: number; docker: DockerTask[] }> = {
  expects: 'a list of tasks',
  read: (json) => {
    const tasks = each(object(json, ''), 'tasks', '', object);
    return {
      listed: tasks.length,
      docker: tasks
        .filter(({ state, container }) => RUNS.has(String(state)) && isDocker(container))
        .map((fields, index) => ({
          id: text(fields, 'id', `tasks[${index}]`),
          agentId: text(fields, 'slave_id', `tasks[${index}]`),
          frameworkId: text(fields, 'framework_id', `tasks[${index}]`),
        })),
    };
  },
};

function isDocker(container: unknown): boolean {
  return (container as { type?: unknown } | null | undefined)?.type === 'DOCKER';
}

export const FILE_PART: Shape<{ data: string; offset: number }> = {
  expects: 'a part of a file',
  read: (json) => {
    const fields = object(json, '');
    return { data: text(fields, 'data', ''), offset: number(fields, 'offset', '') };
  },
};

/** Where each executor of an agent has its sandbox. */
export const SANDBOXES: Shape<{ frameworkId: string; executorId: string; directory: string }[]> = {
  expects: "an agent's state",
  read: (json) =>
    [...listOf(object(json, ''), 'frameworks'), ...listOf(object(json, ''), 'completed_frameworks')].flatMap(
      (framework) =>
        [...listOf(framework, 'executors'), ...listOf(framework, 'completed_executors')].map((executor) => ({
          frameworkId: text(framework, 'id', 'framework'),
          executorId: text(executor, 'id', 'executor'),
          directory: text(executor, 'directory', 'executor'),
        })),
    ),
};

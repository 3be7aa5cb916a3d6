// The environment that a Mesos agent of DC/OS gives to a command task (dcos/dcos gen/dcos-config.yaml
// `/etc/mesos-executor-environment.json`, and `mesos-slave-common`), before the task's own.
import type { DcosVersion, TaskInfo } from '../types.ts';

export interface ExecutorContext {
  dcos: DcosVersion;
  address: string;
  agentId: string;
  /** The sandbox as the task sees it. */
  sandbox: string;
}

export function executorEnvironment(task: TaskInfo, context: ExecutorContext): Record<string, string> {
  const env: Record<string, string> = {
    PATH: '/usr/bin:/bin',
    SHELL: '/usr/bin/bash',
    LIBPROCESS_NUM_WORKER_THREADS: '8',
    LIBPROCESS_IP: context.address,
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: `${context.address}:5051`,
    MESOS_CHECKPOINT: '1',
    MESOS_DIRECTORY: context.sandbox,
    MESOS_EXECUTOR_ID: task.id,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
    MESOS_FRAMEWORK_ID: task.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_RECOVERY_TIMEOUT: '1days',
    MESOS_SANDBOX: context.sandbox,
    MESOS_SLAVE_ID: context.agentId,
    MESOS_SLAVE_PID: `slave(1)@${context.address}:5051`,
    MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
  };
  // Removed in 1.11 (dcos/dcos e5907d81b): the libraries of DC/OS in front of the host's own.
  if (context.dcos === '1.9' || context.dcos === '1.10') {
    env.LD_LIBRARY_PATH = '/opt/mesosphere/lib';
    env.SASL_PATH = '/opt/mesosphere/lib/sasl2';
  }
  return env;
}

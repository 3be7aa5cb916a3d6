// What all apps of this program have in common, and what differs from one Marathon to the next.
import type { AppDefinition, Check, Constraint, HealthCheck } from '../dcos/types.ts';
import type { Carrier } from './state.ts';

/** The check, and on Marathon < 1.8 the health check: the exit code is the step's state. */
const REPORT = 'sh ./health';

/** The longest that Marathon takes: a task must never be killed for what its host is like. */
const NEVER = 2_147_483_647;

/** `[1, 9]` of `1.9.128` or `1.9.128-SNAPSHOT-5f2a`; `[0, 0]` of what is no version. */
function majorMinor(version: string): [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match ? [Number(match[1]), Number(match[2])] : [0, 0];
}

/** Whether a Marathon is of this line or a later one. */
export function isMarathon(version: string, major: number, minor: number): boolean {
  const [ours, ourMinor] = majorMinor(version);
  return ours > major || (ours === major && ourMinor >= minor);
}

/** Older ones ignore the app field `check` in silence, with 200: so its version decides, not what is accepted. */
export function carrierOf(marathonVersion: string): Carrier {
  return isMarathon(marathonVersion, 1, 8) ? 'check' : 'health';
}

/** `role` and `enforceRole` exist from Marathon 1.9 on. */
export function hasRoles(marathonVersion: string): boolean {
  return isMarathon(marathonVersion, 1, 9);
}

/**
 * `check` alone is not enough: since Marathon 1.9.128 an app without a healthy task can never be updated (recorded), so a
 * health check that is always true goes with it. On older ones the same command is the health check.
 */
export function reporting(carrier: Carrier): { healthChecks: HealthCheck[]; check?: Check } {
  if (carrier === 'health') {
    return {
      healthChecks: [
        {
          protocol: 'COMMAND',
          command: { value: REPORT },
          gracePeriodSeconds: 2_147_483,
          intervalSeconds: 5,
          timeoutSeconds: 10,
          maxConsecutiveFailures: NEVER,
        },
      ],
    };
  }
  return {
    healthChecks: [
      {
        protocol: 'COMMAND',
        command: { value: 'true' },
        gracePeriodSeconds: 0,
        intervalSeconds: 60,
        timeoutSeconds: 20,
        delaySeconds: 0,
        maxConsecutiveFailures: NEVER,
      },
    ],
    check: {
      exec: { command: { shell: REPORT } },
      intervalSeconds: 5,
      timeoutSeconds: 10,
      delaySeconds: 0,
    },
  };
}

/** What every app says, always: Marathon's defaults differ between versions and clusters. */
export function frame(
  marathonVersion: string,
): Omit<
  AppDefinition,
  'id' | 'cmd' | 'instances' | 'cpus' | 'mem' | 'healthChecks' | 'check' | 'env' | 'constraints'
> {
  return {
    disk: 0,
    user: 'root',
    ...(hasRoles(marathonVersion) ? { role: 'slave_public' } : {}),
    acceptedResourceRoles: ['*', 'slave_public'],
    portDefinitions: [],
    upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 },
    unreachableStrategy: { inactiveAfterSeconds: 1800, expungeAfterSeconds: 3600 },
    backoffSeconds: 1,
    backoffFactor: 1.15,
    maxLaunchDelaySeconds: 60,
    taskKillGracePeriodSeconds: 10,
  };
}

/** A Windows agent has no shell for a step. Agents without the attribute match `UNLIKE`. */
export const NOT_WINDOWS: Constraint = ['os', 'UNLIKE', '(?i).*windows.*'];

/** Java's `matches` on exactly these addresses. */
export function anyOf(addresses: readonly string[]): string {
  return addresses.map((address) => address.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
}

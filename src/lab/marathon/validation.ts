// What must hold beyond types (mesosphere/marathon 1.11.24: api/v2/validation/{App,Scheduling}Validation.scala, state/PathId.scala,
// util/RoleSettings.scala, state/ResourceRole.scala).
import type { Group, NewApp } from './app.ts';
import { matches, OPERATORS } from './constraints.ts';
import type { Violation } from './errors.ts';
import { findApp, findGroup, topLevelOf } from './groups.ts';
import type { MarathonVersion } from './versions.ts';

export const DEFAULT_ROLE = 'slave_public';

export interface Roles {
  valid: string[];
  default: string;
}

/** Which roles an app may have; by DC/OS' `--new_group_enforce_role top` a new top-level group enforces its own. */
export function rolesFor(appId: string, root: Group): Roles {
  const top = topLevelOf(appId);
  if (!top) return { valid: [DEFAULT_ROLE], default: DEFAULT_ROLE };
  const group = findGroup(root, top);
  const own = top.slice(1);
  const existing = findApp(root, appId)?.config.role;
  const enforced = group ? (group.enforceRole ?? false) : true;
  const valid = enforced ? [own] : [DEFAULT_ROLE, own];
  if (existing !== undefined && !valid.includes(existing)) valid.push(existing);
  return { valid, default: enforced ? own : DEFAULT_ROLE };
}

function isPattern(pattern: string): boolean {
  try {
    matches('', pattern);
    return true;
  } catch {
    return false;
  }
}

function constraintError(constraint: string[]): string | undefined {
  if (constraint.length < 2 || constraint.length > 3) return 'Each constraint must have either 2 or 3 fields';
  const [field = '', operator = '', value] = constraint;
  if (field === '') return 'illegal constraint specification';
  switch (operator.toUpperCase()) {
    case 'UNIQUE':
      return value ? 'UNIQUE does not accept a value' : undefined;
    case 'LIKE':
    case 'UNLIKE':
      if (!value) return 'LIKE and UNLIKE require a non-empty, regular expression value';
      return isPattern(value) ? undefined : 'is not a valid regular expression';
    case 'MAX_PER':
      return value && /^-?\d+$/.test(value) ? undefined : 'MAX_PER requires an integer value';
    case 'GROUP_BY':
      return !value || /^-?\d+$/.test(value)
        ? undefined
        : 'GROUP BY must define an integer value or else no value at all';
    default:
      return OPERATORS.includes(operator.toUpperCase())
        ? undefined
        : 'operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS';
  }
}

/** Path segments as Marathon allows them. */
const SEGMENT =
  /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$|^(\.|\.\.)$/;
const RESERVED = ['restart', 'tasks', 'versions'];

export function idErrors(id: string, version: MarathonVersion): string[] {
  const parts = id.split('/').filter(Boolean);
  const errors: string[] = [];
  if (!parts.every((part) => SEGMENT.test(part))) {
    errors.push(
      "must fully match regular expression '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$'",
    );
  }
  const last = parts.at(-1);
  if (last !== undefined && RESERVED.includes(last)) {
    const named = version.roles ? [...RESERVED, '.', '..'] : RESERVED;
    errors.push(`must not end with any of the following reserved keywords: ${named.join(', ')}`);
  }
  return errors;
}

export function appViolations(app: NewApp, roles: Roles, version: MarathonVersion): Violation[] {
  const { config, id } = app;
  const found: Violation[] = [];
  const add = (path: string, error: string | undefined): void => {
    if (error === undefined) return;
    const same = found.find((violation) => violation.path === path);
    if (!same) found.push({ path, errors: [error] });
    else if (!same.errors.includes(error)) same.errors.push(error);
  };
  for (const error of idErrors(id, version)) add('/id', error);
  if (config.cmd === undefined && !config.args && !config.container) {
    add('/', "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
  } else if (config.cmd !== undefined && config.args) {
    add('/', "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
  }
  for (const constraint of config.constraints) add('/constraints', constraintError(constraint));
  const { unreachableStrategy: unreachable } = config;
  if (unreachable !== 'disabled' && unreachable.inactiveAfterSeconds > unreachable.expungeAfterSeconds) {
    const { inactiveAfterSeconds: inactive, expungeAfterSeconds: expunge } = unreachable;
    add(
      '/unreachableStrategy/inactiveAfterSeconds',
      `inactiveAfterSeconds (${inactive}) must be less or equal to expungeAfterSeconds, which is ${expunge}`,
    );
  }
  if (config.acceptedResourceRoles?.length === 0) add('/acceptedResourceRoles', 'must not be empty');
  if (version.roles) {
    const role = config.role!;
    if (!roles.valid.includes(role))
      add('/role', `got ${role}, expected one of: [${roles.valid.join(', ')}]`);
    const accepted = config.acceptedResourceRoles ?? [];
    if (!accepted.every((name) => name === '*' || name === role)) {
      add('/acceptedResourceRoles', `acceptedResourceRoles can only contain * and ${role}`);
    }
  }
  return found;
}

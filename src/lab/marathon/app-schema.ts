// The fields of an app and of a group (mesosphere/marathon: docs/docs/rest-api/public/api/v2/types/{app,group,healthCheck,check}.raml).
import type { Field } from './json-schema.ts';
import type { MarathonVersion } from './versions.ts';

const STRING: Field = { type: 'string' };
const BOOLEAN: Field = { type: 'boolean' };
const COUNT: Field = { type: 'integer', min: 0 };
const PORT: Field = { type: 'integer', min: 0, max: 65_535 };
const STRINGS: Field = { type: 'array', items: STRING };

const HEALTH_CHECK: Field = {
  type: 'object',
  fields: {
    command: { type: 'object', fields: { value: { ...STRING, required: true } } },
    gracePeriodSeconds: COUNT,
    intervalSeconds: COUNT,
    maxConsecutiveFailures: COUNT,
    timeoutSeconds: COUNT,
    delaySeconds: COUNT,
    path: STRING,
    port: PORT,
    portIndex: PORT,
    protocol: {
      type: 'string',
      oneOf: ['HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS'],
    },
    ipProtocol: { type: 'string', oneOf: ['IPv4', 'IPv6'] },
  },
};

const CHECK: Field = {
  type: 'object',
  fields: {
    exec: {
      type: 'object',
      fields: { command: { type: 'object', required: true, fields: { shell: STRING, argv: STRINGS } } },
    },
    intervalSeconds: COUNT,
    timeoutSeconds: COUNT,
    delaySeconds: COUNT,
  },
};

const FIELDS: Record<string, Field> = {
  id: STRING,
  acceptedResourceRoles: STRINGS,
  args: STRINGS,
  backoffFactor: { type: 'number', min: 1 },
  backoffSeconds: COUNT,
  cmd: { type: 'string', minLength: 1 },
  constraints: { type: 'array', items: STRINGS },
  container: { type: 'object' },
  cpus: { type: 'number', min: 0.001 },
  dependencies: STRINGS,
  disk: { type: 'number', min: 0 },
  env: { type: 'object', values: { type: 'object', orString: true } },
  executor: STRING,
  fetch: { type: 'array', items: { type: 'object' } },
  gpus: COUNT,
  healthChecks: { type: 'array', items: HEALTH_CHECK },
  instances: COUNT,
  killSelection: { type: 'string', oneOf: ['YOUNGEST_FIRST', 'OLDEST_FIRST'] },
  labels: { type: 'object', values: STRING },
  maxLaunchDelaySeconds: COUNT,
  mem: { type: 'number', min: 0 },
  networks: { type: 'array', items: { type: 'object' } },
  portDefinitions: {
    type: 'array',
    items: {
      type: 'object',
      fields: { port: PORT, protocol: STRING, name: STRING, labels: { type: 'object', values: STRING } },
    },
  },
  ports: { type: 'array', items: PORT },
  readinessChecks: { type: 'array', items: { type: 'object' } },
  requirePorts: BOOLEAN,
  secrets: { type: 'object' },
  taskKillGracePeriodSeconds: COUNT,
  unreachableStrategy: {
    type: 'object',
    orString: true,
    fields: { inactiveAfterSeconds: COUNT, expungeAfterSeconds: COUNT },
  },
  upgradeStrategy: {
    type: 'object',
    fields: {
      maximumOverCapacity: { type: 'number', min: 0, max: 1 },
      minimumHealthCapacity: { type: 'number', min: 0, max: 1 },
    },
  },
  user: STRING,
};

export function appSchema(version: MarathonVersion): Field {
  return {
    type: 'object',
    fields: {
      ...FIELDS,
      // A field that a version does not know is ignored, whatever its type (recorded with 1.7.216).
      ...(version.checks ? { check: CHECK } : {}),
      ...(version.roles ? { role: { type: 'string', minLength: 1 } } : {}),
    },
  };
}

export function groupSchema(version: MarathonVersion, depth = 0): Field {
  const app = appSchema(version);
  return {
    type: 'object',
    fields: {
      id: STRING,
      apps: {
        type: 'array',
        items: { ...app, fields: { ...app.fields, id: { ...STRING, required: true } } },
      },
      // Groups within groups; nobody nests deeper.
      ...(depth < 8 ? { groups: { type: 'array', items: groupSchema(version, depth + 1) } } : {}),
      dependencies: STRINGS,
      scaleBy: { type: 'number', min: 0 },
      version: STRING,
      ...(version.roles ? { enforceRole: BOOLEAN } : {}),
    },
  };
}

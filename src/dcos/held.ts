// Parts of an answer that need not be there, but are relied on where they are: of another kind than they should be, the answer cannot
// be used, and is said to be so, instead of being stumbled over somewhere else.
import { type Fields, inside, list, number, object, text, wrong } from './shape.ts';

/** What a date can hold, in seconds. */
const LAST_SECOND = 8.64e12;

type Place = Parameters<typeof text>[2];

/** Null is what services write for what is not there. */
function there(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

const NONE: Fields[] = [];
const OF_TASK = ['appId', 'host', 'slaveId', 'stagedAt', 'startedAt'];
const TIMES = ['stagedAt', 'startedAt'];
const EXIT_CODE = ['exitCode'];

/** Never by `delete`, after which each of thousands of objects is a slow one. */
function without(fields: Fields, name: string): void {
  if (fields[name] !== undefined) fields[name] = undefined;
}

function texts(fields: Fields, names: readonly string[], at: Place): void {
  for (const name of names) if (there(fields, name)) text(fields, name, at);
}

function numbers(fields: Fields, names: readonly string[], at: Place): void {
  for (const name of names) if (there(fields, name)) number(fields, name, at);
}

function objectIfThere(fields: Fields, name: string, at: Place): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : object(value, inside(at, name));
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectsIfThere(fields: Fields, name: string, at: Place): Fields[] {
  const found = fields[name];
  if (found === undefined || found === null) {
    without(fields, name);
    return NONE;
  }
  if (Array.isArray(found) && found.every(isObject)) return found;
  const place = inside(at, name);
  for (const value of list(found, place)) object(value, place);
  return found as Fields[];
}

/** The agent that was looked at last: where the next one has the very same part, which is read once, that need not be looked at again. */
export class Parts {
  #last: Fields = {};

  isLast(fields: Fields, name: string): boolean {
    const value = fields[name];
    return value !== undefined && value === this.#last[name];
  }

  keep(fields: Fields): void {
    this.#last = fields;
  }
}

const RESOURCES = ['resources', 'used_resources', 'unreserved_resources'];
const OF_AGENT = ['pid', 'version'];
const NUMBERS = ['port', 'registered_time', 'reregistered_time'];
const AGENT_TIMES = ['registered_time', 'reregistered_time'];
const PORTS = ['ports'];
const NAME_AND_ROLE = ['name', 'role'];

/** An agent of Mesos. @param parts those of the one before */
export function holdAgent(fields: Fields, at: Place, parts: Parts): void {
  texts(fields, OF_AGENT, at);
  fields.version ??= '';
  fields.registered_time ??= 0;
  numbers(fields, NUMBERS, at);
  for (const name of AGENT_TIMES)
    if (there(fields, name) && !(Math.abs(number(fields, name, at)) < LAST_SECOND))
      throw wrong(inside(at, name), fields[name], 'a time');
  if (!parts.isLast(fields, 'attributes')) holdAttributes(fields, at);
  for (const name of RESOURCES)
    if (!parts.isLast(fields, name))
      texts(object(fields[name] ?? {}, inside(at, name)), PORTS, inside(at, name));
  if (!parts.isLast(fields, 'reserved_resources'))
    for (const one of Object.values((fields.reserved_resources ?? {}) as Record<string, Fields>))
      texts(one, PORTS, inside(at, 'reserved_resources'));
  const drain = objectIfThere(fields, 'drain_info', at);
  if (drain) texts(drain, ['state'], inside(at, 'drain_info'));
  else without(fields, 'drain_info');
  if (parts.isLast(fields, 'used_resources_full')) return;
  for (const item of objectsIfThere(fields, 'used_resources_full', at)) {
    texts(item, NAME_AND_ROLE, at);
    const scalar = objectIfThere(item, 'scalar', at);
    if (scalar) number(scalar, 'value', at);
  }
}

function holdAttributes(fields: Fields, at: Place): void {
  const attributes = (fields.attributes ?? {}) as Fields;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw wrong(inside(inside(at, 'attributes'), name), value, 'a text or a number');
  }
}

/** The time that was looked at last: many tasks have the same. */
let lastTime = '';

function isTime(text: string): boolean {
  if (text === lastTime) return true;
  if (Number.isNaN(Date.parse(text))) return false;
  lastTime = text;
  return true;
}

/** A task of Marathon. */
export function holdTask(fields: Fields, at: Place): void {
  texts(fields, OF_TASK, at);
  // Of a time that is none nothing can be said.
  for (const name of TIMES) if (there(fields, name) && !isTime(text(fields, name, at))) without(fields, name);
  if (fields.appId === undefined || fields.appId === null) fields.appId = '';
  const result = objectIfThere(fields, 'checkResult', at);
  const command = result && objectIfThere(result, 'command', at);
  if (command) numbers(command, EXIT_CODE, at);
  for (const { ipAddress } of objectsIfThere(fields, 'ipAddresses', at))
    if (typeof ipAddress !== 'string') throw wrong(inside(at, 'ipAddresses'), ipAddress, 'a text');
  // Marathon writes null for a check that has not run yet.
  const results = fields.healthCheckResults;
  if (Array.isArray(results) && results.includes(null))
    fields.healthCheckResults = results.filter((result) => result !== null);
  objectsIfThere(fields, 'healthCheckResults', at);
  if (there(fields, 'ports') && !Array.isArray(fields.ports)) list(fields.ports, inside(at, 'ports'));
}

/** An app of Marathon. What an environment takes from a secret store is no text, and says nothing here. */
export function holdApp(fields: Fields, at: Place): void {
  texts(fields, ['version', 'cmd', 'user', 'role'], at);
  if (!there(fields, 'version')) throw wrong(inside(at, 'version'), fields.version, 'a text');
  numbers(fields, ['tasksStaged', 'tasksRunning', 'tasksHealthy', 'tasksUnhealthy'], at);
  const { env } = fields as { env: Fields };
  fields.env = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
  const versions = objectIfThere(fields, 'versionInfo', at);
  if (versions) texts(versions, ['lastScalingAt', 'lastConfigChangeAt'], inside(at, 'versionInfo'));
  else without(fields, 'versionInfo');
  if (there(fields, 'constraints')) {
    const place = inside(at, 'constraints');
    for (const one of list(fields.constraints, place))
      for (const word of list(one, place)) if (typeof word !== 'string') throw wrong(place, word, 'a text');
  } else fields.constraints = [];
  for (const { id } of objectsIfThere(fields, 'deployments', at))
    if (typeof id !== 'string') throw wrong(inside(at, 'deployments'), id, 'a text');
  const failure = objectIfThere(fields, 'lastTaskFailure', at);
  if (failure)
    texts(
      failure,
      ['host', 'message', 'slaveId', 'state', 'taskId', 'timestamp', 'version'],
      inside(at, 'lastTaskFailure'),
    );
  else without(fields, 'lastTaskFailure');
}

export function holdDeployment(fields: Fields, at: Place): void {
  texts(fields, ['version'], at);
  numbers(fields, ['currentStep', 'totalSteps'], at);
  for (const action of objectsIfThere(fields, 'currentActions', at)) texts(action, ['action', 'app'], at);
}

/** What waits in Marathon's queue. */
export function holdQueueItem(fields: Fields, at: Place): void {
  texts(objectIfThere(fields, 'app', at) ?? {}, ['id'], inside(at, 'app'));
  texts(fields, ['since'], at);
  const summary = objectIfThere(fields, 'processedOffersSummary', at) ?? {};
  for (const one of objectsIfThere(summary, 'rejectSummaryLastOffers', at)) {
    texts(one, ['reason'], at);
    numbers(one, ['declined', 'processed'], at);
  }
  for (const one of objectsIfThere(fields, 'lastUnusedOffers', at)) {
    texts(object(one.offer, inside(at, 'offer')), ['hostname', 'agentId'], at);
    for (const reason of list(one.reason, inside(at, 'reason')))
      if (typeof reason !== 'string') throw wrong(inside(at, 'reason'), reason, 'a text');
  }
}

// Parts of an answer that need not be there, but are relied on where they are: of another kind than they should be, the answer cannot
// be used, and is said to be so, instead of being stumbled over somewhere else.
import { type Fields, inside, list, number, object, type Place, text, wrong } from './shape.ts';

/** What a date can hold, in seconds. */
export const LAST_SECOND = 8.64e12;

/** Null is what services write for what is not there. */
export function there(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

const NONE: Fields[] = [];
const OF_TASK = ['appId', 'host', 'slaveId', 'stagedAt', 'startedAt'];
const TIMES = ['stagedAt', 'startedAt'];
const EXIT_CODE = ['exitCode'];

/** Never by `delete`, after which each of thousands of objects is a slow one. */
export function without(fields: Fields, name: string): void {
  if (fields[name] !== undefined) fields[name] = undefined;
}

export function texts(fields: Fields, names: readonly string[], at: Place): void {
  for (const name of names) if (there(fields, name)) text(fields, name, at);
}

export function numbers(fields: Fields, names: readonly string[], at: Place): void {
  for (const name of names) if (there(fields, name)) number(fields, name, at);
}

export function objectIfThere(fields: Fields, name: string, at: Place): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : object(value, inside(at, name));
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function objectsIfThere(fields: Fields, name: string, at: Place): Fields[] {
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
